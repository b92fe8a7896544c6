import Foundation
import TestSupport
import Testing

/// Small tables whose right answers are known, ../shared/cases/models; skipped where they are not there.
@Suite struct ModelRulesCasesTests {
  private static let cases = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../../shared/cases/models")

  private static func path(_ name: String) -> String? {
    let path = cases.appending(path: name).path
    guard FileManager.default.fileExists(atPath: path) else {
      print("skipped: there is no ../shared/cases/models/\(name)")
      return nil
    }
    return path
  }

  private func fit(_ folder: TemporaryFolder, _ data: String, _ arguments: String...) throws -> [String: Any] {
    let result = try folder.run(["fit", "--data", data, "--json"] + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  private func model(_ report: [String: Any], _ name: String) throws -> [String: Any] {
    try #require((report["models"] as? [[String: Any]])?.first { $0["name"] as? String == name })
  }

  /// Sum of the predictions for the rows of a table.
  private func total(_ folder: TemporaryFolder, _ model: String, _ data: String, _ arguments: String...) throws
    -> Double
  {
    let result = try folder.run(["predict", "--model", "models/\(model).safetensors", "--data", data] + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return result.output.split(separator: "\n").dropFirst().reduce(0) {
      $0 + (Double($1.split(separator: ",")[1]) ?? .nan)
    }
  }

  private func targets(_ path: String) throws -> Double {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst().reduce(0) {
      $0 + (Double($1.split(separator: ",").last ?? "") ?? .nan)
    }
  }

  @Test func totalsOfCountsAreRight() throws {
    guard let data = Self.path("poismin.csv") else { return }
    let folder = try TemporaryFolder()
    for settings in [["--target-transform", "none"], []] {
      let arguments = ["--model", "boosting", "--set", "boosting.loss=poisson"] + settings
      let result = try folder.run(["fit", "--data", data] + arguments)
      try #require(result.status == 0, "\(result.errors)")
      let total = try total(folder, "boosting", data)
      #expect(abs(total - 53) < 0.5, "\(total)")
    }
  }

  /// The automatic logarithm of the target is off for a loss that has its own, and refused where it is asked for.
  @Test func oneLogarithmIsEnough() throws {
    guard let data = Self.path("zinf.csv") else { return }
    let folder = try TemporaryFolder()
    let arguments = ["fit", "--data", data, "--model", "mean,boosting", "--set", "boosting.loss=tweedie"]
    let result = try folder.run(arguments)
    #expect(
      result.status == 0 && result.errors.contains("boosting: the loss has a logarithm of its own"), "\(result.errors)")
    let ratio = try total(folder, "boosting", data) / targets(data)
    #expect(abs(ratio - 1) < 0.01, "\(ratio)")
    let refused = try folder.run(arguments + ["--target-transform", "log1p"])
    #expect(refused.status == 64 && refused.errors.contains("log1p: boosting"), "\(refused.errors)")
  }

  @Test func aModelThatGoesOnReachesTheNewTargets() throws {
    guard let old = Self.path("cont_y1.csv"), let new = Self.path("cont_y2.csv") else { return }
    let folder = try TemporaryFolder()
    _ = try fit(
      folder, old, "--model", "boosting", "--set", "boosting.folds=0", "--set", "boosting.maxIterations=100")
    let longer = try folder.run(
      "continue", "--model", "models/boosting.safetensors", "--data", new, "--iterations", "400", "--out",
      "longer.safetensors")
    #expect(longer.status == 0, "\(longer.errors)")
    let result = try folder.run("evaluate", "--model", "longer.safetensors", "--data", new, "--json")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect(try #require((report?["scores"] as? [String: Any])?["r2"] as? Double) > 0.999)
  }

  @Test func foldsOfOneRowHaveNoDeviation() throws {
    guard let data = Self.path("few20.csv") else { return }
    let folder = try TemporaryFolder()
    let report = try fit(folder, data, "--cv", "20", "--model", "mean,ridge")
    for name in ["mean", "ridge"] {
      let model = try model(report, name)
      #expect(model["r2_sd"] is NSNull && model["r2_transformed_sd"] is NSNull && model["r2"] is Double, "\(name)")
    }
    #expect(try model(report, "mean")["spearman"] is NSNull)
    let table = try folder.run("fit", "--data", data, "--cv", "20", "--model", "mean,ridge").output
    #expect(table.contains("± –") && !table.contains("± 0.0000"), "\(table)")
    // Five folds have figures, and the baseline still has no order.
    let five = try fit(folder, data, "--model", "mean,ridge")
    #expect(try model(five, "mean")["spearman"] is NSNull && model(five, "ridge")["r2_sd"] is Double)
  }

  @Test func quantilesAreRankedByTheirLoss() throws {
    guard let data = Self.path("quant.csv") else { return }
    let folder = try TemporaryFolder()
    let settings = [
      "loss=quantile", "quantile=0.95", "minSamplesLeaf=5,20,100,400", "maxLeaves=2,8,31", "folds=1",
    ].flatMap { ["--set", "boosting.\($0)"] }
    let result = try folder.run(["fit", "--data", data, "--model", "boosting", "--json"] + settings)
    try #require(result.status == 0, "\(result.errors)")
    let report = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let model = try model(report, "boosting")
    #expect(report["ranked_by"] as? String == "pinball" && model["predicts"] as? String == "quantile 0.95")
    let grid = try #require(model["grid"] as? [[String: Any]])
    let best = grid.compactMap { $0["pinball"] as? Double }.min()
    let pinball = try #require(model["pinball"] as? Double)
    #expect(grid.count == 12 && pinball == best && abs(pinball - 0.4109) < 0.005, "\(pinball)")
    #expect(abs(try #require(model["coverage"] as? Double) - 0.947) < 0.01)
    let evaluated = try folder.run("evaluate", "--model", "models/best.safetensors", "--data", data)
    #expect(evaluated.output.contains("pinball loss of quantile 0.95"), "\(evaluated.output)")
  }

  /// Sums of means are right; of trees on their own training rows they are too large, for these have seen the answers.
  @Test func meansAddUpWhereTheyAreAskedFor() throws {
    guard let data = Self.path("smear.csv") else { return }
    let folder = try TemporaryFolder()
    let result = try folder.run("fit", "--data", data, "--model", "mean,ridge,svr,boosting,mlp")
    try #require(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("medians") && result.output.contains("--predict mean"), "\(result.output)")
    let sum = try targets(data)
    for name in ["best", "mean", "ridge", "svr", "boosting", "mlp"] {
      #expect(try total(folder, name, data) / sum < 0.75, "\(name)")
      let ratio = try total(folder, name, data, "--predict", "mean") / sum
      #expect(abs(ratio - 1) < (name == "boosting" ? 0.05 : 0.03), "\(name): \(ratio)")
      #expect(try total(folder, name, data, "--predict", "median") == total(folder, name, data))
    }
    let card = try folder.run("inspect", "--model", "models/ridge.safetensors").output
    #expect(card.contains("median of y, fitted on ln(1 + y") && card.contains(" + median"), "\(card)")
    let scores = try folder.run(
      "evaluate", "--model", "models/ridge.safetensors", "--data", data, "--predict", "mean", "--json")
    let report = try JSONSerialization.jsonObject(with: Data(scores.output.utf8)) as? [String: Any]
    #expect(abs(try #require(report?["total_ratio"] as? Double) - 1) < 0.03 && report?["predict"] as? String == "mean")
  }
}
