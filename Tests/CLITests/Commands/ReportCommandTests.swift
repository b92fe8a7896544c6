import Foundation
import TestSupport
import Testing

/// `learners report`: one file about a comparison.
@Suite struct ReportCommandTests {
  private func folder(rows: Int = 150) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: rows))
    return folder
  }

  private let options = ["--data", "data.csv", "--model", "mean,ridge,extra-trees", "--cv", "4"]

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func text(_ name: String, in folder: TemporaryFolder) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }

  @Test func figuresAreThoseOfFit() throws {
    let folder = try folder()
    let fit = try json(try folder.run(["fit"] + options + ["--json"]).output)
    let result = try folder.run(["report"] + options + ["--format", "json"])
    try #require(result.status == 0, "\(result.errors)")
    let report = try json(result.output)
    let known = try #require(fit["models"] as? [[String: Any]])
    let models = try #require(report["models"] as? [[String: Any]])
    #expect(models.first?["name"] as? String == fit["best"] as? String && models.count == 3)
    for model in models {
      let own = try #require(known.first { $0["name"] as? String == model["name"] as? String })
      for (name, value) in try #require(model["scores"] as? [String: Any]) {
        #expect(own[name] as? Double == value as? Double, "\(name)")
      }
      #expect((model["times"] as? [String: Any])?["fit_seconds"] is Double)
    }
    #expect(
      (report["origin"] as? [String: Any])?["command"] as? String
        == "learners report \(options.joined(separator: " ")) --format json")
  }

  @Test func theSameCommandGivesTheSameBytes() throws {
    let folder = try folder()
    var texts: [String] = []
    for _ in 0..<2 {
      let result = try folder.run(["report"] + options + ["--no-times", "--out", "r.html"])
      #expect(result.status == 0 && result.output.contains("Which model?") && result.output.contains("r.html"))
      texts.append(try text("r.html", in: folder))
    }
    #expect(texts[0] == texts[1] && texts[0].hasPrefix("<!doctype html>") && !texts[0].contains("Fit, one fold"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "models").path))
  }

  @Test func endingAndFormatSayTheForm() throws {
    let folder = try folder()
    let few = ["report", "--data", "data.csv", "--model", "ridge", "--cv", "3"]
    #expect(try folder.run(few + ["--out", "r.md"]).status == 0)
    #expect(try text("r.md", in: folder).hasPrefix("# How well can price be predicted?"))
    let printed = try folder.run(few + ["--format", "markdown"])
    #expect(printed.status == 0 && printed.output.hasPrefix("# How well"))
    #expect(try folder.run(few).status == 0)
    #expect(try text("report.html", in: folder).contains("How well can price be predicted?"))
  }

  @Test func groupsAreHeldOut() throws {
    let folder = try folder()
    let result = try folder.run(["report"] + options + ["--groups", "kind", "--cv", "3", "--format", "json"])
    let report = try json(result.output)
    #expect((report["folds"] as? [String: Any])?["kind"] as? String == "groups")
    #expect((report["data"] as? [String: Any])?["groups"] as? Int == 3)
  }

  /// The models of a folder are compared with the settings that they have there.
  @Test func aFolderOfModelsIsReported() throws {
    let folder = try folder()
    let settings = ["--model", "ridge,extra-trees", "--set", "ridge.alpha=7", "--blend-size", "2"]
    _ = try folder.run(["fit", "--data", "data.csv", "--cv", "4"] + settings)
    let arguments = ["report", "--data", "data.csv", "--models", "models", "--cv", "4", "--format", "json"]
    let result = try folder.run(arguments)
    let models = try #require(try json(result.output)["models"] as? [[String: Any]])
    #expect(Set(models.compactMap { $0["name"] as? String }) == ["ridge", "extra-trees", "blend"])
    let ridge = try #require(models.first { $0["name"] as? String == "ridge" })
    #expect(ridge["settings"] as? [String: String] == ["alpha": "7.0"])
    #expect(!result.errors.contains("other data"))
    try folder.write("data.csv", smallTable(rows: 120))
    #expect(try folder.run(arguments).errors.contains("were fitted on other data"))
  }

  @Test func whatIsWrongIsSaidWithItsStatus() throws {
    let folder = try folder()
    let cases: [([String], Int32, String)] = [
      (["--out", "r.pdf"], 64, "none of .html, .md and .json"), (["--out", ""], 64, "the path is empty"),
      (["--models", "models", "--model", "ridge"], 64, "leave out --model"),
      (["--models", "nowhere"], 66, "there is no such folder"), (["--models", "."], 66, "no model file"),
      (["--out", "nowhere/r.html"], 73, "cannot be written"),
      (["--out", "data.csv", "--format", "html"], 64, "needs this file"),
      (["--format", "pdf"], 64, "format"), (["--model", "none"], 64, "no model has this name"),
    ]
    for (arguments, status, text) in cases {
      let result = try folder.run(["report", "--data", "data.csv"] + arguments)
      #expect(result.status == status && result.errors.contains(text), "\(arguments): \(result.errors)")
    }
    let missing = try folder.run("report", "--data", "none.csv")
    #expect(missing.status == 66)
    try folder.write("texts.csv", "a,b\n1,x\n2,y\n3,z\n")
    #expect(try folder.run("report", "--data", "texts.csv").status == 65)
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "report.html").path))
  }

  /// An interruption leaves nothing, and says so.
  @Test func anInterruptionLeavesNothing() throws {
    let folder = try folder(rows: 4_000)
    let running = try Program.start(
      ["report", "--data", "data.csv", "--set", "boosting.maxIterations=3000", "--out", "r.html"], in: folder.url)
    // The first line is said when the work begins.
    _ = running.errors.availableData
    running.process.interrupt()
    let errors = String(decoding: running.errors.readDataToEndOfFile(), as: UTF8.self)
    running.process.waitUntilExit()
    #expect(running.process.terminationStatus == 130, "\(errors)")
    #expect(errors.contains("no report was written"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["data.csv"])
  }

  /// Bags in a folder, or asked for, are compared as bags.
  @Test func bagsAreReported() throws {
    let folder = try folder()
    let settings = ["--model", "mean,ridge,extra-trees", "--set", "extra-trees.estimators=20"]
    let asked = try folder.run(
      ["report", "--data", "data.csv", "--cv", "4", "--bag", "--format", "json", "--no-times"] + settings)
    try #require(asked.status == 0, "\(asked.errors)")
    _ = try folder.run(["fit", "--data", "data.csv", "--cv", "4", "--bag"] + settings)
    let result = try folder.run(
      "report", "--data", "data.csv", "--models", "models", "--cv", "4", "--format", "json", "--no-times")
    try #require(result.status == 0, "\(result.errors)")
    for report in [try json(asked.output), try json(result.output)] {
      #expect((report["bags"] as? [String])?.sorted() == ["extra-trees", "mean", "ridge"])
      let models = try #require(report["models"] as? [[String: Any]])
      #expect(models.contains { ($0["settings"] as? [String: Any])?["estimators"] as? String == "20" })
    }
    let text = try folder.run(
      "report", "--data", "data.csv", "--models", "models", "--cv", "4", "--format", "markdown")
    #expect(text.output.contains("means of the models of the folds"))
  }
}
