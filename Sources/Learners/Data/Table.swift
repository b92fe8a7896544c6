/// Rows with named, typed columns, as they were read: what is missing is missing.
public struct Table: Sendable, Equatable {
  public let rowCount: Int
  public let columns: [Column]
  /// What whoever uses the table should know about how it was read. No part of its value: `==` does not look at it.
  public let notes: [ReadingNote]

  public static func == (a: Table, b: Table) -> Bool { a.columns == b.columns }

  /// Traps unless all columns have the same number of rows. Names must differ.
  public init(columns: [Column], notes: [ReadingNote] = []) {
    rowCount = columns.first?.count ?? 0
    self.columns = columns
    self.notes = notes
    precondition(
      columns.allSatisfy { $0.count == rowCount }, "Table: columns of different lengths \(columns.map(\.count))")
    precondition(Set(columns.map(\.name)).count == columns.count, "Table: column names are not distinct")
  }

  public subscript(name: String) -> Column? { columns.first { $0.name == name } }
}

/// What is known of a column beside its values, from how it was read.
public struct ColumnReading: Sendable, Equatable {
  /// Whether the column holds dates, and how they are written.
  public var dates: DateForm?
  /// What a person says that the column is.
  public var asked: ColumnRule.Kind?
  /// How to read the same column in other files.
  public var cells: CellStyle?

  public init(dates: DateForm? = nil, asked: ColumnRule.Kind? = nil, cells: CellStyle? = nil) {
    self.dates = dates
    self.asked = asked
    self.cells = cells
  }
}

/// One column of a table.
public struct Column: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    /// NaN is a missing value; all others are finite.
    case numeric([Double])
    /// Each row's index into `levels`, -1 where it is missing. Levels are distinct, in order of first appearance.
    case categorical(codes: [Int32], levels: Levels)

    public static func categorical(codes: [Int32], levels: [String]) -> Values {
      .categorical(codes: codes, levels: Levels(levels))
    }
  }

  public let name: String
  public let values: Values
  /// Such as "days"; nil where it is not known or there is none.
  public let unit: String?
  /// For a column that was read from a file: its first cell that cannot be a number, with its place, as the error to
  /// throw where all have to be: in a target. No part of the column's value: `==` does not look at it.
  public let notNumeric: DataError?
  /// How its cells are written. No part of the column's value either.
  public let reading: ColumnReading

  public static func == (a: Column, b: Column) -> Bool { a.name == b.name && a.values == b.values && a.unit == b.unit }

  public init(
    name: String, values: Values, unit: String? = nil, notNumeric: DataError? = nil,
    reading: ColumnReading = .init()
  ) {
    if case .categorical(let codes, let levels) = values {
      let count = levels.count
      precondition(codes.allSatisfy { $0 >= -1 && $0 < count }, "Column \(name): a code is outside its \(count) levels")
    }
    self.name = name
    self.values = values
    self.unit = unit
    self.notNumeric = notNumeric
    self.reading = reading
  }

  /// A categorical column from its texts; nil is missing.
  public init(name: String, texts: [String?]) {
    var collector = LevelCollector()
    for text in texts { collector.append(text) }
    self.init(name: name, values: .categorical(codes: collector.codes, levels: collector.levels))
  }

  public var count: Int {
    switch values {
    case .numeric(let numbers): numbers.count
    case .categorical(let codes, _): codes.count
    }
  }

  public var missingCount: Int {
    switch values {
    case .numeric(let numbers): numbers.count { $0.isNaN }
    case .categorical(let codes, _): codes.count { $0 < 0 }
    }
  }

  /// The text of a row of a categorical column; nil where it is missing or the column is numeric.
  public func text(_ row: Int) -> String? {
    guard case .categorical(let codes, let levels) = values, codes[row] >= 0 else { return nil }
    return levels[Int(codes[row])]
  }
}
