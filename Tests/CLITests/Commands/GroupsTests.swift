import Foundation
import TestSupport
import Testing

/// Rows that belong together, and rows in time.
@Suite struct GroupsTests {
  /// Every owner has a level of its own and three rows.
  private func table(owners: Int) -> String {
    (0..<owners * 3).reduce("owner,size,day,price\n") { text, row in
      let (owner, size) = (row * 7 % owners, row * 13 % 37)
      return text + "o\(owner),\(size),\(row / 2),\(owner * 29 % 31 * 10 + size + row % 5)\n"
    }
  }

  private func models(_ result: Program.Result) throws -> [String: Double] {
    try #require(result.status == 0, "\(result.errors)")
    let report = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let models = try #require(report["models"] as? [[String: Any]])
    return models.reduce(into: [:]) { $0[$1["name"] as? String ?? ""] = $1["r2"] as? Double }
  }

  /// The folds are those of a file with the same numbers, and the figures too.
  @Test func wholeGroupsAreHeldOut() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", table(owners: 40))
    let arguments = ["fit", "--data", "data.csv", "--json", "--model", "mean,ridge,forest"]
    let settings = ["--set", "ridge.alpha=1", "--set", "forest.estimators=20"]
    let groups = ["--groups", "owner", "--oof", "oof.csv"]
    let grouped = try models(folder.run(arguments + settings + groups))
    let lines = String(decoding: try folder.read("oof.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
    let fold = lines.map { Int($0.split(separator: ",")[1])! }
    let owner = (0..<120).map { $0 * 7 % 40 }
    for number in 0..<40 { #expect(Set((0..<120).filter { owner[$0] == number }.map { fold[$0] }).count == 1) }
    try folder.write("folds.txt", fold.map { "\($0)\n" }.joined())
    let byHand = try models(folder.run(arguments + settings + ["--folds", "folds.txt", "--drop", "owner"]))
    #expect(grouped == byHand)
  }

  @Test func theFutureIsPredictedFromThePast() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", table(owners: 40))
    let result = try folder.run(
      "fit", "--data", "data.csv", "--model", "ridge,boosting", "--time", "day", "--cv", "3", "--oof", "oof.csv")
    try #require(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("3 folds of later rows each"))
    let lines = String(decoding: try folder.read("oof.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
    // A quarter of the rows is only learned from.
    #expect(lines.count == 90 && lines.allSatisfy { Int($0.split(separator: ",")[0])! >= 30 })
  }

  /// A search holds the same rows out as a comparison does, also where a learner holds some out itself.
  @Test(arguments: [(["--groups", "owner"], ["--groups", "owner"]), (["--time", "day"], ["--time-column", "day"])])
  func aSearchKnowsThemToo(inFit: [String], inTune: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", table(owners: 40))
    let settings = ["forest.estimators=10", "boosting.maxIterations=30", "boosting.folds=2"].flatMap { ["--set", $0] }
    let common = ["--data", "data.csv", "--model", "forest,boosting", "--cv", "3"] + settings
    let fitted = try folder.run(["fit", "--out", "fit"] + common + inFit)
    let tuned = try folder.run(["tune", "--out", "tune", "--strategy", "grid"] + common + inTune)
    #expect(fitted.status == 0 && tuned.status == 0, "\(fitted.errors) \(tuned.errors)")
    for file in ["forest.safetensors", "boosting.safetensors"] {
      #expect(try folder.read("fit/\(file)") == folder.read("tune/\(file)"), "\(file)")
    }
    let other = try folder.run(["tune", "--out", "tune", "--strategy", "grid"] + common)
    #expect(other.status == 65 && other.errors.contains(inTune[0]), "\(other.errors)")
  }

  @Test func whatCannotBeIsToldAtOnce() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", table(owners: 4))
    for (arguments, status, part) in [
      (["--groups", "owner", "--time", "day"], Int32(64), "--groups and --time exclude each other"),
      (["--groups", "owners"], 65, "there is no column owners"),
      (["--groups", "owner"], 65, "5 folds but only 4 groups"),
      (["--time", "owner"], 65, "it holds texts"),
      (["--time", "day", "--cv", "9"], 65, "9 folds and a first past need 10 times, there are 6"),
    ] {
      let result = try folder.run(["fit", "--data", "data.csv", "--model", "mean"] + arguments)
      #expect(result.status == status && result.errors.contains(part), "\(arguments): \(result.errors)")
      #expect(folder.files(below: "models").isEmpty)
    }
  }
}
