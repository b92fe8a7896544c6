import Foundation
import Learners
import Linalg
import Server
import Testing

@Suite struct PredictTests {
  @Test func predictsWhatTheModelPredicts() throws {
    let scene = try Scene()
    let answer = try scene.ask(
      "POST", "/api/predict",
      #"{"instances":[{"size":17,"kind":"castle","noise":3.5},{"noise":1e1,"kind":"flat","size":-2}]}"#)
    #expect(answer.status == 200)
    let predictions = answer.predictions()
    let table = Table(columns: [
      Column(name: "size", values: .numeric([17, -2])), Column(name: "kind", texts: ["castle", "flat"]),
      Column(name: "noise", values: .numeric([3.5, 10])),
    ])
    let model = try scene.model
    let expected = try model.model.predict(FeatureColumns(table, features: model.features))
    #expect(predictions == expected)
    let identity = try #require(answer.json["model"] as? [String: String])
    #expect(identity == ["name": "best", "version": model.version, "sha256": model.sha256])
    #expect(answer.json["warnings"] == nil)
  }

  /// All levels, not only the one that is the prediction, and the same as `learners predict` has.
  @Test func everyQuantileIsThere() throws {
    struct Body: Decodable {
      struct Row: Decodable {
        let price: Double
        let quantiles: [String: Double]
      }
      let predictions: [Row]
    }
    struct Ranking: Decodable {
      struct Row: Decodable { let quantiles: [String: Double] }
      let ranking: [Row]
    }
    let scene = try Scene(models: ["best": "quantiles"])
    let row = #"{"size":17,"kind":"castle","noise":3.5}"#
    let answer = try scene.ask("POST", "/api/predict", #"{"instances":[\#(row),{}]}"#)
    let rows = try JSONDecoder().decode(Body.self, from: Data(answer.body)).predictions
    let table = Table(columns: [
      Column(name: "size", values: .numeric([17, .nan])), Column(name: "kind", texts: ["castle", nil]),
      Column(name: "noise", values: .numeric([3.5, .nan])),
    ])
    let model = try scene.model
    let expected = try model.model.predictQuantiles(FeatureColumns(table, features: model.features))
    #expect(rows.count == 2)
    for (place, row) in rows.enumerated() {
      #expect(["0.1", "0.5", "0.9"].map { row.quantiles[$0] } == Array(expected.row(place)))
      #expect(row.quantiles["0.5"] == row.price)
    }
    let line = try scene.ask("POST", "/api/predict/stream", row + "\n").text
    #expect(try JSONDecoder().decode(Body.Row.self, from: Data(line.utf8)).quantiles == rows[0].quantiles)
    let ranked = try scene.ask("POST", "/api/rank", #"{"instances":[\#(row)]}"#).body
    #expect(try JSONDecoder().decode(Ranking.self, from: Data(ranked)).ranking.map(\.quantiles) == [rows[0].quantiles])
    #expect(try scene.ask("GET", "/api/model").json["quantile_levels"] as? [Double] == [0.1, 0.5, 0.9])
    let schemas = try scene.ask("GET", "/openapi.json").text
    #expect(schemas.contains(#""quantiles":{"type":"object","required":["0.1","0.5","0.9"]"#))
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[]}"#).status == 200)
  }

  /// Answers with two members of one name would be read by each client as it likes.
  @Test func aTargetIsNotCalledAsItsQuantilesAre() throws {
    let scene = try Scene()
    let file = scene.folder.appending(path: "best.safetensors")
    try Scene.write("quantiles", to: file, target: "quantiles")
    let refusal = try #require(throws: ModelRefusal.self) { try scene.shelf.load("best") }
    #expect(refusal.reason.contains("rename the column"))
    try Scene.write("ridge", to: file, target: "quantiles")
    try scene.shelf.load("best")
    let answer = try scene.ask("POST", "/api/predict", #"{"instances":[{}]}"#)
    #expect(answer.predictions("quantiles")?.count == 1)
  }

  /// In a line of a stream the target and the warnings are side by side.
  @Test func aTargetMayBeCalledWarnings() throws {
    let scene = try Scene()
    try Scene.write("ridge", to: scene.folder.appending(path: "best.safetensors"), target: "warnings")
    try scene.shelf.load("best")
    let line = try scene.ask("POST", "/api/predict/stream", #"{"size":1}"#)
    #expect(line.json["warnings"] is Double && (line.json["row_warnings"] as? [Any])?.count == 2)
    let answer = try scene.ask("POST", "/api/predict", #"{"instances":[{"size":1}]}"#)
    #expect(answer.predictions("warnings")?.count == 1 && (answer.json["warnings"] as? [Any])?.count == 2)
    #expect(try scene.ask("GET", "/openapi.json").text.contains(#""row_warnings":{"type":"array""#))
  }

  /// Programs on Windows like to put a mark before a text; JSON has none.
  @Test func aByteOrderMarkIsNamed() throws {
    let scene = try Scene()
    let answer = try scene.ask("POST", "/api/predict", "\u{feff}" + #"{"instances":[{}]}"#)
    #expect(answer.status == 400 && answer.text.contains("byte order mark"))
    let lines = try scene.ask("POST", "/api/predict/stream", "\u{feff}{}\r\n{}\r\n").text.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("byte order mark") && lines[1].contains("price"))
  }

  @Test func namesTheValueThatIsWrong() throws {
    let scene = try Scene()
    let answer = try scene.ask("POST", "/api/predict", #"{"instances":[{},{"size":"big"}]}"#)
    #expect(answer.status == 422)
    #expect(answer.headers["content-type"] == "application/problem+json")
    let faults = try #require(answer.json["errors"] as? [[String: String]])
    #expect(faults.first?["path"] == "instances[1].size")
  }

  @Test func tellsThatItIsWell() throws {
    let scene = try Scene()
    #expect(try scene.ask("GET", "/healthz").status == 200)
    #expect(try scene.ask("GET", "/api/model").json["learner"] as? String == "ridge")
  }
}
