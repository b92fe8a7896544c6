import Foundation
import TestSupport
import Testing

/// Ranges around predictions: `--interval` of `predict` and `evaluate`, and what `fit` and `inspect` say of them.
@Suite struct IntervalCommandTests {
  private func fitted(rows: Int = 200) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: rows))
    let result = try folder.run("fit", "--data", "data.csv", "--model", "ridge", "--cv", "4")
    try #require(result.status == 0, "\(result.errors)")
    return folder
  }

  private func json(_ result: Program.Result) throws -> [String: Any] {
    try #require(result.status == 0, "\(result.errors)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  private let predict = ["predict", "--model", "models/best.safetensors", "--data", "data.csv"]

  @Test func aRowHasLowAndHigh() throws {
    let folder = try fitted()
    let result = try folder.run(predict + ["--interval", "0.9"])
    let lines = result.output.split(separator: "\n")
    #expect(result.status == 0 && lines[0] == "row,price,low,high" && lines.count == 201)
    let report = try json(folder.run(predict + ["--interval", "0.9", "--json"]))
    let interval = try #require(report["interval"] as? [String: Any])
    let (low, high) = (interval["low"] as? [Double] ?? [], interval["high"] as? [Double] ?? [])
    let values = report["predictions"] as? [Double] ?? []
    #expect(interval["level"] as? Double == 0.9 && low.count == 200)
    #expect(zip(zip(low, high), values).allSatisfy { $0.0 < $1 && $1 < $0.1 })
    #expect(lines[7].split(separator: ",").compactMap { Double($0) } == [6, values[6], low[6], high[6]])
    #expect(try json(folder.run(predict + ["--json"]))["interval"] == nil)
  }

  /// A target of the name of a column of ours keeps its own.
  @Test func aTargetCalledLowStaysApart() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: 60).replacing("price", with: "low"))
    _ = try folder.run("fit", "--data", "data.csv", "--model", "ridge", "--cv", "3")
    #expect(try folder.run(predict + ["--interval", "0.5"]).output.hasPrefix("row,low,low_,high\n"))
  }

  @Test func evaluationCounts() throws {
    let folder = try fitted()
    let evaluate = ["evaluate", "--model", "models/best.safetensors", "--data", "data.csv", "--interval", "0.8"]
    let interval = try #require(json(folder.run(evaluate + ["--json"]))["interval"] as? [String: Any])
    let predicted = try json(folder.run(predict + ["--interval", "0.8", "--json"]))["interval"] as? [String: Any]
    let (low, high) = (predicted?["low"] as? [Double] ?? [], predicted?["high"] as? [Double] ?? [])
    let prices = smallTable(rows: 200).split(separator: "\n").dropFirst().compactMap { line in
      line.split(separator: ",").last.flatMap { Double($0) }
    }
    let inside = prices.indices.count { low[$0] <= prices[$0] && prices[$0] <= high[$0] }
    #expect(interval["coverage"] as? Double == Double(inside) / 200)
    #expect((interval["coverage_by_tenth"] as? [Double])?.count == 10)
    #expect(try folder.run(evaluate).output.contains("targets inside the range of 0.8"))
  }

  @Test func fitAndInspectSayHowGoodTheyAre() throws {
    let folder = try fitted()
    let report = try json(folder.run("fit", "--data", "data.csv", "--model", "ridge", "--cv", "4", "--json"))
    let model = try #require((report["models"] as? [[String: Any]])?.first)
    let interval = try #require(model["interval"] as? [String: Any])
    #expect(interval["level"] as? Double == 0.9 && abs((interval["coverage"] as? Double ?? 0) - 0.9) < 0.06)
    let inspected = try folder.run("inspect", "--model", "models/best.safetensors")
    #expect(inspected.output.contains("ranges      ") && inspected.output.contains("--interval 0.9"))
  }

  @Test(arguments: ["0", "1", "-1", "90", "nan", "often"]) func whatIsNoShareIsRefused(share: String) throws {
    let result = try TemporaryFolder().run(predict + ["--interval=\(share)"])
    #expect(result.status == 64 && result.errors.contains("interval"), "\(result.errors)")
  }

  @Test func whatAModelCannotTellIsRefused() throws {
    let folder = try fitted(rows: 12)
    let result = try folder.run(predict + ["--interval", "0.99"])
    #expect(result.status == 64 && result.errors.contains("the highest is 0.8461"), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
