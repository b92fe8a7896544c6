import Foundation
import TestSupport
import Testing

/// Lists in `--set`.
@Suite struct GridTests {
  private func report(_ result: Program.Result) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test func theBestOfAListIsKept() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 90))
    let result = try folder.run(
      "fit", "--data", "data.csv", "--model", "mean,ridge", "--cv", "3", "--json", "--oof", "oof.csv",
      "--set", "ridge.alpha=100000,1,1.0,1e9")
    #expect(result.status == 0, "\(result.errors)")
    let report = try report(result)
    let fits = try #require(report["fits"] as? [String: Int])
    // 1 + 4 settings in 3 folds and two refits; one fit of ridge a fold gives all penalties.
    #expect(fits == ["asked": 17, "done": 8])
    let models = try #require(report["models"] as? [[String: Any]])
    let ridge = try #require(models.last)
    #expect(models[0]["grid"] == nil)
    #expect((ridge["parameters"] as? [String: Any])?["alpha"] as? Double == 1)
    let grid = try #require(ridge["grid"] as? [[String: Any]])
    #expect(grid.map { ($0["parameters"] as? [String: Any])?["alpha"] as? Double } == [1e5, 1, 1e9])
    let r2 = grid.compactMap { $0["r2_transformed"] as? Double }
    #expect(r2.count == 3 && r2.max() == ridge["r2_transformed"] as? Double)
    // The winner alone gives the same predictions, and the same file but for what was tried.
    let alone = try folder.run(
      "fit", "--data", "data.csv", "--model", "mean,ridge", "--cv", "3", "--oof", "alone.csv", "--out", "alone",
      "--set", "ridge.alpha=1")
    #expect(alone.status == 0, "\(alone.errors)")
    let (found, expected) = (try column(4, of: "oof.csv", folder), try column(4, of: "alone.csv", folder))
    #expect(found.count == 90 && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-8 * max(1, abs($1)) })
  }

  private func column(_ index: Int, of file: String, _ folder: TemporaryFolder) throws -> [Double] {
    String(decoding: try folder.read(file), as: UTF8.self).split(separator: "\n").dropFirst().compactMap {
      Double($0.split(separator: ",")[index])
    }
  }

  @Test func severalListsAreAllCombinations() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 60))
    let result = try folder.run(
      "fit", "--data", "data.csv", "--model", "svr", "--cv", "2", "--set", "svr.c=0.01,3", "--set",
      "svr.epsilon=0.05,0.5", "--set", "svr.tolerance=0.01")
    #expect(result.status == 0, "\(result.errors)")
    let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("svr: c=") }, "\(result.output)")
    #expect(line.contains(", epsilon=0.") && line.hasSuffix(" is the best of 4 settings."))
    #expect(result.output.contains("looks slightly better than it is"))
    #expect(result.output.contains("fits asked 9 · distinct fits done "))
  }

  @Test(
    arguments: [
      ("ridge.alpha=1,,2", ["ridge.alpha=1,,2", "a value is empty"]), ("ridge.alpha=1,-2", ["alpha = -2", "[0, ∞)"]),
      ("ridge.alpha=1,x", ["alpha = x"]), ("ridge.beta=1,2", ["beta", "alpha"]), ("svr.c=1,2", ["svr", "--model"]),
      (
        "ridge.alpha=" + (1...1001).map(String.init).joined(separator: ","),
        ["1001 settings are more than 1000", "fewer"]
      ),
    ])
  func refusesBadLists(_ setting: String, _ message: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 30))
    let result = try folder.run("fit", "--data", "data.csv", "--model", "ridge", "--set", setting)
    #expect(result.status == 64 && result.errors.hasPrefix("learners: "), "\(result.errors)")
    for part in message { #expect(result.errors.contains(part), "“\(part)” is not in: \(result.errors)") }
    #expect(folder.files(below: "models").isEmpty)
  }
}
