import Learners
import Linalg
import Testing

/// Columns of dates become numbers.
@Suite struct DatesTests {
  private func table(_ cells: [String], name: String = "when") throws -> Table {
    let rows = cells.enumerated().map { "\"\($1)\",\($0)" }
    return try Reading.table("t.csv", "\(name),y\n" + rows.joined(separator: "\n"))
  }

  /// Days since the first of the dates.
  private func days(_ cells: [String], name: String = "when") throws -> [Double] {
    let dataset = try Dataset(try table(cells, name: name))
    let index = try #require(dataset.schema.features.firstIndex { $0.name == "\(name).age_days" })
    let ages = dataset.features.columns[index]
    return ages.map { ages[0] - $0 }
  }

  @Test(arguments: [
    ["2024-01-31", "2024-02-01", "2024-03-01"],
    ["2024-01-31T00:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00.000Z"],
    ["2024-01-31 02:00:00+02:00", "2024-01-31T19:00:00-0500", "2024-03-01 00:00:00 UTC"],
    ["2024/1/31", "2024/2/1", "2024/3/1"],
    ["31.01.2024", "1.2.2024", "1.3.2024"],
    ["31/01/2024", "01/02/2024", "01/03/2024"],
    ["01/31/2024", "02/01/2024", "03/01/2024"],
    ["1/31/2024 12:00 AM", "2/1/2024 12:00 AM", "3/1/2024 0:00"],
    ["31 Jan 2024", "1-Feb-2024", "March 1, 2024"],
    ["Wed, 31 Jan 2024 00:00:00 GMT", "Thu, 01 Feb 2024 00:00:00 GMT", "Fri, 1 Mar 2024 00:00:00 +0000"],
    ["20240131T000000Z", "20240201T0000Z", "20240301T00Z"],
  ])
  func forms(cells: [String]) throws {
    #expect(try days(cells) == [0, 1, 30])
  }

  /// The usual forms have a reader of their own. A blank before a date leaves it to the one that takes all forms.
  @Test(arguments: 0..<40) func usualFormsAreReadAsAllOthers(index: Int) throws {
    var random = RandomStream(seed: 21, purpose: RandomPurpose("test.dates.usual"), index: UInt64(index))
    func digits(_ number: Int, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    for _ in 0..<200 {
      let date = [
        digits(random.uniform(below: 2200), 4), digits(random.uniform(below: 14), 2),
        digits(random.uniform(below: 33), 2),
      ]
      let time = [
        digits(random.uniform(below: 25), 2), digits(random.uniform(below: 62), 2),
        digits(random.uniform(below: 62), 2),
      ]
      var text = date.joined(separator: "-")
      if random.uniform() < 0.6 { text += "T\(time.joined(separator: ":"))Z" }
      if random.uniform() < 0.3 {
        var bytes = Array(text.utf8)
        bytes[random.uniform(below: bytes.count)] = Array("0/:9 T-Z".utf8)[random.uniform(below: 8)]
        text = String(decoding: bytes, as: UTF8.self)
      }
      #expect(
        DateForm.plain.moment(Array(text.utf8).span) == DateForm.plain.moment(Array(" \(text)".utf8).span), "\(text)")
    }
    #expect(DateForm.plain.moment(Array("2024-02-29T23:59:59Z".utf8).span) == 1_709_251_199)
    #expect(DateForm.plain.moment(Array("2023-02-29".utf8).span) == nil)
  }

  @Test func wholeNumbersByName() throws {
    #expect(try days(["1706659200", "1706745600", "1709251200"], name: "created_at") == [0, 1, 30])
    #expect(try days(["1706659200000", "1706745600000", "1709251200000"], name: "timestamp") == [0, 1, 30])
    #expect(try days(["20240131", "20240201", "20240301"], name: "order_date") == [0, 1, 30])
    #expect(try table(["1706659200", "1706745600", "1709251200"], name: "views")["views"]?.reading.dates == nil)
  }

  @Test(arguments: [
    ["01/02/2024", "03/04/2024"], ["2024-02-30", "2024-01-01"], ["1.2.10", "1.3.0"], ["12:30", "13:30"],
    ["31/01/24", "28/02/24"], ["2024", "2025"],
  ])
  func areNone(cells: [String]) throws {
    let table = try table(cells)
    #expect(table["when"]?.reading.dates == nil)
    if cells[0] == "01/02/2024" { #expect(table.notes.contains { "\($0)".contains("day or with the month") }) }
  }

  @Test func partsAndMissing() throws {
    let dataset = try Dataset(try table(["2024-01-31 10:00", "", "2023-12-25 23:30", "2024-02-29"]))
    let names = dataset.schema.features.map(\.name)
    #expect(names == ["year", "month", "day", "weekday", "hour", "age_days"].map { "when.\($0)" })
    let third = dataset.features.columns.map { $0[2] }
    #expect(third.prefix(5) == [2023, 12, 25, 1, 23])
    #expect(dataset.features.columns.allSatisfy { $0[1].isNaN })
    #expect(dataset.notes.contains { $0.hasPrefix("column when holds dates: its features are when.year") })
  }

  /// A row alone gets the very numbers that it had in company.
  @Test func alone() throws {
    let dataset = try Dataset(try table(["31/01/2024", "01/02/2024", "03/02/2025"]))
    let features = dataset.schema.features
    let file = InputFile(name: "t.csv", bytes: Array("when\n01/02/2024\n".utf8))
    var options = ReadingOptions(for: features)
    options.hasHeader = true
    let rows = try FeatureColumns(try TableReader.read([file], options: options), features: features)
    #expect(rows.columns.map { $0[0] } == dataset.features.columns.map { $0[1] })
    let json = InputFile(name: "t.jsonl", bytes: Array("{\"when\":\"01/02/2024\"}".utf8))
    let same = try FeatureColumns(try TableReader.read([json], options: options), features: features)
    #expect(same.columns.map { $0[0] } == dataset.features.columns.map { $0[1] })
    let bad = InputFile(name: "t.csv", bytes: Array("when\nsoon\n".utf8))
    #expect(throws: DataError.self) {
      try FeatureColumns(try TableReader.read([bad], options: options), features: features)
    }
  }

  @Test func askedForAsNames() throws {
    let table = try Reading.table("t.csv", "when,y\n2024-01-31,1\n2024-02-01,2\n") {
      $0.rules["when"] = ColumnRule(.category, origin: .asked)
    }
    #expect(table["when"]?.reading.dates == nil)
  }
}
