import Foundation
import TestSupport
import Testing

/// `--repeats`: rows that are dealt into folds several times.
@Suite struct RepeatsTests {
  private func report(_ result: Program.Result) throws -> [String: Any] {
    try #require(result.status == 0, "\(result.errors)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  private func models(_ report: [String: Any]) throws -> [[String: Any]] {
    try #require(report["models"] as? [[String: Any]])
  }

  /// Each time has the figures of a comparison on a file with the same folds.
  @Test func eachTimeIsThatOfFoldsByHand() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 90))
    let arguments = [
      "fit", "--data", "data.csv", "--json", "--model", "ridge,extra-trees", "--set", "extra-trees.estimators=20",
      "--blend-size", "2",
    ]
    let found = try report(folder.run(arguments + ["--cv", "3", "--repeats", "3", "--oof", "oof.csv"]))
    #expect(found["repeats"] as? Int == 3 && found["cv"] as? Int == 3)
    let lines = String(decoding: try folder.read("oof.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines[0].hasPrefix("repeat,row,fold,target,ridge,extra-trees") && lines.count == 1 + 3 * 90)
    let cells = lines.dropFirst().map { $0.split(separator: ",") }
    var sums: [String: Double] = [:]
    for time in 0..<3 {
      let rows = cells.filter { $0[0] == "\(time)" }
      try folder.write("folds.txt", rows.map { "\($0[2])\n" }.joined())
      let byHand = try report(folder.run(arguments + ["--folds", "folds.txt"]))
      #expect(byHand["repeats"] == nil)
      for (own, model) in zip(try models(byHand), try models(found)) {
        let name = try #require(model["name"] as? String)
        // Weights of a blend are chosen by all times, its figures without the fold in each.
        let figures = try #require((model["repeats"] as? [[String: Any]])?[time])
        for figure in ["r2", "rmse", "mae", "spearman"] {
          #expect(figures[figure] as? Double == own[figure] as? Double, "\(name) \(figure)")
        }
        sums[name, default: 0] += try #require(own["r2"] as? Double)
      }
    }
    for model in try models(found) where model["name"] as? String != "blend" {
      let name = try #require(model["name"] as? String)
      #expect(abs(try #require(sums[name]) / 3 - (try #require(model["r2"] as? Double))) < 1e-12)
    }
    let table = try folder.run(Array(arguments.filter { $0 != "--json" }) + ["--cv", "3", "--repeats", "2"])
    #expect(table.output.contains("3 folds, dealt 2 times") && table.output.contains("means over the 2 times"))
  }

  @Test(arguments: [
    (["--repeats", "2", "--time", "size"], "--repeats and --time exclude each other"),
    (["--repeats", "2", "--folds", "folds.txt"], "--repeats and --folds exclude each other"),
    (["--repeats", "0"], "must be from 1 to 100"), (["--weights", ""], "--weights: the name of a column is empty"),
    (["--groups", ""], "--groups: the name of a column is empty"),
  ])
  func whatHasNoSenseIsRefused(options: [String], words: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 30))
    try folder.write("folds.txt", (0..<30).map { "\($0 % 3)\n" }.joined())
    for command in ["fit", "report"] {
      let result = try folder.run([command, "--data", "data.csv", "--model", "ridge"] + options)
      #expect(result.status == 64 && result.errors.contains(words), "\(result.errors)")
    }
  }

  /// The interval is of the mean over all folds of all times.
  @Test func aReportKnowsThem() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 90))
    let options = ["report", "--data", "data.csv", "--model", "mean,ridge", "--cv", "3"]
    let found = try report(folder.run(options + ["--repeats", "4", "--format", "json"]))
    #expect((found["folds"] as? [String: Any])?["repeats"] as? Int == 4)
    for model in try models(found) {
      let figures = try #require(model["figure_of_folds"] as? [Double])
      #expect(figures.count == 12)
      let estimate = try #require(model["estimate"] as? [String: Any])
      let (low, high) = (try #require(estimate["low"] as? Double), try #require(estimate["high"] as? Double))
      let mean = figures.reduce(0, +) / 12
      let variance = figures.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 11
      // Student's t of 11 degrees of freedom, and half as many rows held out as learned from.
      let half = 2.200985160082949 * ((1.0 / 12 + 0.5) * variance).squareRoot()
      #expect(abs(low - (mean - half)) < 1e-9 && abs(high - (mean + half)) < 1e-9)
    }
    let text = try folder.run(options + ["--repeats", "4", "--format", "markdown"])
    #expect(text.output.contains("12 folds of rows (3, dealt 4 times)"))
  }
}
