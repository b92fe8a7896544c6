import FoundationEssentials
import Learners
import Linalg
import TestSupport
import Testing

/// A file is read in parts at the same time: the table and the error are those of a reader that knows no parts.
@Suite struct CSVPartsTests {
  private static let purpose = RandomPurpose("test.csv.parts")

  /// Rows of cells that have everything in them that may be cut in two.
  private func file(_ random: inout RandomStream) -> (bytes: [UInt8], width: Int) {
    let pieces = ["x", "\"\"", ",", "\n", "\r", "\r\n", " ", "é", "🙂", ";", "12", "-3.5", "\n\n", "NA"]
    let newLine = ["\n", "\r\n", "\r"][random.uniform(below: 3)]
    let width = 1 + random.uniform(below: 4)
    var text = (0..<width).map { "c\($0)" }.joined(separator: ",")
    for _ in 0..<1 + random.uniform(below: 30) {
      let cells = (0..<width).map { column -> String in
        // The first column is mostly numbers.
        if column == 0 && random.uniform() < 0.9 { return String(random.uniform(below: 100_000)) }
        let content = (0..<random.uniform(below: 7)).map { _ in pieces[random.uniform(below: pieces.count)] }.joined()
        let isPlain = !content.utf8.contains { "\",\n\r".utf8.contains($0) }
        return isPlain && random.uniform() < 0.7 ? content : "\"\(content)\""
      }
      text += newLine + cells.joined(separator: ",")
    }
    if random.uniform() < 0.7 { text += newLine }
    var bytes = Array(text.utf8)
    // Some are damaged.
    if random.uniform() < 0.4 {
      let place = random.uniform(below: bytes.count)
      bytes[place] = [UInt8(ascii: "\""), UInt8(ascii: ","), 0, 0xff, 10][random.uniform(below: 5)]
    }
    return (bytes, width)
  }

  private func outcome(_ bytes: [UInt8], _ options: ReadingOptions, partSize: Int) -> Result<Table, DataError> {
    do throws(DataError) {
      let file = InputFile(name: "t.csv", bytes: bytes)
      return .success(try TableReader.read([file], options: options, partSize: partSize))
    } catch { return .failure(error) }
  }

  @Test(arguments: 0..<600) func partsDoNotMatter(index: Int) throws {
    var random = RandomStream(seed: 11, purpose: Self.purpose, index: UInt64(index))
    let (bytes, _) = file(&random)
    var options = ReadingOptions()
    options.hasHeader = true
    options.delimiter = UInt8(ascii: ",")
    let whole = outcome(bytes, options, partSize: 1 << 20)
    for partSize in [1, 2, 3, 7, 16, 64, 65, 100, 1 + random.uniform(below: 200)] {
      let parts = outcome(bytes, options, partSize: partSize)
      let text = "\(partSize): \(String(decoding: bytes, as: UTF8.self).debugDescription)"
      switch (parts, whole) {
      case (.success(let a), .success(let b)):
        #expect(a.cells == b.cells, "\(text)")
        #expect(a.notes == b.notes, "\(text)")
        #expect(a.columns.map(\.notNumeric) == b.columns.map(\.notNumeric), "\(text)")
      case (.failure(let a), .failure(let b)): #expect(a == b, "\(text)")
      default: Issue.record("a table in one way, an error in the other: \(text)")
      }
    }
  }

  /// All columns as texts are the cells that the naive reader cuts.
  @Test(arguments: 0..<600) func cellsAreThoseOfTheNaiveReader(index: Int) throws {
    var random = RandomStream(seed: 12, purpose: Self.purpose, index: UInt64(index))
    let (bytes, width) = file(&random)
    var options = ReadingOptions()
    options.hasHeader = true
    options.delimiter = UInt8(ascii: ",")
    for column in 0..<width { options.rules["c\(column)"] = ColumnRule(.category, origin: .asked) }
    guard let rows = NaiveCSV.rows(bytes), Set(rows[0]) == Set((0..<width).map { "c\($0)" }) else { return }
    guard case .success(let table) = outcome(bytes, options, partSize: 1 + random.uniform(below: 50)) else {
      let isNothing = rows.count == 1
      #expect(isNothing, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
      return
    }
    let missing: Set = ["", "NA"]
    for column in 0..<width {
      let cells = rows.dropFirst().map { row -> String? in
        missing.contains(row[column].filter { $0 != " " }) && !row[column].contains("\"") ? nil : row[column]
      }
      #expect(table.columns[column].texts == cells)
    }
  }

  /// So many texts that the reader ceases to look for those it has, short and long ones, some of which come again far below:
  /// codes are those of a dictionary that is filled row by row.
  @Test(arguments: [1, 2]) func textsThatHardlyRepeat(threads: Int) throws {
    var random = RandomStream(seed: 14, purpose: Self.purpose, index: 0)
    let long = String(repeating: "long text ", count: 30)
    var rows: [(unique: String, name: String)] = []
    for row in 0..<150_000 {
      let unique =
        row % 7 == 3 && row > 0 ? rows[random.uniform(below: row)].unique : "\(row % 100 == 0 ? long : "")text \(row)"
      rows.append((row % 11 == 5 ? "a \"quoted\" \(row)" : unique, "name \(random.uniform(below: 30_000))"))
    }
    let lines = rows.map { "\"\($0.unique.replacing("\"", with: "\"\""))\",\($0.name)" }
    let bytes = Array("unique,name\n\(lines.joined(separator: "\n"))\n".utf8)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = threads
    let table = try outcome(bytes, ReadingOptions(), partSize: 100_000).get()
    for (column, texts) in [rows.map(\.unique), rows.map(\.name)].enumerated() {
      var codeOf: [String: Int32] = [:]
      var levels: [String] = []
      let codes = texts.map { text -> Int32 in
        if let code = codeOf[text] { return code }
        codeOf[text] = Int32(levels.count)
        levels.append(text)
        return Int32(levels.count - 1)
      }
      guard case .categorical(let found, let foundLevels) = table.columns[column].values else {
        Issue.record("not read as texts")
        continue
      }
      #expect(found == codes)
      #expect(foundLevels == Levels(levels))
    }
  }

  /// A reader of files on disk, with parts of their own size, on several threads.
  @Test func largerFileOnDisk() throws {
    try withTemporaryFolder { folder in
      var random = RandomStream(seed: 13, purpose: Self.purpose, index: 0)
      var text = "id,name,note,value\n"
      for row in 0..<60_000 {
        let name = "name \(random.uniform(below: 500))"
        text += "\(row),\(name),\"note \(random.uniform(below: 50_000)),\nof \"\"two\"\" lines\",\(Double(row) / 8)\n"
      }
      let path = "\(folder)/large.csv"
      try Data(Array(text.utf8)).write(to: URL(filePath: path))
      let table = try TableReader.read([path])
      let memory = try TableReader.read(
        [InputFile(name: path, bytes: Array(text.utf8))], options: .init(), partSize: 1 << 30)
      #expect(table.cells == memory.cells)
      #expect(table.rowCount == 60_000)
      #expect(table["value"]?.numbers?[59_999] == 59_999.0 / 8)
    }
  }
}
