import Foundation
import TestSupport
import Testing

/// What boosting can do that is asked for by name on the command line.
@Suite struct BoostingOptionsTests {
  private func folder(rows: Int = 120) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: rows))
    return folder
  }

  private static let fit = [
    "fit", "--data", "data.csv", "--model", "boosting", "--cv", "2", "--target-transform", "none",
  ]
  private static let model = ["--model", "models/boosting.safetensors"]

  @Test func constraintsNameColumns() throws {
    let folder = try folder()
    let fitted = try folder.run(
      Self.fit + ["--set", "boosting.monotone=size:-1,noise:+1", "--set", "boosting.maxIterations=40"])
    #expect(fitted.status == 0, "\(fitted.errors)")
    // The price rises with the size: a model that may only fall says the same for all sizes, or less.
    let rows = (0..<50).map { "\(2 * $0),flat,3" }.joined(separator: "\n")
    try folder.write("grid.csv", "size,kind,noise\n\(rows)\n")
    let predicted = try folder.run(["predict", "--data", "grid.csv"] + Self.model)
    let prices = predicted.output.split(separator: "\n").dropFirst().compactMap { Double($0.split(separator: ",")[1]) }
    #expect(prices.count == 50 && zip(prices, prices.dropFirst()).allSatisfy { $0 >= $1 })
    let inspected = try folder.run(["inspect"] + Self.model)
    #expect(inspected.output.contains("monotone noise:+1,size:-1"), "\(inspected.output)")
    let groups = try folder.run(Self.fit + ["--set", "boosting.interactions=size,kind/noise"])
    #expect(groups.status == 0, "\(groups.errors)")
  }

  @Test(arguments: [
    ("boosting.monotone=height:+1", 65, "height is not among the features"),
    ("boosting.monotone=kind:+1", 65, "kind holds texts"), ("boosting.monotone=size", 64, "COLUMN:+1"),
    ("boosting.interactions=size,,noise", 64, "COLUMN,COLUMN"), ("boosting.quantiles=0.9,0.1", 64, "LEVEL"),
  ])
  func aConstraintThatCannotBeSaysWhy(setting: String, status: Int32, part: String) throws {
    let result = try folder().run(Self.fit + ["--set", setting])
    #expect(result.status == status && result.errors.contains(part), "\(result.errors)")
  }

  @Test func severalQuantilesAreColumns() throws {
    let folder = try folder()
    let settings = ["boosting.loss=quantile", "boosting.quantiles=0.1,0.5,0.9", "boosting.maxIterations=30"]
    let fitted = try folder.run(Self.fit + settings.flatMap { ["--set", $0] })
    #expect(fitted.status == 0, "\(fitted.errors)")
    let predicted = try folder.run(["predict", "--data", "data.csv"] + Self.model)
    let lines = predicted.output.split(separator: "\n")
    #expect(lines[0] == "row,price,price_q0.1,price_q0.5,price_q0.9" && lines.count == 121)
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",").compactMap { Double($0) }
      #expect(cells[2] <= cells[3] && cells[3] <= cells[4] && cells[1] == cells[3])
    }
    let json = try folder.run(["predict", "--data", "data.csv", "--json"] + Self.model)
    let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let quantiles = try #require(report?["quantiles"] as? [String: Any])
    #expect(quantiles["levels"] as? [Double] == [0.1, 0.5, 0.9])
    #expect((quantiles["values"] as? [[Double]])?.count == 120)
    let explained = try folder.run(["explain", "--data", "data.csv", "--out", "why.csv"] + Self.model)
    #expect(explained.status == 65 && explained.errors.contains("several quantiles"), "\(explained.errors)")
  }

  /// On the same table and seed, fitting 30 trees and 12 more is fitting 42: the same file but for scores and parameters' text.
  @Test func aModelGoesOn() throws {
    let folder = try folder()
    let plain = ["--set", "boosting.folds=0", "--set", "boosting.maxIterations="]
    func fit(_ iterations: Int, to out: String) throws {
      let result = try folder.run(Self.fit + plain.dropLast() + [plain[3] + "\(iterations)", "--out", out])
      try #require(result.status == 0, "\(result.errors)")
    }
    try fit(30, to: "short")
    try fit(42, to: "long")
    let result = try folder.run(
      "continue", "--model", "short/boosting.safetensors", "--data", "data.csv", "--iterations", "12", "--out",
      "more.safetensors")
    #expect(result.status == 0 && result.output.contains("42 trees"), "\(result.errors)")
    let arguments = ["predict", "--data", "data.csv", "--model"]
    let long = try folder.run(arguments + ["long/boosting.safetensors"]).output
    #expect(try folder.run(arguments + ["more.safetensors"]).output == long)
    #expect(try folder.run(arguments + ["short/boosting.safetensors"]).output != long)

    let stopped = try folder.run(Self.fit)
    try #require(stopped.status == 0)
    let refused = try folder.run(["continue", "--data", "data.csv", "--iterations", "5", "--out", "x"] + Self.model)
    #expect(refused.status == 65 && refused.errors.contains("folds=0"), "\(refused.errors)")
    #expect(!folder.files().contains("x"))
    let curve = try folder.run(["inspect"] + Self.model).output
    #expect(curve.contains("loss on the rows left out, mean of 10 runs") && curve.contains("trees"), "\(curve)")
    let card = try folder.run(["inspect", "--json"] + Self.model).output
    let json = try JSONSerialization.jsonObject(with: Data(card.utf8)) as? [String: Any]
    #expect(((json?["validation_curve"] as? [String: Any])?["losses"] as? [Double])?.isEmpty == false)
  }
}
