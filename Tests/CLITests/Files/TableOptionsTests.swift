import Foundation
import TestSupport
import Testing

/// Tables as they come, read by the program.
@Suite struct TableOptionsTests {
  private func rows(_ range: Range<Int>, _ cell: (Int) -> String = { "\($0)" }) -> String {
    "size,y\n" + range.map { "\(cell($0)),\(2 * $0 + 1)\n" }.joined()
  }

  private func fit(_ folder: TemporaryFolder, _ options: String...) throws -> Program.Result {
    try folder.run(["fit", "--data", "data.csv", "--model", "ridge", "--cv", "2"] + options)
  }

  private func predict(_ folder: TemporaryFolder, _ file: String, _ options: String...) throws -> Program.Result {
    try folder.run(["predict", "--model", "models/ridge.safetensors", "--data", file] + options)
  }

  /// What was missing in training is missing in prediction, without the option.
  @Test func missingAndTypes() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", rows(0..<60) { $0 % 10 == 3 ? "-999" : $0 % 10 == 4 ? "gone" : "\($0)" })
    let result = try fit(folder, "--missing", "gone,-999")
    #expect(result.status == 0, "\(result.errors)")
    let card = try folder.run("inspect", "--model", "models/ridge.safetensors").output
    #expect(card.contains("“-999”") && card.contains("“gone”"), "\(card)")
    try folder.write("gone.csv", "size\ngone\n")
    try folder.write("empty.csv", "size\nNA\n")
    let gone = try predict(folder, "gone.csv")
    #expect(gone.status == 0, "\(gone.errors)")
    #expect(gone.output == (try predict(folder, "empty.csv").output))
    let number = try fit(folder, "--types", "size=number")
    #expect(number.status == 0 && number.errors.contains("6 cells such as “gone”"), "\(number.errors)")
    #expect(try fit(folder, "--types", "size=integer").status == 64)
    let unknown = try fit(folder, "--types", "length=number")
    #expect(unknown.status == 65 && unknown.errors.contains("no column length"), "\(unknown.errors)")
  }

  @Test func oddCellsAreToldWithTheirLine() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", rows(0..<60) { $0 == 17 ? "n.a.!" : "\($0)" })
    let result = try fit(folder)
    #expect(
      result.status == 0 && result.errors.contains("data.csv:19, column size: 1 cell such as “n.a.!”"),
      "\(result.errors)")
    try folder.write("new.csv", "size\nlarge\n")
    let bad = try predict(folder, "new.csv")
    #expect(bad.status == 65 && bad.errors.contains("new.csv:2"), "\(bad.errors)")
  }

  @Test func dialectsAndStandardInput() throws {
    let folder = try TemporaryFolder()
    try folder.write("data.csv", rows(0..<60))
    try #require(try fit(folder).status == 0)
    try folder.write("new.csv", "size\n7\n8.5\n")
    let expected = try predict(folder, "new.csv")
    try folder.write("new.tsv", "size\tother\n7\tx\n8.5\ty\n")
    try folder.write("semicolons.csv", "size;other\n7,0;1,25\n8,5;2,5\n")
    try folder.write("new.ndjson", "{\"size\":7}\n{\"size\":8.5}\n")
    for file in ["new.tsv", "new.ndjson"] {
      let result = try predict(folder, file)
      #expect(result.status == 0 && result.output == expected.output, "\(file): \(result.errors)")
    }
    // The model was fitted with points: it must not guess, row by row, what a comma is.
    let commas = try predict(folder, "semicolons.csv")
    #expect(commas.status == 65 && commas.errors.contains("--decimal comma"), "\(commas.errors)")
    #expect(try predict(folder, "semicolons.csv", "--decimal", "comma").output == expected.output)
    let command = "'\(Program.url.path())' predict --model models/ridge.safetensors --data - < new.csv"
    let piped = try Program.run(["-c", command], in: folder.url, program: URL(filePath: "/bin/sh"))
    #expect(piped.status == 0 && piped.output == expected.output, "\(piped.errors)")
    #expect(try predict(folder, "new.csv", "--delimiter", "ab").status == 64)
  }

  @Test func datesAreFeatures() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<80).map { "2024-\(1 + $0 / 28 % 12)-\(1 + $0 % 28),\($0)\n" }
    try folder.write("data.csv", "when,y\n" + lines.joined())
    let result = try fit(folder, "--json")
    #expect(result.status == 0 && result.errors.contains("column when holds dates"), "\(result.errors)")
    try folder.write("new.csv", "when\n2024-2-5\n")
    let alone = try predict(folder, "new.csv")
    #expect(alone.status == 0 && !alone.errors.contains("ignored"), "\(alone.errors)")
    let among = try predict(folder, "data.csv").output.split(separator: "\n")
    #expect(alone.output.split(separator: "\n")[1].split(separator: ",")[1] == among[33].split(separator: ",")[1])
    #expect(try folder.run("inspect", "--model", "models/ridge.safetensors").output.contains("a column of dates"))
  }
}
