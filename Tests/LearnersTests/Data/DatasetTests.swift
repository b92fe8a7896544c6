import Learners
import Testing

@Suite struct DatasetTests {
  private func table(_ columns: [(String, [Double])]) -> Table {
    Table(columns: columns.map { Column(name: $0.0, values: .numeric($0.1)) })
  }

  @Test func targetIsTheLastColumnUnlessNamed() throws {
    let table = table([("a", [1, 2, 3]), ("b", [4, 6, 5])])
    #expect(try Dataset(table).schema.target == "b")
    #expect(try Dataset(table, options: .init(target: "a")).schema.features.map(\.name) == ["b"])
  }

  @Test func rowsWithoutATargetAreLeftOutWithANote() throws {
    let dataset = try Dataset(table([("a", [1, 2, 3]), ("y", [4, .nan, 5])]))
    #expect(dataset.tableRows == [0, 2])
    #expect(dataset.target == [4, 5])
    #expect(dataset.features.columns == [[1, 3]])
    #expect(dataset.notes == ["1 row has no target and is left out"])
  }

  @Test func aCopyOfTheTargetIsRefusedByName() throws {
    var copy = (0..<200).map { Double($0) }
    let target = copy
    copy[7] = -1  // nearly all rows
    let table = table([("x", target.map { $0 * $0 }), ("watchers", copy), ("stars", target)])
    let error = #expect(throws: DataError.self) { try Dataset(table) }
    #expect(error?.location.column == "watchers")
    #expect(try Dataset(table, options: .init(allowedLeaks: ["watchers"])).schema.features.count == 2)
    #expect(try Dataset(table, options: .init(dropped: ["watchers"])).schema.features.count == 1)
  }

  @Test func twoRareFlagsAreNoLeak() throws {
    let flag = (0..<1000).map { $0 % 200 == 0 ? 1.0 : 0 }
    let target = (0..<1000).map { $0 % 200 == 1 ? 1.0 : 0 }
    #expect(try Dataset(table([("flag", flag), ("y", target)])).rowCount == 1000)
  }

  @Test func identifiersAndEmptyColumnsAreLeftOutByName() throws {
    let rows = 60
    let columns = [
      Column(name: "id", texts: (0..<rows).map { "user-\($0)" }),
      Column(name: "empty", values: .numeric(Array(repeating: .nan, count: rows))),
      Column(name: "kind", texts: (0..<rows).map { ["a", "b"][$0 % 2] }),
      Column(name: "y", values: .numeric((0..<rows).map(Double.init))),
    ]
    let dataset = try Dataset(Table(columns: columns))
    #expect(dataset.schema.features == [Feature(name: "kind", levels: ["a", "b"])])
    #expect(dataset.notes.count == 2)
    #expect(dataset.notes[0].contains("column id is left out: 60 of its 60 texts are distinct"))
    #expect(dataset.notes[1] == "column empty is left out: it has no values")
  }

  @Test(arguments: [
    ([("y", [1.0, 1, 1]), ("x", [1, 2, 3])], "the target is 1 in every row"),
    ([("y", [1.0, .nan]), ("x", [1, 2])], "only one row has a target"),
    ([("y", [Double.nan, .nan]), ("x", [1, 2])], "no row has a target"),
    ([("y", [1.0, 2])], "no features are left to learn from"),
    ([("z", [1.0, 2])], "there is no column y to be the target"),
  ])
  func unusableTablesAreErrors(columns: [(String, [Double])], what: String) {
    let error = #expect(throws: DataError.self) { try Dataset(table(columns), options: .init(target: "y")) }
    #expect(error?.what.contains(what) == true, "\(String(describing: error))")
  }

  @Test func aTargetThatIsAlwaysTheSameIsLearnedFromWhereThatIsAsked() throws {
    var options = Dataset.Options(target: "y")
    options.allowsConstantTarget = true
    #expect(try Dataset(table([("y", [1, 1, 1]), ("x", [1, 2, 3])]), options: options).target == [1, 1, 1])
  }

  @Test func aTargetOfTextsIsAnErrorWithTheCell() {
    let columns = [
      Column(name: "x", values: .numeric([1, 2, 3])), Column(name: "y", texts: ["1", "two", "3"]),
    ]
    let error = #expect(throws: DataError.self) { try Dataset(Table(columns: columns)) }
    #expect(error?.what.contains("“two” in row 2") == true)
  }
}

@Suite struct FeatureColumnsTests {
  private let features = [Feature(name: "size"), Feature(name: "kind", levels: ["a", "b"])]

  @Test func columnsAreFoundByNameInAnyOrder() throws {
    let table = Table(columns: [
      Column(name: "kind", texts: ["b", nil, "new", "a"]), Column(name: "extra", values: .numeric([0, 0, 0, 0])),
      Column(name: "size", values: .numeric([1, .nan, 3, 4])),
    ])
    let rows = try FeatureColumns(table, features: features)
    #expect(rows.columns[0][0] == 1 && rows.columns[0][1].isNaN)
    #expect(rows.columns[1][0] == 1 && rows.columns[1][1].isNaN)
    #expect(rows.columns[1][2] == 2, "a level that the schema does not know")
  }

  @Test func textsThatLookLikeNumbersAreLevels() throws {
    let rows = try FeatureColumns(
      Table(columns: [Column(name: "version", values: .numeric([3, 3.5, .nan, 4]))]),
      features: [Feature(name: "version", levels: ["3", "3.5", "x"])])
    #expect(rows.columns[0][0] == 0 && rows.columns[0][1] == 1 && rows.columns[0][2].isNaN && rows.columns[0][3] == 3)
  }

  @Test func missingColumnsAreNamed() {
    let table = Table(columns: [Column(name: "other", values: .numeric([1]))])
    let error = #expect(throws: DataError.self) { try FeatureColumns(table, features: features) }
    #expect(error?.what == "the model needs columns that are not there: size, kind")
  }

  @Test func aTextWhereANumberIsDueIsAnError() {
    let table = Table(columns: [Column(name: "size", texts: ["1", "large"]), Column(name: "kind", texts: ["a", "b"])])
    let error = #expect(throws: DataError.self) { try FeatureColumns(table, features: features) }
    #expect(error?.location.column == "size")
  }
}
