import Learners
import Testing

/// Files that are not written as RFC 4180 says.
@Suite struct DialectTests {
  private func read(_ text: String, name: String = "t.csv", _ ask: (inout ReadingOptions) -> Void = { _ in }) throws
    -> Table
  {
    try Reading.table(name, text, ask)
  }

  @Test(arguments: [";", "\t", "|"]) func delimiters(mark: String) throws {
    let table = try read("a,b\n1,x\n2,\"y,z\"\n".replacing(",", with: mark))
    #expect(table["a"]?.numbers == [1, 2])
    #expect(table["b"]?.texts == ["x", "y\(mark)z"])
    #expect(table.notes.count == 1)
    #expect(try read("a\tb\n1\t2\n", name: "t.tsv").notes.isEmpty)
  }

  @Test func decimalCommas() throws {
    let table = try read("a;b;c\n1,5;1.234;x\n2,25;5.000;y\n")
    #expect(table["a"]?.numbers == [1.5, 2.25])
    #expect(table["b"]?.numbers == [1234, 5000], "the whole file agrees")
    // One column with points, and each decides for itself.
    let mixed = try read("a;b\n1,5;1.5\n2,25;2.5\n")
    #expect(mixed["a"]?.numbers == [1.5, 2.25])
    #expect(mixed["b"]?.numbers == [1.5, 2.5])
    #expect(try read("1,5;2,5\n3,5;4,5\n")["x0"]?.numbers == [1.5, 3.5])
  }

  @Test func textsMayHoldOtherDelimiters() throws {
    let table = try read("name,topics\nx,a;b;c\ny,d;e\n")
    #expect(table["topics"]?.texts == ["a;b;c", "d;e"])
    #expect(try read("note;n\n\"a; b\";1\nc, d;2\n")["note"]?.texts == ["a; b", "c, d"])
  }

  @Test func declared() throws {
    #expect(try read("sep=;\na;b\n1;2\n")["b"]?.numbers == [2])
  }

  @Test func withoutNames() throws {
    let numbers = try read("1,2.5\n3,4\n5,6\n")
    #expect(numbers["x0"]?.numbers == [1, 3, 5])
    #expect(numbers.notes.count == 1)
    let iris = try read("5.1,3.5,setosa\n4.9,3,setosa\n6,2,virginica\n")
    #expect(iris.rowCount == 3 && iris["x2"]?.texts == ["setosa", "setosa", "virginica"])
    #expect(try read("2024-01-31,1\n2024-02-01,2\n").rowCount == 2)
  }

  @Test(arguments: ["0,1,2", "country,1990,1991", "1990,1991,1992", "a,2", "name,0.1,0.5"])
  func numbersMayBeNames(header: String) throws {
    let width = header.split(separator: ",").count
    let row = (0..<width).map { "\(7 - 2 * $0).5" }.joined(separator: ",")
    #expect(
      try read("\(header)\n\(row)\n\(row)\n").columns.map(\.name) == header.split(separator: ",").map(String.init))
  }

  @Test func namesOfAModelAreNames() throws {
    #expect(try read("1,2\n3,4\n") { $0.rules["1"] = ColumnRule(.number, origin: .model) }.rowCount == 1)
    #expect(try read("a,b\n3,4\n") { $0.hasHeader = false }["x0"]?.texts == ["a", "3"])
    #expect(try read("1,2\n3,4\n") { $0.hasHeader = true }["1"]?.numbers == [3])
    #expect(try read("a;b,c\n1;2,3\n") { $0.delimiter = UInt8(ascii: ",") }["c"]?.numbers == [3])
  }

  @Test func indexOfPandas() throws {
    let table = try read(",a,b\n0,1,2\n1,3,4\n2,5,6\n")
    #expect(table.columns.map(\.name) == ["a", "b"])
    #expect(table.notes == [.index(column: "Unnamed: 0")])
    #expect(try read("Unnamed: 0,a\n5,1\n3,2\n9,4\n").columns.map(\.name) == ["a"], "after a shuffle")
    #expect(try read("\"\",a\n\"1\",7\n\"2\",8\n").columns.map(\.name) == ["a"], "of R")
    #expect(try read(",a\nx,1\ny,2\n").columns.map(\.name) == ["Unnamed: 0", "a"])
    #expect(try read("a,b,\n1,2,\n3,4,\n").columns.map(\.name) == ["a", "b"])
  }

  @Test func blankLinesOfOneColumn() throws {
    let table = try read("a\n1\n\n3\n\n\n")
    #expect(table["a"]?.numbers == [1, nil, 3])
    #expect(table.notes == [.blankLines(file: "t.csv", missing: 1, atEnd: 2)])
  }

  @Test func otherNames() throws {
    #expect(try read("{\"a\":1}\n{\"a\":2}\n", name: "t.ndjson")["a"]?.numbers == [1, 2])
    let packed = InputFile(name: "t.jsonl.gz", bytes: gzipMember(Array("{\"a\":1}\n{\"a\":2}\n".utf8)))
    #expect(try TableReader.read([packed])["a"]?.numbers == [1, 2])
    let piped = InputFile(name: InputFile.nameOfStandardInput, bytes: gzipMember(Array("a,b\n1,2\n".utf8)))
    #expect(throws: Never.self) { try TableReader.read([piped]) }
  }
}
