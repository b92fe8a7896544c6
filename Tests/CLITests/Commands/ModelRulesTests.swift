import Foundation
import TestSupport
import Testing

/// What the program says about models, and what it refuses, so that none misleads.
@Suite struct ModelRulesTests {
  private func folder(rows: Int = 120) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: rows))
    return folder
  }

  private func report(_ result: Program.Result) throws -> [String: Any] {
    try #require(result.status == 0, "\(result.errors)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test(arguments: [
    ("boosting.quantile=0.95", "quantile does nothing unless loss is quantile", "loss=quantile"),
    ("boosting.variancePower=1.2", "variancePower does nothing unless loss is tweedie", "loss=tweedie"),
    ("svr.degree=3", "degree does nothing unless kernel is polynomial", "kernel=polynomial"),
    ("svr.coefficient0=1", "coefficient0 does nothing unless kernel is polynomial", "kernel=polynomial"),
  ])
  func aSettingThatDoesNothingIsRefused(setting: String, message: String, advice: String) throws {
    let result = try folder(rows: 30).run("fit", "--data", "data.csv", "--set", setting)
    #expect(
      result.status == 64 && result.errors.contains(message) && result.errors.contains(advice), "\(result.errors)")
  }

  /// y = 2x exactly, far from the origin: without an intercept the line goes through it.
  @Test func withoutAnInterceptALineGoesThroughTheOrigin() throws {
    let folder = try TemporaryFolder()
    try folder.write("line.csv", "x,y\n" + (1...40).map { "\(100 + $0),\(2 * (100 + $0))\n" }.joined())
    let fitted = try folder.run(
      "fit", "--data", "line.csv", "--model", "ridge", "--set", "ridge.fitsIntercept=false", "--set", "ridge.alpha=1e-6"
    )
    try #require(fitted.status == 0, "\(fitted.errors)")
    try folder.write("new.csv", "x\n101\n130\n120.5\n")
    let predicted = try folder.run("predict", "--model", "models/ridge.safetensors", "--data", "new.csv").output
    let values = predicted.split(separator: "\n").dropFirst().compactMap { Double($0.split(separator: ",")[1]) }
    for (value, expected) in zip(values, [202.0, 260, 241]) { #expect(abs(value - expected) < 0.01, "\(predicted)") }
    // A constant column is then the intercept.
    try folder.write("one.csv", "x,one,y\n" + (1...40).map { "\(100 + $0),1,\(7 + 2 * (100 + $0))\n" }.joined())
    let constant = try folder.run(
      "fit", "--data", "one.csv", "--model", "ridge", "--set", "ridge.fitsIntercept=false", "--set", "ridge.alpha=1e-9",
      "--json")
    let model = try #require((report(constant)["models"] as? [[String: Any]])?.first)
    #expect(try #require(model["r2"] as? Double) > 0.999)
  }

  @Test func aSearchThatEndedTooEarlyIsTold() throws {
    let folder = try folder(rows: 200)
    let result = try folder.run(
      "fit", "--data", "data.csv", "--model", "svr,ridge", "--set", "svr.maxIterations=1", "--json")
    let models = try #require(try report(result)["models"] as? [[String: Any]])
    #expect(models[0]["converged"] as? Bool == false && models[0]["iterations"] as? Int == 1)
    #expect(models[0]["unconverged_folds"] as? Int == 5 && models[1]["converged"] == nil)
    let warning = "learners: warning: svr did not converge in 5 of 5 folds and on all rows: it ended at maxIterations=1"
    #expect(result.errors.contains(warning), "\(result.errors)")
    let card = try folder.run("inspect", "--model", "models/svr.safetensors")
    #expect(card.output.contains("converged   no: it ended at maxIterations=1"), "\(card.output)")
    let json = try folder.run("inspect", "--model", "models/svr.safetensors", "--json")
    #expect(try report(json)["converged"] as? Bool == false && report(json)["iterations"] as? Int == 1)
    // What has converged says so and warns of nothing.
    let good = try folder.run("fit", "--data", "data.csv", "--model", "svr", "--json")
    #expect(!good.errors.contains("converge"))
    #expect((try report(good)["models"] as? [[String: Any]])?.first?["converged"] as? Bool == true)
  }

  @Test func aNetworkThatDivergedIsTold() throws {
    let result = try folder(rows: 80).run(
      "fit", "--data", "data.csv", "--model", "mlp", "--set", "mlp.learningRate=1e30", "--set", "mlp.maxEpochs=5",
      "--json")
    #expect(
      result.errors.contains("mlp did not converge") && result.errors.contains("lower learningRate"), "\(result.errors)"
    )
    #expect((try report(result)["models"] as? [[String: Any]])?.first?["converged"] as? Bool == false)
  }

  @Test func boostingThatWasCutOffIsTold() throws {
    let folder = try folder(rows: 300)
    let result = try folder.run(
      "fit", "--data", "data.csv", "--model", "boosting", "--set", "boosting.maxIterations=3", "--json")
    #expect(result.errors.contains("still falling at maxIterations=3"), "\(result.errors)")
    let enough = try folder.run("fit", "--data", "data.csv", "--model", "boosting")
    #expect(!enough.errors.contains("still falling"), "\(enough.errors)")
  }

  @Test func meansThatAreNotKnownAreRefused() throws {
    let folder = try folder()
    let settings = ["loss=quantile", "quantile=0.9"].flatMap { ["--set", "boosting.\($0)"] }
    let fitted = try folder.run(
      ["fit", "--data", "data.csv", "--model", "boosting,ridge", "--target-transform", "none"] + settings)
    try #require(fitted.status == 0, "\(fitted.errors)")
    for (model, wanted, part) in [
      ("boosting", "mean", "predicts the quantile 0.9"), ("boosting", "median", "predicts the quantile 0.9"),
      ("ridge", "median", "predicts means"),
    ] {
      let result = try folder.run(
        "predict", "--model", "models/\(model).safetensors", "--data", "data.csv", "--predict", wanted)
      #expect(result.status == 64 && result.errors.contains(part) && result.output.isEmpty, "\(result.errors)")
    }
    let same = ["predict", "--model", "models/ridge.safetensors", "--data", "data.csv"]
    #expect(try folder.run(same).output == folder.run(same + ["--predict", "mean"]).output)
  }

  // MARK: Time

  @Test func aBudgetLeavesOutLoudly() throws {
    let folder = try folder(rows: 20_000)
    let result = try folder.run(
      "fit", "--data", "data.csv", "--model", "mean,ridge,forest", "--cv", "3", "--budget", "10s", "--json",
      "--set", "forest.estimators=20000")
    let report = try report(result)
    #expect((report["models"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["mean", "ridge"])
    let missing = try #require((report["left_out"] as? [[String: Any]])?.first)
    #expect(missing["name"] as? String == "forest" && missing["estimated_seconds"] is Double)
    #expect(result.errors.contains("learners: warning: forest is left out: it would take about"), "\(result.errors)")
    #expect(result.errors.contains("this will take about"), "\(result.errors)")
    #expect(
      folder.files(below: "models") == [
        "best.safetensors", "leaderboard.json", "mean.safetensors", "ridge.safetensors",
      ])
    let nothing = try folder.run(
      "fit", "--data", "data.csv", "--model", "forest", "--budget", "2s", "--out", "none", "--set",
      "forest.estimators=50000")
    #expect(nothing.status == 64 && nothing.errors.contains("no model fits in it"), "\(nothing.errors)")
  }

  @Test(arguments: ["10", "0s", "-5m", "1m1h", "m", "1d", "nan", "1e3s"]) func aBudgetThatIsNoTimeIsRefused(
    text: String
  ) throws {
    let result = try folder(rows: 20).run("fit", "--data", "data.csv", "--model", "mean", "--budget=\(text)")
    #expect(result.status == 64 && result.errors.contains("write 30s, 10m or 1h30m"), "\(text): \(result.errors)")
  }

  /// A target that a continued model cannot take is named by its line, not by the model.
  @Test func continueNamesTheLineOfATargetThatCannotBe() throws {
    let folder = try TemporaryFolder()
    let old = (1...40).map { "\($0),\($0 % 7 + 1)" }
    try folder.write("old.csv", (["x,y"] + old).joined(separator: "\n"))
    try folder.write("new.csv", (["x,y"] + old.prefix(3) + ["9,", "5,-3"] + old).joined(separator: "\n"))
    let settings = ["--set", "boosting.folds=0", "--set", "boosting.maxIterations=5"]
    for more in [["--target-transform", "log1p"], ["--set", "boosting.loss=poisson"]] {
      let fitted = try folder.run(
        ["fit", "--data", "old.csv", "--model", "boosting", "--cv", "2"] + settings + more)
      try #require(fitted.status == 0, "\(fitted.errors)")
      let result = try folder.run(
        "continue", "--model", "models/boosting.safetensors", "--data", "new.csv", "--iterations", "5", "--out",
        "longer.safetensors")
      #expect(result.status == 65 && result.errors.contains("new.csv: the target in line 6"), "\(result.errors)")
    }
  }

  /// Small jobs are neither measured nor talked about.
  @Test func aMomentIsNotMeasured() throws {
    let result = try folder(rows: 60).run("fit", "--data", "data.csv", "--model", "mean,ridge,svr")
    #expect(result.status == 0 && !result.errors.contains("this will take"), "\(result.errors)")
  }

  /// What is complete when it is interrupted is there, whole, and named; what is not, is named too.
  @Test func anInterruptKeepsWhatIsComplete() throws {
    let folder = try folder(rows: 20_000)
    let running = try Program.start(
      [
        "fit", "--data", "data.csv", "--model", "mean,ridge,forest", "--cv", "3", "--oof", "oof.csv",
        "--set", "forest.estimators=6000",
      ], in: folder.url)
    var errors = ""
    // The dear model says when it begins: the cheap ones are complete then.
    while !errors.contains("forest: about") {
      let piece = running.errors.availableData
      guard !piece.isEmpty else { break }
      errors += String(decoding: piece, as: UTF8.self)
    }
    running.process.interrupt()
    running.process.waitUntilExit()
    errors += String(decoding: running.errors.readDataToEndOfFile(), as: UTF8.self)
    #expect(running.process.terminationStatus == 130)
    #expect(
      errors.contains(
        "learners: interrupted: complete and in models/: mean, ridge (best of them: ridge), not there: forest"),
      "\(errors)")
    #expect(
      folder.files(below: "models") == [
        "best.safetensors", "leaderboard.json", "mean.safetensors", "ridge.safetensors",
      ])
    #expect(String(decoding: try folder.read("oof.csv"), as: UTF8.self).hasPrefix("row,fold,target,mean,ridge\n"))
    for name in ["best", "mean", "ridge"] {
      #expect(try folder.run("inspect", "--model", "models/\(name).safetensors").status == 0)
    }
  }
}
