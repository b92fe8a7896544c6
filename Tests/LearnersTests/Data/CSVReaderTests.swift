import Learners
import Linalg
import Testing

@Suite struct CSVReaderTests {
  private func read(_ text: String) throws -> Table { try Reading.table("t.csv", text) }
  private func column(_ cells: String) throws -> Column? { try read("x,y\n" + cells)["x"] }

  @Test func numbersAndTexts() throws {
    let table = try read("a,b\n1,x\n-2.5,y\n3e2,x\n")
    #expect(table.rowCount == 3)
    #expect(table.columns.map(\.name) == ["a", "b"])
    #expect(table["a"]?.numbers == [1, -2.5, 300])
    #expect(table["b"]?.values == .categorical(codes: [0, 1, 0], levels: ["x", "y"]))
  }

  @Test(arguments: ["\n", "\r\n", "\r"], ["", "end", "ends"])
  func lineEnds(newLine: String, last: String) throws {
    let end = last == "" ? "" : last == "end" ? newLine : newLine + newLine + newLine
    let table = try read(["a,b", "1,x", "2,\"p\(newLine)q\""].joined(separator: newLine) + end)
    #expect(table["a"]?.numbers == [1, 2])
    #expect(table["b"]?.texts == ["x", "p\(newLine)q"])
  }

  @Test func quotes() throws {
    let table = try read("\"a\",\" b \"\"c\"\"\"\n\"1\",\"say \"\"no\"\", twice\"\n\" 2 \",\"\"\n\"\",é漢🙂\n")
    #expect(table.columns.map(\.name) == ["a", "b \"c\""])
    #expect(table["a"]?.numbers == [1, 2, nil])
    #expect(table["b \"c\""]?.texts == ["say \"no\", twice", nil, "é漢🙂"])
  }

  @Test func byteOrderMark() throws {
    #expect(try Reading.table("t.csv", [0xef, 0xbb, 0xbf] + Array("a\n1".utf8)).columns.map(\.name) == ["a"])
  }

  @Test func emptyCellsAtTheEndOfRows() throws {
    let table = try read("a,b,c\n,,\n1,,\n,,3")
    #expect(table["a"]?.numbers == [nil, 1, nil])
    #expect(table["b"]?.numbers == [nil, nil, nil])
    #expect(table["c"]?.numbers == [nil, nil, 3])
  }

  @Test func blankLineInOneColumnIsMissing() throws {
    #expect(try read("a\n1\n\n3\n\n")["a"]?.numbers == [1, nil, 3])
  }

  @Test(arguments: [
    "", "NA", "N/A", "n/a", "NaN", "nan", "NaT", "null", "NULL", "None", "<NA>", "#NA", "#N/A", "#N/A N/A", "-NaN",
    "1.#IND", "-1.#QNAN", " ", "\t NA ", "\"NA\"", "\"\"",
  ])
  func missing(cell: String) throws {
    #expect(try column("1,0\n\(cell),0\n2,0")?.numbers == [1, nil, 2])
    #expect(try column("a,0\n\(cell),0")?.texts == ["a", nil])
  }

  @Test(arguments: ["NULLs", "N\\A", "1 2", "0x1f", "1e", "1_000", "nan(1)", "12A", "$", "1,2,3", "12-5", "€5 %"])
  func text(cell: String) throws {
    #expect(try column("\"\(cell)\",0\n1,0")?.texts == [cell, "1"])
  }

  /// Texts in the last rows: the cells before them are read as the texts that they were.
  @Test func lateTextsKeepTheTextsBefore() throws {
    let cells = (0..<2000).map { $0 % 7 == 0 ? "NA" : "\($0).0" }
    let table = try read("x\n" + cells.joined(separator: "\n") + String(repeating: "\nlast", count: 200))
    #expect(table["x"]?.texts == cells.map { $0 == "NA" ? nil : $0 } + Array(repeating: "last", count: 200))
    #expect(table["x"]?.notNumeric?.location == .init(file: "t.csv", line: 2002, field: 1, column: "x"))
  }

  @Test func truthValues() throws {
    #expect(try column("true,0\nFALSE,0\n,0\nTrue,0")?.numbers == [1, 0, nil, 1])
    #expect(try column("true,0\n1,0")?.texts == ["true", "1"])
    #expect(try column("true,0\nyes,0")?.texts == ["true", "yes"])
  }

  @Test func longIntegers() throws {
    // 2^53 + 1 alone makes names of all; with a fraction in the column they are numbers; 2^60 is exact.
    let identifiers = try #require(try column("9007199254740993,0\n7,0\n,0"))
    #expect(identifiers.texts == ["9007199254740993", "7", nil])
    #expect(identifiers.notNumeric?.location.line == 2)
    #expect(try column("9007199254740993,0\n0.5,0")?.numbers == [9_007_199_254_740_992, 0.5])
    #expect(try column("1152921504606846976,0")?.numbers == [0x1p60])
  }

  @Test(arguments: ["inf", "-Infinity", "+INF", "1e999"])
  func infinity(cell: String) throws {
    let error = Reading.error("t.csv", "x,y\n1,0\n\(cell),0")
    #expect(error?.location == .init(file: "t.csv", line: 3, field: 1, column: "x"))
    #expect(error?.what == "“\(cell)” is not a finite number")
    #expect(try column("\(cell),0\nword,0")?.texts == [cell, "word"])
  }

