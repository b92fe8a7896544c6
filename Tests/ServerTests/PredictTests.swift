import Learners
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
