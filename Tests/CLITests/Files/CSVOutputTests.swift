import Foundation
import Learners
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
    for (file, header) in [("p.csv", predicted.header), ("e.csv", explained.header)] {
      let table = try TableReader.read([folder.url.appending(path: file).path()])
      #expect(table.columns.map(\.name) == header && table.rowCount == 40)
    }
    let outOfFold = try read("oof.csv", in: folder)
    #expect(outOfFold.header == ["row", "fold", "target", "ridge"] && outOfFold.rows == 40)
  }

  /// Targets of any name are read back from what is predicted, by others and by ourselves, with the numbers of the JSON.
  @Test(arguments: [
    "row", "base", "sum", "prediction", "a \"quoted\" name", "\"", "two\nlines", "a\r\nb", "comma, semicolon; bar|",
    "tab\t",
    "Größe", "価格", "🙂", "e\u{301}", "'", "#", "=1+1", "NA", "1", "true", "2024-01-01", "a  b", "sep=;",
  ])
  func targetsOfAnyName(name: String) throws {
    let folder = try TemporaryFolder()
    let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
    try folder.write(
      "data.csv", "x0,x 1,\(quoted)\n" + (0..<40).map { "\($0 * 7 % 31),\($0 * 5 % 13),\($0 * 3 % 11).5\n" }.joined())
    let fit = try folder.run("fit", "--data", "data.csv", "--model", "ridge")
    try #require(fit.status == 0, "\(fit.errors)")
    let model = ["--model", "models/ridge.safetensors", "--data", "data.csv"]
    try #require(try folder.run(["predict", "--out", "p.csv"] + model).status == 0)
    let found = try read("p.csv", in: folder)
    let known = name.trimmingCharacters(in: CharacterSet(charactersIn: " \t"))
    #expect(found.header == [known == "row" ? "row_" : "row", known] && found.rows == 40)
    let table = try TableReader.read([folder.url.appending(path: "p.csv").path()])
    #expect(table.columns.map(\.name) == found.header && table.rowCount == 40)
    let json = try folder.run(["predict", "--json"] + model).output
    // JSONSerialization rounds some numbers of 17 digits to a neighbour.
    struct Answer: Decodable { let predictions: [Double] }
    let predictions = try JSONDecoder().decode(Answer.self, from: Data(json.utf8)).predictions
    #expect(table.columns[1].values == .numeric(predictions))
  }
}