  @Test func notNumericNamesTheFirstCell() throws {
    let table = try read("a,stars\n1,2\n\"p\nq\",3\n2, many \n3,few")
    #expect(table["a"]?.notNumeric?.location == .init(file: "t.csv", line: 3, field: 1, column: "a"))
    #expect(
      table["stars"]?.notNumeric?.description
        == "t.csv:5, field 2, column stars: “ many ” is not a number: "
        + "correct the cell, leave it empty if the value is missing, or choose another column")
    #expect(try read("a\n1")["a"]?.notNumeric == nil)
  }

  @Test func filesAreOneTable() throws {
    let files = [("1.csv", "a,b\n1,x\n"), ("2.csv", "b,a\ny,2\nx,three\n"), ("3.csv", "a,b\n")]
    let table = try TableReader.read(files.map { InputFile(name: $0.0, bytes: Array($0.1.utf8)) })
    #expect(table["a"]?.texts == ["1", "2", "three"])
    #expect(table["b"]?.values == .categorical(codes: [0, 1, 0], levels: ["x", "y"]))
    #expect(table["a"]?.notNumeric?.location == .init(file: "2.csv", line: 3, field: 2, column: "a"))
  }

  @Test(arguments: [
    ("a,c", "2.csv:1, field 2: the column “c” is in no file before it: give files with the same columns"),
    ("a", "2.csv:1: the column “b” of the files before it is missing: give files with the same columns"),
  ])
  func filesWithOtherColumns(header: String, message: String) {
    #expect {
      try TableReader.read([
        InputFile(name: "1.csv", bytes: Array("a,b\n1,2".utf8)),
        InputFile(name: "2.csv", bytes: Array("\(header)\n1,2".utf8)),
      ])
    } throws: {
      "\($0)" == message
    }
  }

  /// What a careful writer writes comes back, whatever is in the cells.
  @Test(arguments: 0..<200) func writtenTextsComeBack(index: Int) throws {
    var random = RandomStream(seed: 5, purpose: RandomPurpose("test.csv"), index: UInt64(index))
    let pieces = ["x", "\"", ",", "\n", "\r", "\r\n", " ", "é", "🙂", ";", "12"]
    let newLine = ["\n", "\r\n", "\r"][index % 3]
    let width = 1 + random.uniform(below: 4)
    var rows: [[String]] = []
    for _ in 0...random.uniform(below: 20) {
      rows.append(
        (0..<width).map { _ in
          (0...random.uniform(below: 5)).map { _ in pieces[random.uniform(below: pieces.count)] }.joined() + "t"
        })
    }
    func written(_ cell: String) -> String {
      let needsQuotes = cell.utf8.contains { "\",\n\r".utf8.contains($0) }
      return needsQuotes || random.uniform() < 0.2 ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
    }
    let lines =
      [(0..<width).map { "c\($0)" }.joined(separator: ",")] + rows.map { $0.map(written).joined(separator: ",") }
    let table = try read(lines.joined(separator: newLine))
    #expect(table.rowCount == rows.count)
    for column in 0..<width { #expect(table.columns[column].texts == rows.map { $0[column] }) }
  }

  @Test(arguments: [
    ("", "t.csv: the file is empty"),
    ("\n\n", "t.csv: the file is empty"),
    ("a,b\n", "t.csv: there are no rows"),
    ("\"\"\n1", "t.csv:1, field 1: the column has no name"),
    ("a,b, a\n1,2,3", "t.csv:1, field 3: the column “a” is also field 1"),
    ("a,b\n1,2\n3\n", "t.csv:3: the row has 1 cell, the header has 2"),
    ("a,b\n1,2\n\"x\ny\",2\n3,4,5,6\n", "t.csv:5: the row has 4 cells, the header has 2"),
    ("a,b\n1,2\n\n3,4\n", "t.csv:3: the line is blank"),
    ("a,b\n1,2\n3,\"x\n5,6\n7,8\n", "t.csv:3, field 2, column b: a quote opens here and is never closed"),
    ("a,b\n1,2\n3,\"x\"y\n", "t.csv:3, field 2, column b: there is text after the closing quote"),
    ("a,b\n1,2\n3, \"x\"\n", "t.csv:3, field 2, column b: there is a quote in a cell without quotes around it"),
    ("a,\"b\n", "t.csv:1, field 2: a quote opens here and is never closed"),
    ("a,b\n1,2\0", "t.csv:2, field 2, column b: there is a NUL byte: this is no text"),
    ("a,b\n1,\"2\0\"", "t.csv:2, field 2, column b: there is a NUL byte: this is no text"),
  ])
  func faults(text: String, message: String) {
    let description = Reading.error("t.csv", text)?.description ?? ""
    #expect(description.hasPrefix(message + ": "), "\(description)")
  }

  @Test(
    arguments: [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]], [false, true])
  func invalidUTF8(bytes: [UInt8], isQuoted: Bool) {
    let quote = Array((isQuoted ? "\"" : "").utf8)
    let error = Reading.error("t.csv", Array("a,b\n1,2\n3,".utf8) + quote + bytes + quote)
    #expect(error?.what == "the text is not UTF-8")
    #expect(error?.location == .init(file: "t.csv", line: 3, field: 2, column: "b"))
  }

  @Test func otherKindsOfFile() {
    #expect(Reading.error("t.csv", [0x1f, 0x8b, 8, 0])?.what == "is gzip data")
    #expect(Reading.error("t.csv", [0xff, 0xfe, 0x61, 0])?.what == "is UTF-16 text")
    #expect(Reading.error("t.csv", "PK\u{3}\u{4}xl")?.what == "is a ZIP archive or a spreadsheet")
  }

  @Test func messagesStayOnOneLine() throws {
    let cell = "\"p\nq" + String(repeating: "r", count: 100) + "\""
    let what = try #require(try column("\(cell),0")?.notNumeric?.what)
    #expect(Reading.error("t.csv", "\"p\nq\"\ninf")?.description.contains("\n") == false)
    #expect(what == "“p\\nq\(String(repeating: "r", count: 37))…” is not a number")
  }
}
