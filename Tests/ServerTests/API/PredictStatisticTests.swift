import Foundation
import NIOHTTP1
import Server
import Testing

/// Means and medians over HTTP.
@Suite struct PredictStatisticTests {
  private static let body = #"{"instances":[{"size":17,"kind":"castle","noise":3},{"size":60}]}"#

  private func prices(_ scene: Scene, _ query: String) throws -> [Double] {
    let answer = try scene.ask("POST", "/api/predict\(query)", Self.body)
    #expect(answer.status == 200)
    return (answer.json["predictions"] as? [[String: Any]] ?? []).compactMap { $0["price"] as? Double }
  }

  @Test func meansAreGivenWhereTheyAreAskedFor() throws {
    let scene = try Scene(models: ["best": "medians"])
    let (plain, medians, means) = (
      try prices(scene, ""), try prices(scene, "?predict=median"), try prices(scene, "?predict=mean&model=best")
    )
    #expect(plain.count == 2 && plain == medians)
    for (median, mean) in zip(medians, means) { #expect(abs(1 + mean - 1.5 * (1 + median)) < 1e-9 * mean) }
    #expect(try scene.ask("POST", "/api/predict?predict=mean", Self.body).json["predict"] as? String == "mean")
    #expect(try scene.ask("POST", "/api/predict", Self.body).json["predict"] == nil)
    let described = try scene.ask("GET", "/api/model").json
    #expect(described["predicts"] as? String == "median" && described["can_predict_means"] as? Bool == true)
  }

  @Test func whatAModelCannotGiveIsRefused() throws {
    let scene = try Scene(models: ["best": "ridge", "quantiles": "quantiles"])
    #expect(try scene.ask("GET", "/api/model").json["predicts"] as? String == "mean")
    #expect(try prices(scene, "?predict=mean") == prices(scene, ""))
    for query in [
      "predict=median", "predict=mode", "predict=", "predict=mean&predict=mean", "model=quantiles&predict=mean",
    ] {
      let answer = try scene.ask("POST", "/api/predict?\(query)", Self.body)
      #expect(answer.status == 400, "\(query)")
      #expect((answer.json["errors"] as? [[String: String]])?.first?["path"] == "predict", "\(query)")
    }
    // Other routes have no such parameter.
    #expect(try scene.ask("GET", "/api/model?predict=mean").status == 400)
  }
}
