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
    let result = try folder.run(
      "fit", "--data", "weighted.csv", "--target", "price", "--model", "ridge", "--weights", name)
    #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
  }

  /// What is wrong is named with its file and line, in every command that takes weights, and nobody is told to empty a cell.
  @Test(arguments: [
    ("", "the row has a target and no weight"), ("-1", "it weighs -1, less than nothing"),
    // Among numbers a text is missing, and a note says so.
    ("heavy", "the row has a target and no weight"),
  ])
  func aBadWeightIsNamedWithItsLine(cell: String, words: String) throws {
    let folder = try TemporaryFolder()
    try write(folder)
    _ = try folder.run("fit", "--data", "weighted.csv", "--model", "mean", "--weights", "copies")
    var lines = String(decoding: try folder.read("weighted.csv"), as: UTF8.self).split(separator: "\n").map(String.init)
    // A row without a target before it is left out, and counts as a line all the same.
    lines[3] = "1,red,1,"
    lines[7] = "1,red,\(cell),50"
    try folder.write("bad.csv", lines.map { $0 + "\n" }.joined())
    for command in [
      ["fit", "--model", "ridge"], ["tune", "--model", "ridge", "--trials", "2"], ["report", "--model", "ridge"],
      ["evaluate", "--model", "models/mean.safetensors"],
    ] {
      let result = try folder.run(command + ["--data", "bad.csv", "--weights", "copies"])
      #expect(result.status == 65, "\(command) \(result.errors)")
      #expect(result.errors.contains("bad.csv:8, column copies: \(words)"), "\(command) \(result.errors)")
      #expect(result.errors.contains("give each row a number from 0 on") && !result.errors.contains("empty"))
    }
  }

  /// Folds of which nothing is left, the last one too, are no fewer folds.
  @Test(arguments: [0, 2])
  func aFoldOfRowsWithoutWeightIsRefused(fold: Int) throws {
    let folder = try TemporaryFolder()
    try write(folder)
    try folder.write(
      "light.folds", (0..<90).map { line($0).count == 0 ? "\(fold)\n" : "\($0 % 2 + (fold == 0 ? 1 : 0))\n" }.joined())
    let result = try folder.run(
      "fit", "--data", "weighted.csv", "--model", "ridge", "--weights", "copies", "--folds", "light.folds")
    #expect(
      result.status == 65 && result.errors.contains("light.folds: all rows of fold \(fold) are left out"),
      "\(result.errors)")
  }

  /// A column that says something of the rows is not the target by being the last.
  @Test(arguments: ["--weights", "--groups", "--time"])
  func theTargetIsTheLastOfTheOthers(option: String) throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { "\($0 * 13 % 37),\($0 * 29 % 31),\($0 % 8 + 1)\n" }
    try folder.write("data.csv", "size,price,side\n" + rows.joined())
    let result = try folder.run("fit", "--data", "data.csv", "--model", "mean", "--cv", "3", option, "side")
    #expect(result.status == 0 && result.output.contains("target price"), "\(result.errors)")
  }

  /// The column of weights is used, and what a model says of its ranges counts rows.
  @Test func rowsAreRows() throws {
    let folder = try TemporaryFolder()
    try write(folder)
    _ = try folder.run("fit", "--data", "weighted.csv", "--model", "ridge", "--weights", "copies")
    let weighing = (0..<90).count { line($0).count > 0 }
    let card = try folder.run("inspect", "--model", "models/ridge.safetensors")
    #expect(card.output.contains("of \(weighing) rows, mean width"), "\(card.output)")
    let result = try folder.run(
      "evaluate", "--model", "models/ridge.safetensors", "--data", "weighted.csv", "--weights", "copies")
    #expect(result.status == 0 && !result.errors.contains("ignored"), "\(result.errors)")
    let without = try folder.run("evaluate", "--model", "models/ridge.safetensors", "--data", "weighted.csv")
    #expect(without.errors.contains("ignored: copies"), "\(without.errors)")
  }

  /// A report of weights has the scores, and the figures of folds, that one of copies has.
  @Test func aReportIsThatOfCopies() throws {
    let folder = try TemporaryFolder()
    try write(folder)
    func report(_ arguments: [String]) throws -> [String: Any] {
      let result = try folder.run(["report", "--model", "mean,ridge", "--format", "json"] + arguments)
      try #require(result.status == 0, "\(result.errors)")
      return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }
    let found = try report(["--data", "weighted.csv", "--weights", "copies", "--folds", "weighted.folds"])
    let expected = try report(["--data", "copied.csv", "--folds", "copied.folds"])
    #expect((found["data"] as? [String: Any])?["is_weighted"] as? Bool == true)
    let pairs = zip(
      try #require(found["models"] as? [[String: Any]]), try #require(expected["models"] as? [[String: Any]]))
    for (own, copied) in pairs {
      #expect(own["name"] as? String == copied["name"] as? String)
      let figures = zip(
        try #require(own["figure_of_folds"] as? [Double]), try #require(copied["figure_of_folds"] as? [Double]))
      for (one, other) in figures { #expect(abs(one - other) < 1e-9) }
    }
    // Ranges are tried on the same rows, which count as their copies do.
    func levels(_ report: [String: Any]) throws -> [[String: Any]] {
      try #require((report["ranges"] as? [String: Any])?["levels"] as? [[String: Any]])
    }
    for (own, copied) in zip(try levels(found), try levels(expected)) {
      let (one, other) = (try #require(own["coverage"] as? Double), try #require(copied["coverage"] as? Double))
      #expect(abs(one - other) < 0.1)
      #expect((own["effective_rows"] as? Double ?? 0) < Double(own["rows"] as? Int ?? 0))
    }
  }
}
