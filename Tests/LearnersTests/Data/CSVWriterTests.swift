import Learners
import Testing

@Suite struct CSVWriterTests {
  private static let names = [
    "price, EUR", "a\"b", "line\nend", "row", "base", "ein Maß", "🎉", "semi;colon", "tab\tbed", "pipe|d", "'", "#x",
    "1.5", "NA", "true", "=1+1", "a\r\nb",
  ]

  /// Names and texts come back as they were, from our own reader.
  @Test func whatIsWrittenIsReadAgain() throws {
    let header = CSVWriter.header(Self.names.map { ($0, false) })
    let text = header + CSVWriter.line(Self.names.map { "cell of \($0)" })
    let table = try Reading.table("t.csv", text)
    #expect(table.columns.map(\.name) == Self.names)
    #expect(table.columns.map { $0.text(0) } == Self.names.map { "cell of \($0)" })
  }

  @Test func oursGiveWay() {
    #expect(
      CSVWriter.header([("row", true), ("row", false), ("row_", false), ("sum", true)]) == "row__,row,row_,sum\n")
    #expect(CSVWriter.header([("row", true), ("y", false)]) == "row,y\n")
    #expect(CSVWriter.header([("row", true), ("row", true)]) == "row,row_\n")
  }

  @Test func plainCellsStayPlain() {
    #expect(CSVWriter.line(["1", "2.5", "a b", ""]) == "1,2.5,a b,\n")
    #expect(CSVWriter.line([""]) == "\"\"\n")
    #expect(CSVWriter.cell(" a") == "\" a\"" && CSVWriter.cell("a\0b") == "\"a\u{FFFD}b\"")
  }
}
