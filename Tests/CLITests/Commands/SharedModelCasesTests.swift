import Foundation
import TestSupport
import Testing

/// Small tables outside of the repository that once gave wrong answers, with what is right. Skipped where they are absent.
@Suite(.enabled(if: SharedModelCases.arePresent, "needs the tables in ../shared/cases/models"))
struct SharedModelCasesTests {
  @Test func levelsOfFewRowsAreLearned() throws {
    let result = try SharedModelCases.fit(
      "twocats.csv", "--target", "y", "--model", "mean,ridge,svr,mlp,forest", "--cv", "3")
    for model in ["ridge", "svr", "mlp", "forest"] { #expect(try result.score(of: model) > 0.9, "\(model)") }
    let few = try SharedModelCases.fit("cat120x15.csv", "--target", "y", "--model", "ridge")
    #expect(try few.score(of: "ridge") > 0.999, "scikit-learn's one-hot ridge reaches 0.9996")
  }

  @Test func whatIsLinearStaysLinear() throws {
    let fibonacci = try SharedModelCases.fit("fib.csv", "--target", "y", "--model", "mean,ridge", "--cv", "3")
    #expect(try fibonacci.score(of: "ridge") > 0.999)
    let predictions = try fibonacci.predictions(of: "ridge", for: "fib.csv")
    let right: [Double] = [-98, -96, -94, -90, -84, -74, -58, -32, 10, 78, 188, 366]
    #expect(zip(predictions, right).allSatisfy { abs($0 - $1) < 0.01 } && predictions.count == right.count)
    let heavy = try SharedModelCases.fit(
      "lin_heavy_pos.csv", "--target", "y", "--model", "ridge", "--target-transform", "none")
    #expect(try heavy.score(of: "ridge") > 0.9999)
    let area = try SharedModelCases.fit("lin_area.csv", "--target", "y", "--model", "ridge")
    #expect(try area.score(of: "ridge") > 0.975, "scikit-learn reaches 0.978")
  }

  /// R² of ln(1 + y) computed here from the out-of-fold predictions, and of two tables the figures themselves.
  @Test func theScoreOfLogarithmsIsThatOfLogarithms() throws {
    for (file, models) in [("returns10.csv", "mean,ridge"), ("returns.csv", "mean,ridge,svr")] {
      let result = try SharedModelCases.fit(
        file, "--target", file == "returns.csv" ? "ret" : "y", "--model", models, "--target-transform", "log1p")
      let rows = try result.outOfFold()
      for model in models.split(separator: ",").map(String.init) {
        let (targets, predictions) = (rows["target"] ?? [], rows[model] ?? [])
        let (t, p) = (targets.map { log(1 + $0) }, predictions.map { log(1 + $0) })
        let mean = t.reduce(0, +) / Double(t.count)
        let errors = zip(t, p).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let expected = 1 - errors / t.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        #expect(abs(try result.score(of: model, "r2_transformed") - expected) < 1e-6, "\(file), \(model)")
      }
    }
  }
}

/// A run of `fit` on one of the tables.
struct SharedModelCases {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/cases/models").standardizedFileURL

  static let arePresent = FileManager.default.fileExists(atPath: folder.path())

  private let temporary: TemporaryFolder
  private let models: [[String: Any]]

  static func fit(_ file: String, _ options: String...) throws -> SharedModelCases {
    let temporary = try TemporaryFolder()
    let result = try temporary.run(
      ["fit", "--data", folder.appending(path: file).path(), "--json", "--oof", "oof.csv"] + options)
    #expect(result.status == 0, "\(result.errors)")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    return SharedModelCases(temporary: temporary, models: try #require(report?["models"] as? [[String: Any]]))
  }

  func score(of model: String, _ key: String = "r2") throws -> Double {
    try #require(models.first { $0["name"] as? String == model }?[key] as? Double)
  }

  func predictions(of model: String, for file: String) throws -> [Double] {
    let result = try temporary.run(
      "predict", "--model", "models/\(model).safetensors", "--data", Self.folder.appending(path: file).path(),
      "--out", "predictions.csv")
    #expect(result.status == 0, "\(result.errors)")
    let lines = String(decoding: try temporary.read("predictions.csv"), as: UTF8.self).split(separator: "\n")
    return lines.dropFirst().compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
  }

  /// The columns of the file of out-of-fold predictions.
  func outOfFold() throws -> [String: [Double]] {
    let lines = String(decoding: try temporary.read("oof.csv"), as: UTF8.self).split(separator: "\n")
    let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    let names = lines[0].split(separator: ",").map(String.init)
    return Dictionary(uniqueKeysWithValues: names.enumerated().map { index, name in (name, rows.map { $0[index] }) })
  }
}
