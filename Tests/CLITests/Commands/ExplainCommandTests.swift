import Foundation
import TestSupport
import Testing

@Suite struct ExplainCommandTests {
  private func fitted(_ arguments: String..., rows: Int = 90) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", smallTable(rows: rows))
    let result = try folder.run(["fit", "--data", "data.csv", "--cv", "2"] + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return folder
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: ["mean", "ridge", "forest", "extra-trees", "boosting"])
  func baseAndContributionsMakeThePrediction(model: String) throws {
    let folder = try fitted("--model", model, "--target-transform", "log1p")
    let file = "models/\(model).safetensors"
    let result = try folder.run("explain", "--model", file, "--data", "data.csv", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let report = try json(result.output)
    #expect(report["scale"] as? String == "ln(1 + price)")
    let base = try #require(report["base"] as? Double)
    let rows = try #require(report["rows"] as? [[String: Any]])
    let columns = try #require(report["columns"] as? [[String: Any]])
    #expect(columns.compactMap { $0["name"] as? String } == ["size", "kind", "noise"] && rows.count == 90)
    for row in rows {
      let sum = try #require(row["contributions"] as? [Double]).reduce(base, +)
      #expect(abs(sum - (try #require(row["sum"] as? Double))) < 1e-9)
      let prediction = try #require(row["prediction"] as? Double)
      #expect(abs(expm1(sum) - prediction) < 1e-6 * max(1, abs(prediction)))
    }
    if model != "mean" {
      let shuffled = columns.compactMap { $0["permutation"] as? Double }
      #expect(shuffled.count == 3 && shuffled[1] > 0.3 && shuffled[1] > shuffled[2])
    }
  }

  @Test func contributionsAreWrittenAsCSV() throws {
    let folder = try fitted("--model", "forest", "--set", "forest.estimators=5")
    let arguments = ["--model", "models/forest.safetensors", "--data", "data.csv"]
    let result = try folder.run(["explain", "--out", "why.csv"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    let lines = String(decoding: try folder.read("why.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 91 && lines[0] == "row,base,size,kind,noise,sum,prediction")
    let predicted = try folder.run(["predict"] + arguments).output.split(separator: "\n")
    for row in 1...90 {
      let cells = lines[row].split(separator: ",").compactMap { Double($0) }
      #expect(abs(cells[1...4].reduce(0, +) - cells[5]) < 1e-9 * abs(cells[5]))
      #expect(lines[row].split(separator: ",").last == predicted[row].split(separator: ",").last)
    }
  }

  @Test func aPersonSeesWhatMatters() throws {
    let folder = try fitted("--model", "boosting", "--set", "boosting.maxIterations=50")
    let arguments = ["explain", "--model", "models/boosting.safetensors", "--data", "data.csv"]
    let table = try folder.run(arguments)
    #expect(table.status == 0, "\(table.errors)")
    for part in ["boosting", "price", "contribution", "R² lost by shuffling", "kind", "█"] {
      #expect(table.output.contains(part), "“\(part)” is not in: \(table.output)")
    }
    let row = try folder.run(arguments + ["--row", "4"])
    #expect(row.status == 0 && row.output.contains("row 4 of boosting") && row.output.contains("base"))
    #expect(try folder.run(arguments + ["--row", "90"]).status == 64)
    #expect(try folder.run(arguments + ["--row", "1", "--json"]).status == 64)
    #expect(try folder.run(arguments + ["--out", "data.csv"]).status == 64)
  }

  @Test func whatHasNoContributionsSaysSo() throws {
    let folder = try fitted("--model", "svr")
    let arguments = ["explain", "--model", "models/svr.safetensors", "--data", "data.csv"]
    let table = try folder.run(arguments)
    #expect(table.status == 0 && table.errors.contains("cannot be divided exactly"), "\(table.errors)")
    #expect(table.output.contains("R² lost by shuffling"))
    let out = try folder.run(arguments + ["--out", "why.csv"])
    #expect(out.status == 65 && out.errors.contains("ridge, forest"), "\(out.errors)")
    try folder.write("plain.csv", "size,kind,noise\n5,flat,1\n50,castle,2\n")
    let plain = try folder.run("explain", "--model", "models/svr.safetensors", "--data", "plain.csv")
    #expect(plain.status == 0 && plain.errors.contains("needs rows with a known price"), "\(plain.errors)")
  }
}
