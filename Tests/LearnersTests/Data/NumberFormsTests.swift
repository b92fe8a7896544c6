import Learners
import Testing

/// Numbers as people and spreadsheets write them.
@Suite struct NumberFormsTests {
  private func read(_ cells: [String], _ ask: (inout ReadingOptions) -> Void = { _ in }) throws -> Table {
    let rows = cells.map { "\"\($0.replacing("\"", with: "\"\""))\",0" }
    return try Reading.table("t.csv", "x,y\n" + rows.joined(separator: "\n"), ask)
  }

  @Test(
    arguments: [
      (["1,180", "650"], [1180, 650]),
      (["1,234,567.5", "2"], [1_234_567.5, 2]),
      (["12,34,567", "1,23,456"], [1_234_567, 123_456]),
      (["1 234", "1 234 567"], [1234, 1_234_567]),
      (["1\u{a0}234", "1\u{202f}234,5"], [1234, 1234.5]),
      (["1'234.50", "5"], [1234.5, 5]),
      (["1,5", "2,25", "3"], [1.5, 2.25, 3]),
      (["1.234,5", "1.234"], [1234.5, 1234]),
      (["1.234.567", "2"], [1_234_567, 2]),
      (["0,125", "1,250"], [0.125, 1.25]),
      (["65.2%", "7 %"], [65.2, 7]),
      (["$1,234.50", "-$5", "$ 7"], [1234.5, -5, 7]),
      (["€ 12", "13 €", "€14", "15"], [12, 13, 14, 15]),
      (["1.234,56 €", "2,50 €"], [1234.56, 2.5]),
      (["−3", "–4", "5"], [-3, -4, 5]),
      (["(250)", "$(1,000.00)", "7"], [-250, -1000, 7]),
      (["1e3", "+2"], [1000, 2]),
    ] as [([String], [Double])])
  func areNumbers(cells: [String], numbers: [Double]) throws {
    #expect(try read(cells)["x"]?.numbers == numbers.map { $0 })
  }

  @Test(arguments: [
    ["1,2345", "2"], ["1,23,4567", "x"], ["1..2", "3"], ["12-5", "3"], ["5 apples", "6"], ["1.2.3", "4"], ["$", "5"],
    ["1 2", "3"], ["0x1f", "2"], ["1_000", "2"], ["€5 %", "2"],
  ])
  func areNone(cells: [String]) throws {
    if cells[0] == "1,2345" {
      // A comma that cannot separate thousands comes before decimals.
      #expect(try read(cells)["x"]?.numbers == [1.2345, 2])
    } else {
      #expect(try read(cells)["x"]?.texts == cells)
    }
  }

  @Test(arguments: ["?", "-", "--", "none", "Null", "na", "N.A.", "missing", "unknown", "#DIV/0!", "#VALUE!", "—", "*"])
  func wordsAmongNumbersAreMissing(word: String) throws {
    let table = try read(["1", word, "3", word])
    #expect(table["x"]?.numbers == [1, nil, 3, nil])
    guard case .takenAsMissing("x", let cells)? = table.notes.first else {
      Issue.record("no note: \(table.notes)")
      return
    }
    #expect(cells.count == 2 && cells.first == word && cells.place.line == 3)
    // Among names it is a name.
    #expect(try read(["a", word, "b"])["x"]?.texts == ["a", word, "b"])
  }

  /// One odd cell of many is missing, and told; with more of them the column is names, and that is told too.
  @Test func fewOddCells() throws {
    let numbers = (0..<40).map { "\($0)" }
    let one = try read(numbers + ["Total"])
    #expect(one["x"]?.numbers?.last == .some(nil))
    #expect(
      one.notes.map(\.description).contains {
        $0.hasPrefix("t.csv:42, column x: 1 cell such as “Total” is no number, unlike the others of the column")
      })
    #expect(one["x"]?.notNumeric?.location.line == 42)
    let many = try read(numbers + Array(repeating: "many", count: 5))
    #expect(many["x"]?.texts?.count == 45)
    guard case .names("x", 40, let cells)? = many.notes.first else {
      Issue.record("no note: \(many.notes)")
      return
    }
    #expect(cells.count == 5 && cells.place.line == 42)
  }

  @Test func unitsAreNotMixed() throws {
    let numbers = (0..<40).map { "\($0)" }
    #expect(try read(numbers + ["50%"])["x"]?.numbers?.last == .some(nil))
    #expect(try read(numbers.map { "$\($0)" } + ["€50"])["x"]?.numbers?.last == .some(nil))
  }

  @Test func aMixOfMarksIsToldByTheMajority() throws {
    let points = (0..<40).map { "\($0).5" }
    let table = try read(points + ["101,5"])
    #expect(table["x"]?.numbers?.first == 0.5 && table["x"]?.numbers?.last == .some(nil))
    #expect(table.notes.map(\.description).contains { $0.contains("101,5") && $0.contains("t.csv:42") })
  }

  @Test func askedFor() throws {
    #expect(try read(["1", "-999", "3"]) { $0.missing = ["-999"] }["x"]?.numbers == [1, nil, 3])
    #expect(try read(["a", "zz", "b"]) { $0.missing = ["zz"] }["x"]?.texts == ["a", nil, "b"])
    let asked = try read(["1", "two", "three", "true"]) { $0.rules["x"] = ColumnRule(.number, origin: .asked) }
    #expect(asked["x"]?.numbers == [1, nil, nil, 1])
    #expect(asked.notes.count == 1)
    #expect(try read(["1", "2"]) { $0.rules["x"] = ColumnRule(.category, origin: .asked) }["x"]?.texts == ["1", "2"])
    #expect(try read(["1,234", "2"]) { $0.decimalMark = .comma }["x"]?.numbers == [1.234, 2])
  }

  /// How a column was written when a model was fitted is how it is read alone.
  @Test func aModelKnowsTheStyle() throws {
    let comma = Feature(name: "x", cells: CellStyle(decimalMark: .comma, missing: ["Total"]))
    func alone(_ cell: String, _ feature: Feature) throws(DataError) -> [Double?]? {
      let file = InputFile(name: "t.csv", bytes: Array("x,y\n\"\(cell)\",0".utf8))
      return try TableReader.read([file], options: ReadingOptions(for: [feature]))["x"]?.numbers
    }
    #expect(try alone("65,235", comma) == [65.235])
    #expect(try alone("65,235", Feature(name: "x")) == [65235])
    #expect(try alone("1.234", comma) == [1234])
    #expect(try alone("Total", comma) == [nil])
    #expect(try alone("?", Feature(name: "x")) == [nil])
    #expect(try alone("true", Feature(name: "x")) == [1])
    let error = #expect(throws: DataError.self) { try alone("Total", Feature(name: "x")) }
    #expect(error?.location == .init(file: "t.csv", line: 2, field: 1, column: "x"))
    for level in ["1e5", "007", "1.10", "true"] {
      let file = InputFile(name: "t.csv", bytes: Array("x,y\n\(level),0".utf8))
      let options = ReadingOptions(for: [Feature(name: "x", levels: [level])])
      #expect(try TableReader.read([file], options: options)["x"]?.texts == [level])
    }
  }
}
