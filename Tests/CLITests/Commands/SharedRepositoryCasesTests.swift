import Foundation
import TestSupport
import Testing

/// The small inputs that showed faults, and the right values beside them, where they are.
@Suite(.enabled(if: SharedCases.arePresent, "needs ../shared/cases"))
struct SharedRepositoryCasesTests {
  private func fit(
    _ file: String, in folder: TemporaryFolder, _ options: [String]
  ) throws -> (models: [String: Double], result: Program.Result) {
    let result = try folder.run(["fit", "--data", SharedCases.path(file), "--json"] + options)
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let models = (report?["models"] as? [[String: Any]] ?? []).compactMap { model in
      (model["name"] as? String).map { ($0, model["r2"] as? Double ?? .nan) }
    }
    return (Dictionary(uniqueKeysWithValues: models), result)
  }

  private func predictions(_ file: String, in folder: TemporaryFolder) throws -> [String] {
    let result = try folder.run(
      "predict", "--model", "models/ridge.safetensors", "--data", SharedCases.path("repositories/\(file)"),
      "--collected-at", "2024-01-01T00:00:00Z")
    #expect(result.status == 0, "\(result.errors)")
    return result.output.split(separator: "\n").dropFirst().map { String($0.split(separator: ",")[1]) }
  }

  @Test func theLicenceOfPandasIsThatOfGitHub() throws {
    let folder = try TemporaryFolder()
    let (models, _) = try fit("repositories/lic.json", in: folder, ["--model", "ridge"])
    #expect(models["ridge"] ?? 0 > 0.9998)
    let result = try folder.run(
      "evaluate", "--model", "models/ridge.safetensors", "--data", SharedCases.path("repositories/lic_pandas.csv"),
      "--json")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect(report?["r2"] as? Double ?? 0 > 0.9998, "\(result.output) \(result.errors)")
  }

  @Test func aRankIsWarnedOf() throws {
    let folder = try TemporaryFolder()
    let first = try fit("repositories/r4_ranking.csv", in: folder, ["--target", "stars", "--model", "boosting"])
    #expect(first.result.errors.contains("warning: column rank looks like a leak"), "\(first.result.errors)")
    let second = try fit(
      "repositories/r4_ranking.csv", in: folder, ["--target", "stars", "--model", "boosting", "--drop", "rank"])
    #expect(!second.result.errors.contains("leak"))
    #expect(second.models["boosting"] ?? 1 < 0.7, "\(second.models)")
  }

  /// All forms of the same repositories: as many rows, and the same predictions as far as they tell the same.
  @Test func everyFormOfRepositoriesIsRead() throws {
    let folder = try TemporaryFolder()
    for (file, rows) in [
      ("paginate_concat", 60), ("paginate_slurp", 60), ("gh_repo_list", 60), ("graphql_search", 60),
      ("starred_star_json", 20),
    ] {
      let result = try folder.run(
        "fit", "--data", SharedCases.path("repositories/\(file).json"), "--model", "mean", "--json")
      let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      #expect((report?["data"] as? [String: Any])?["rows"] as? Int == rows, "\(file): \(result.errors)")
    }
    _ = try fit("repositories/paginate_slurp.json", in: folder, ["--model", "ridge"])
    #expect(try predictions("paginate_concat.json", in: folder) == predictions("paginate_slurp.json", in: folder))
    #expect(try predictions("gh_repo_list.json", in: folder) == predictions("graphql_search.json", in: folder))
    #expect(
      try predictions("starred_star_json.json", in: folder)
        == Array(predictions("paginate_slurp.json", in: folder).prefix(20)))
  }

  @Test func whatIsNoRepositoryIsNotPredicted() throws {
    let folder = try TemporaryFolder()
    _ = try fit("repositories/lic.json", in: folder, ["--model", "ridge"])
    try folder.write("foo.json", #"[{"foo":1},{"foo":2}]"#)
    let result = try folder.run("predict", "--model", "models/ridge.safetensors", "--data", "foo.json")
    #expect(result.status == 65 && result.output.isEmpty, "\(result.errors)")
  }

  @Test(arguments: ["leak_round0", "leak_neg", "leak_log", "leak_code", "leak_copy_missing"])
  func leaksAreWarnedOf(_ name: String) throws {
    let folder = try TemporaryFolder()
    let found = try fit("models/\(name).csv", in: folder, ["--target", "y", "--model", "mean"])
    #expect(
      found.result.status == 0 && found.result.errors.contains("column leak looks like a leak"),
      "\(found.result.errors)")
    let dropped = try fit("models/\(name).csv", in: folder, ["--target", "y", "--model", "mean", "--drop", "leak"])
    #expect(!dropped.result.errors.contains("leak"), "\(dropped.result.errors)")
  }

  @Test func anHonestLagPasses() throws {
    let folder = try TemporaryFolder()
    let found = try fit("models/leak_honestlag.csv", in: folder, ["--target", "y", "--model", "mean"])
    #expect(found.result.status == 0 && !found.result.errors.contains("leak"), "\(found.result.errors)")
  }

  @Test func copiesOfRowsAreTold() throws {
    let folder = try TemporaryFolder()
    let found = try fit("models/dups.csv", in: folder, ["--target", "y", "--model", "mean"])
    #expect(
      found.result.errors.contains("exact duplicates of a row in another fold (240 could go)"), "\(found.result.errors)"
    )
    #expect(!found.result.errors.contains("leak"), "\(found.result.errors)")
  }

  @Test func aBadTargetIsInItsLine() throws {
    let folder = try TemporaryFolder()
    let result = try folder.run(
      "fit", "--data", SharedCases.path("models/rownum.csv"), "--target", "y", "--model", "boosting", "--set",
      "boosting.loss=poisson", "--target-transform", "none")
    #expect(result.status == 65 && result.errors.contains("line 14"), "\(result.errors)")
  }

  @Test func aTargetWithACommaIsQuoted() throws {
    let folder = try TemporaryFolder()
    let path = SharedCases.path("tables/target_comma.csv")
    #expect(try folder.run("fit", "--data", path, "--model", "ridge").status == 0)
    let result = try folder.run("predict", "--model", "models/ridge.safetensors", "--data", path)
    #expect(result.output.hasPrefix("row,\"price, EUR\"\n"), "\(result.output.prefix(40))")
  }
}

/// Inputs beside the checkout, or where LEARNERS_SHARED says.
private enum SharedCases {
  private static let folder =
    ProcessInfo.processInfo.environment["LEARNERS_SHARED"].map { URL(filePath: $0) }
    ?? (0..<5).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }.appending(path: "shared")

  static let arePresent = FileManager.default.fileExists(atPath: path("repositories/lic.json"))

  static func path(_ name: String) -> String { folder.appending(path: "cases/\(name)").path() }
}
