import Foundation
import Learners
import Server
import Testing

/// Ranges over HTTP: the same on every way.
@Suite struct IntervalTests {
  private struct Row: Decodable {
    struct Interval: Decodable, Equatable {
      let low: Double
      let high: Double
    }
    let price: Double
    let interval: Interval?
  }

  private struct Body: Decodable {
    let predictions: [Row]
    let interval: Double?
  }

  private struct Inference: Decodable {
    struct Output: Decodable {
      let name: String
      let data: [Double]
    }
    let outputs: [Output]
  }

  private static let row = #"{"size":17,"kind":"castle","noise":3.5}"#

  private func expected(_ scene: Scene, level: Double) throws -> [Row.Interval] {
    let table = Table(columns: [
      Column(name: "size", values: .numeric([17, .nan])), Column(name: "kind", texts: ["castle", nil]),
      Column(name: "noise", values: .numeric([3.5, .nan])),
    ])
    let model = try scene.model.model
    let data = try FeatureColumns(table, features: model.pipeline.features)
    return try model.ranges(of: data, predictions: model.predict(data), level: level)
      .map { Row.Interval(low: $0.lowerBound, high: $0.upperBound) }
  }

  @Test func everyWayTellsTheSameRange() throws {
    let scene = try Scene(models: ["best": "ranges"])
    let expected = try expected(scene, level: 0.9)
    let answer = try scene.ask("POST", "/api/predict?interval=0.9", #"{"instances":[\#(Self.row),{}]}"#)
    let body = try JSONDecoder().decode(Body.self, from: Data(answer.body))
    #expect(body.interval == 0.9 && body.predictions.map(\.interval) == expected)
    #expect(expected[0].low < body.predictions[0].price && body.predictions[0].price < expected[0].high)
    let line = try scene.ask("POST", "/api/predict/stream?interval=0.9&model=best", Self.row + "\n").text
    #expect(try JSONDecoder().decode(Row.self, from: Data(line.utf8)).interval == expected[0])
    let inputs =
      #"{"name":"size","shape":[1],"datatype":"FP64","data":[17]},{"name":"noise","shape":[1],"datatype":"FP64","data":[3.5]},"#
      + #"{"name":"kind","shape":[1],"datatype":"BYTES","data":["castle"]}"#
    let inferred = try scene.ask(
      "POST", "/v2/models/best/infer", #"{"inputs":[\#(inputs)],"parameters":{"interval":0.9}}"#)
    let outputs = try JSONDecoder().decode(Inference.self, from: Data(inferred.body)).outputs
    #expect(outputs.map(\.name) == ["price", "price_low", "price_high"])
    #expect(outputs.map(\.data) == [[body.predictions[0].price], [expected[0].low], [expected[0].high]])
  }

  @Test func whoDoesNotAskGetsNone() throws {
    let scene = try Scene(models: ["best": "ranges"])
    let answer = try scene.ask("POST", "/api/predict", #"{"instances":[\#(Self.row)]}"#)
    #expect(!answer.text.contains("interval"))
    let described = try scene.ask("GET", "/api/model").json
    #expect(try abs(#require(described["highest_interval"] as? Double) - (1 - 2 / 201.0)) < 1e-12)
  }

  /// What a client may ask by the description of the server is answered, to the last bit.
  @Test func theDescriptionSaysWhichSharesAreTold() throws {
    let scene = try Scene(models: ["best": "ranges"])
    struct Description: Decodable {
      struct Components: Decodable { let parameters: [String: Parameter] }
      struct Parameter: Decodable { let schema: Schema }
      struct Schema: Decodable { let maximum: Double? }
      let components: Components
    }
    let described = try scene.ask("GET", "/openapi.json")
    let parameters = try JSONDecoder().decode(Description.self, from: Data(described.body)).components.parameters
    let highest = try #require(parameters["Interval"]?.schema.maximum)
    #expect(try scene.ask("POST", "/api/predict?interval=\(highest)", #"{"instances":[{}]}"#).status == 200)
    #expect(try scene.ask("POST", "/api/predict?interval=\(highest.nextUp)", #"{"instances":[{}]}"#).status == 400)
  }

  @Test func thePageShowsEightOfTen() throws {
    let scene = try Scene(models: ["best": "ranges"])
    let page = try scene.ask("GET", "/predict?size=17&kind=castle&noise=3.5").text
    #expect(page.contains("data-interval=\"0.8\"") && page.contains("80 % are expected between"))
    #expect(!page.contains("8 of 10 with such a prediction have"))
  }

  @Test(
    arguments: [
      "interval=1", "interval=0", "interval=-0.5", "interval=nan", "interval=ninety", "interval=",
      "interval=0.9&interval=0.8", "interval=0.999",
    ])
  func aShareThatIsNoneIsRefused(query: String) throws {
    let scene = try Scene(models: ["best": "ranges"])
    let answer = try scene.ask("POST", "/api/predict?\(query)", #"{"instances":[{}]}"#)
    #expect(answer.status == 400)
    #expect((answer.json["errors"] as? [[String: String]])?.first?["path"] == "interval")
    let bare = try Scene(models: ["best": "ridge"])
    #expect(try bare.ask("POST", "/api/predict?interval=0.9", #"{"instances":[]}"#).status == 400)
    #expect(try bare.ask("POST", "/api/predict/stream?interval=0.9", "{}\n").status == 400)
  }
}
