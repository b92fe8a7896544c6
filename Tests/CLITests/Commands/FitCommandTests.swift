import Foundation
import TestSupport
import Testing

@Suite struct FitCommandTests {
  @Test func everyModelIsComparedWrittenAndReported() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 80))
    let result = try folder.run("fit", "--data", "data.csv", "--cv", "3", "--json", "--oof", "oof.csv")
    #expect(result.status == 0, "\(result.errors)")
    let report = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let models = try #require(report["models"] as? [[String: Any]])
    let names = models.compactMap { $0["name"] as? String }
    #expect(names == ["mean", "ridge", "svr", "forest", "extra-trees", "boosting", "mlp", "blend"])
    for model in models {
      let keys: Set = [
        "name", "r2", "r2_sd", "r2_transformed", "rmse", "mae", "spearman", "fit_seconds", "predict_seconds",
        "parameters",
      ]
      #expect(keys.isSubset(of: model.keys))
    }
    let data = try #require(report["data"] as? [String: Any])
    #expect(data["rows"] as? Int == 80 && data["features"] as? Int == 3 && data["target"] as? String == "price")
    #expect((data["sha256"] as? String)?.count == 64)
    #expect(report["cv"] as? Int == 3 && report["seed"] as? Int == 0)
    #expect(names.contains(report["best"] as? String ?? ""))
    let expected = (names.map { "\($0).safetensors" } + ["best.safetensors", "leaderboard.json"]).sorted()
    #expect(folder.files(below: "models") == expected)
    let lines = String(decoding: try folder.read("oof.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "row,fold,target,mean,ridge,svr,forest,extra-trees,boosting,mlp,blend")
    #expect(lines.count == 81)
  }

  /// The models of the folds are averaged: nothing is fitted to all rows.
  @Test func aBagTakesNoFurtherFit() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 80))
    let arguments = ["fit", "--data", "data.csv", "--cv", "4", "--model", "mean,extra-trees", "--bag"]
    let result = try folder.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("fits asked 8 · distinct fits done 8"))
    #expect(result.output.contains("mean, extra-trees: means of the models of the folds (--bag)"))
    let card = try folder.run("inspect", "--model", "models/extra-trees.safetensors")
    #expect(card.status == 0 && card.output.contains("extra-trees 0.25, extra-trees 0.25"), "\(card.output)")
    let predicted = try folder.run(
      "predict", "--model", "models/best.safetensors", "--data", "data.csv", "--interval", "0.8")
    #expect(predicted.status == 0 && predicted.output.split(separator: "\n").count == 81)
    let refused = try folder.run(arguments + ["--time", "size"])
    #expect(refused.status == 64 && refused.errors.contains("--bag and --time exclude each other"))
  }

  /// The same bytes for any number of threads and on a second run.
  @Test func filesDoNotDependOnThreadsOrRuns() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 120))
    let runs = [("one", "1"), ("two", "2"), ("again", "2")]
    for (name, threads) in runs {
      let result = try folder.run(
        "fit", "--data", "data.csv", "--cv", "3", "--threads", threads, "--out", name, "--oof", "\(name)/oof.csv")
      #expect(result.status == 0, "\(result.errors)")
    }
    let files = folder.files(below: "one")
    #expect(files.count == 11)
    for file in files {
      let expected = try folder.read("one/\(file)")
      #expect(try folder.read("two/\(file)") == expected, "\(file) differs with two threads")
      #expect(try folder.read("again/\(file)") == expected, "\(file) differs in a second run")
    }
  }

  @Test func theBundledSampleIsNamedSynthetic() throws {
    let folder = try TemporaryFolder()
    let result = try folder.run("fit", "--model", "mean,ridge", "--cv", "2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("synthetic"))
    #expect(result.output.contains("ridge") && result.output.contains("Best: ridge"))
  }

  @Test func foldsOfSomebodyElseAreUsed() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 30))
    try folder.write("folds.txt", (0..<30).map { $0 < 10 ? "0\n" : $0 < 20 ? "1\n" : "-1\n" }.joined())
    let result = try folder.run(
      "fit", "--data", "data.csv", "--model", "mean", "--folds", "folds.txt", "--oof", "oof.csv", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let lines = String(decoding: try folder.read("oof.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
    #expect(
      lines.map { $0.split(separator: ",")[1] } == Array(repeating: "0", count: 10) + Array(repeating: "1", count: 10))
    try folder.write("folds.txt", "0\n1\n")
    let short = try folder.run("fit", "--data", "data.csv", "--model", "mean", "--folds", "folds.txt")
    #expect(short.status == 65 && short.errors.contains("2 fold numbers for 30 rows"), "\(short.errors)")
  }

  @Test func settingsReachTheLearner() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 40))
    let result = try folder.run(
      "fit", "--data", "data.csv", "--model", "ridge", "--cv", "2", "--json", "--set", "ridge.alpha=12.5")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let model = (report?["models"] as? [[String: Any]])?.first
    #expect((model?["parameters"] as? [String: Any])?["alpha"] as? Double == 12.5)
  }

  @Test func anInterruptLeavesNothingHalfWritten() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 4000))
    let running = try Program.start(
      ["fit", "--data", "data.csv", "--model", "mean,svr,mlp,forest", "--set", "forest.estimators=3000"], in: folder.url
    )
    // Its first line says that the fit is on its way.
    let first = running.errors.availableData
    running.process.interrupt()
    running.process.waitUntilExit()
    #expect(running.process.terminationStatus == 130)
    let errors = String(decoding: first + running.errors.readDataToEndOfFile(), as: UTF8.self)
    #expect(errors.contains("learners: interrupted"))
    for file in folder.files(below: "models") where file != "leaderboard.json" {
      #expect(file.hasSuffix(".safetensors"), "\(file) is left")
      let inspected = try folder.run("inspect", "--model", "models/\(file)")
      #expect(inspected.status == 0, "\(file): \(inspected.errors)")
    }
  }
}
