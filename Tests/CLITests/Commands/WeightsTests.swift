import Foundation
import TestSupport
import Testing

/// `--weights`: what a row counts.
@Suite struct WeightsTests {
  private func line(_ row: Int) -> (features: String, count: Int, target: String) {
    ("\(row * 13 % 37),\(["red", "green", "blue"][row * 7 % 3])", row * 5 % 4, "\(row * 29 % 31 * 10 + row * 13 % 37)")
  }

  private func write(_ folder: TemporaryFolder) throws {
    let rows = (0..<90).map(line)
    try folder.write(
      "weighted.csv", "size,colour,copies,price\n" + rows.map { "\($0.features),\($0.count),\($0.target)\n" }.joined())
    let copies = rows.flatMap { Array(repeating: "\($0.features),\($0.target)\n", count: $0.count) }
    try folder.write("copied.csv", "size,colour,price\n" + copies.joined())
    func folds(_ copies: (Int) -> Int) -> String {
      rows.indices.flatMap { Array(repeating: "\($0 % 3)\n", count: copies(rows[$0].count)) }.joined()
    }
    try folder.write("weighted.folds", folds { _ in 1 })
    try folder.write("copied.folds", folds { $0 })
  }

  private func scores(_ result: Program.Result) throws -> [String: Double] {
    try #require(result.status == 0, "\(result.errors)")
    let report = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let models = try #require(report["models"] as? [[String: Any]])
    return models.reduce(into: [:]) { $0[$1["name"] as? String ?? ""] = $1["rmse"] as? Double }
  }

  @Test func aComparisonIsThatOfCopies() throws {
    let folder = try TemporaryFolder()
    try write(folder)
    let common = ["--model", "mean,ridge,forest", "--set", "forest.estimators=20", "--json"]
    let weighted = ["--data", "weighted.csv", "--weights", "copies", "--folds", "weighted.folds", "--out", "weighted"]
    let copied = ["--data", "copied.csv", "--folds", "copied.folds", "--out", "copied"]
    let found = try scores(folder.run(["fit"] + weighted + common))
    let expected = try scores(folder.run(["fit"] + copied + common))
    for (name, figure) in expected { #expect(abs((found[name] ?? .nan) / figure - 1) < 1e-9, "\(name)") }
    // The same search, whose workers are told too.
    let tuned = try folder.run(
      ["tune", "--strategy", "grid", "--processes", "2"] + weighted + common + ["--out", "tuned"])
    try #require(tuned.status == 0, "\(tuned.errors)")
    let board = String(decoding: try folder.read("tuned/leaderboard.json"), as: UTF8.self)
    #expect(try scores(Program.Result(status: 0, output: board, errors: "")) == found)
    let one = try folder.run(
      "evaluate", "--model", "weighted/forest.safetensors", "--data", "weighted.csv", "--weights", "copies")
    let other = try folder.run("evaluate", "--model", "copied/forest.safetensors", "--data", "copied.csv")
    #expect(
      one.status == 0
        && one.output.split(separator: "\n").dropFirst() == other.output.split(separator: "\n").dropFirst())
  }

  @Test(arguments: [
    ("nowhere", "there is no column nowhere", 65), ("price", "the target price cannot be it", 65),
    ("colour", "is not a number", 65),
  ])
  func aColumnThatCannotBeItIsRefused(name: String, words: String, status: Int32) throws {
    let folder = try TemporaryFolder()
    try write(folder)
    let result = try folder.run("fit", "--data", "weighted.csv", "--model", "ridge", "--weights", name)
    #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
  }
}
