import Foundation
import TestSupport
import Testing

/// No command replaces a file that it needs, whatever name leads to it.
@Suite struct OutputGuardTests {
  /// A folder with a table, a model of it, and other names of both.
  private func scene() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 40))
    try folder.write("folds.txt", (0..<40).map { "\($0 % 3)\n" }.joined())
    let fit = try folder.run(
      "fit", "--data", "data.csv", "--model", "mean,boosting", "--set", "boosting.folds=0", "--cv", "2")
    try #require(fit.status == 0, "\(fit.errors)")
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: folder.path("link.csv"), withDestinationPath: "data.csv")
    try manager.linkItem(atPath: folder.path("data.csv"), toPath: folder.path("hard.csv"))
    try manager.createSymbolicLink(atPath: folder.path("dangling.csv"), withDestinationPath: "new.csv")
    return folder
  }

  private static let model = "models/boosting.safetensors"

  @Test(arguments: [
    ["predict", "--data", "data.csv", "--out", "data.csv"], ["predict", "--data", "data.csv", "--out", "./data.csv"],
    ["predict", "--data", "data.csv", "--out", "link.csv"], ["predict", "--data", "link.csv", "--out", "data.csv"],
    ["predict", "--data", "data.csv", "--out", "hard.csv"], ["predict", "--data", "data.csv", "--out", model],
    ["predict", "--data", "data.csv", "--out", "models/../models/boosting.safetensors", "--json"],
    ["explain", "--data", "hard.csv", "--out", "data.csv"], ["explain", "--data", "data.csv", "--out", model],
    ["continue", "--data", "data.csv", "--iterations", "5", "--out", model],
    ["continue", "--data", "data.csv", "--iterations", "5", "--out", "link.csv"],
  ])
  func inputsAndModelsStay(_ arguments: [String]) throws {
    let folder = try scene()
    let before = (try folder.read("data.csv"), try folder.read(Self.model))
    let result = try folder.run(arguments + ["--model", Self.model])
    #expect(result.status == 64 && result.errors.contains("the command needs this file"), "\(result.errors)")
    #expect(try folder.read("data.csv") == before.0 && folder.read(Self.model) == before.1)
  }

  @Test func outputsOfFitStayApart() throws {
    let folder = try scene()
    for arguments in [
      ["--oof", "link.csv"], ["--folds", "folds.txt", "--oof", "folds.txt"], ["--oof", "models/mean.safetensors"],
      ["--oof", "models/best.safetensors"], ["--oof", "models/../models/leaderboard.json"],
    ] {
      let files = folder.files().filter { !$0.contains("/") }
      let bytes = try files.filter { $0 != "models" && $0 != "dangling.csv" }.map(folder.read)
      let result = try folder.run(["fit", "--data", "data.csv", "--model", "mean"] + arguments)
      #expect(result.status == 64, "\(arguments): \(result.errors)")
      #expect(try files.filter { $0 != "models" && $0 != "dangling.csv" }.map(folder.read) == bytes)
    }
    // A model file that is the data of a fit: its folder is the output.
    try FileManager.default.createDirectory(atPath: folder.path("m"), withIntermediateDirectories: true)
    try FileManager.default.linkItem(atPath: folder.path("data.csv"), toPath: folder.path("m/leaderboard.json"))
    #expect(try folder.run("fit", "--data", "data.csv", "--model", "mean", "--out", "m").status == 64)
    // Again into the same folder, whose best model has two names, and to a link that leads to nothing yet.
    #expect(try folder.run("fit", "--data", "data.csv", "--model", "mean,boosting", "--cv", "2").status == 0)
    #expect(
      try folder.run("predict", "--model", Self.model, "--data", "data.csv", "--out", "dangling.csv").status == 0)
    #expect(try folder.read("dangling.csv").count > 100)
  }

  /// What a shell sends where is told, too: `>>` would put predictions behind the rows.
  @Test func standardOutputIsWatched() throws {
    let folder = try scene()
    let before = try folder.read("data.csv")
    let program = Program.url.path()
    for command in [
      "predict --model \(Self.model) --data data.csv >> data.csv",
      "evaluate --model \(Self.model) --data link.csv >> hard.csv",
      "inspect --model \(Self.model) >> \(Self.model)", "fit --data data.csv --model mean >> data.csv",
      "explain --model \(Self.model) --data data.csv >> \(Self.model)",
    ] {
      let result = try Program.run(
        ["-c", "'\(program)' \(command)"], in: folder.url, program: URL(filePath: "/bin/sh"))
      #expect(result.status == 64 && result.errors.contains("standard output"), "\(command): \(result.errors)")
    }
    #expect(try folder.read("data.csv") == before)
    let other = "'\(program)' predict --model \(Self.model) --data data.csv >> other.csv"
    #expect(try Program.run(["-c", other], in: folder.url, program: URL(filePath: "/bin/sh")).status == 0)
  }

  @Test func theBestModelIsNoSecondCopy() throws {
    let folder = try scene()
    let best = try FileManager.default.attributesOfItem(atPath: folder.path("models/best.safetensors"))
    #expect(best[.referenceCount] as? Int == 2)
    #expect(try folder.read("models/best.safetensors") == folder.read(Self.model))
    // Another fit leaves the old best as it was until it is replaced itself.
    #expect(try folder.run("fit", "--data", "data.csv", "--model", "mean", "--cv", "2").status == 0)
    #expect(try folder.read("models/best.safetensors") == folder.read("models/mean.safetensors"))
    #expect(
      folder.files(below: "models") == [
        "best.safetensors", "boosting.safetensors", "leaderboard.json", "mean.safetensors",
      ])
  }

  @Test func aStoreIsNoOutputOfItself() throws {
    let folder = try TemporaryFolder()
    try folder.write("token.json", "{\"github_token\": \"ghp_0123456789\"}")
    try FileManager.default.createSymbolicLink(atPath: folder.path("s.json"), withDestinationPath: "s.sqlite")
    for json in ["s.sqlite", "./s.sqlite-wal", "s.json", "token.json", "s.sqlite.lock"] {
      let result = try folder.run(
        "extract", "--api", "http://127.0.0.1:9", "--token-file", "token.json", "--store", "s.sqlite", "--json", json)
      #expect(result.status == 64 && result.errors.contains("needs this file"), "\(json): \(result.errors)")
    }
  }
}
