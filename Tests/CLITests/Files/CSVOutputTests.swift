import Foundation
import TestSupport
import Testing

/// What the program writes as CSV, others read: pandas where it is, else Python's own reader.
@Suite struct CSVOutputTests {
  private static let names = [
    "price, EUR", "row", "base", "a \"b\"", "semi;colon", "tab\there", "ein Maß", "prediction", "#1", "sum", "fold",
  ]

  /// The header and the number of rows of a CSV file.
  private func read(_ file: String, in folder: TemporaryFolder) throws -> (header: [String], rows: Int) {
    let script = """
      import csv, json, sys
      try:
          import pandas
          table = pandas.read_csv(sys.argv[1])
          print(json.dumps([list(table.columns), len(table)]))
      except ImportError:
          rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8")))
          assert all(len(row) == len(rows[0]) for row in rows)
          print(json.dumps([rows[0], len(rows) - 1]))
      """
    let result = try Program.run(
      ["python3", "-c", script, file], in: folder.url, program: URL(filePath: "/usr/bin/env"))
    let found = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [Any]
    return (try #require(found?.first as? [String], "\(result.errors)"), found?.last as? Int ?? 0)
  }

  @Test func othersReadWhatIsWritten() throws {
    let folder = try TemporaryFolder()
    let header = Self.names.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",")
    let rows = (0..<40).map { row in
      Self.names.indices.map { String((row * (7 + 2 * $0)) % 31 + $0) }.joined(separator: ",") + "\n"
    }
    try folder.write(
      "data.csv", header + ",\"the, target\"\n" + rows.enumerated().map { $1.dropLast() + ",\($0 * 3 % 11)\n" }.joined()
    )
    let fit = try folder.run("fit", "--data", "data.csv", "--model", "ridge", "--oof", "oof.csv")
    try #require(fit.status == 0, "\(fit.errors)")
    let model = ["--model", "models/ridge.safetensors", "--data", "data.csv"]
    try #require(try folder.run(["predict", "--out", "p.csv"] + model).status == 0)
    try #require(try folder.run(["explain", "--out", "e.csv"] + model).status == 0)
    let predicted = try read("p.csv", in: folder)
    #expect(predicted.header == ["row", "the, target"] && predicted.rows == 40)
    let explained = try read("e.csv", in: folder)
    #expect(explained.header == ["row_", "base_"] + Self.names + ["sum_", "prediction_"] && explained.rows == 40)
    let outOfFold = try read("oof.csv", in: folder)
    #expect(outOfFold.header == ["row", "fold", "target", "ridge"] && outOfFold.rows == 40)
  }
}
