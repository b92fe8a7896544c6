/// What a model is told about a row: the features in order, and what is predicted from them.
public struct Schema: Sendable, Hashable, Codable {
  public var features: [Feature]
  public var target: String

  public init(features: [Feature], target: String) {
    self.features = features
    self.target = target
  }
}

/// One named feature.
public struct Feature: Sendable, Hashable, Codable {
  public var name: String
  /// Such as "days"; nil where it is not known or the feature has none.
  public var unit: String?
  /// The texts it takes, sorted; nil where it is a number.
  public var levels: [String]?
  /// What of a date it is, where it is made of a column of dates.
  public var date: DatePart?
  /// How its column is written, where that is not plainly.
  public var cells: CellStyle?

  public init(
    name: String, unit: String? = nil, levels: [String]? = nil, date: DatePart? = nil, cells: CellStyle? = nil
  ) {
    self.name = name
    self.unit = unit
    self.levels = levels
    self.date = date
    self.cells = cells
  }

  /// The table's column that it is made of.
  public var columnName: String { date?.column ?? name }
}

/// How the cells of a column are written.
public struct CellStyle: Sendable, Hashable, Codable {
  public var decimalMark: DecimalMark
  /// Texts that stand for missing values in this column, sorted.
  public var missing: [String]

  public init(decimalMark: DecimalMark = .point, missing: [String] = []) {
    self.decimalMark = decimalMark
    self.missing = missing
  }
}

/// Rows of features in the order of a schema, column by column.
///
/// A number is itself, NaN where it is missing. A text is its index in the feature's levels, NaN where it is missing,
/// and the number of levels where the schema does not know it.
public struct FeatureColumns: Sendable {
  public let features: [Feature]
  public let columns: [[Double]]
  public let rowCount: Int
  /// What the table's texts say that the schema does not know.
  public let strangeLevels: [StrangeLevels]

  package init(features: [Feature], columns: [[Double]], rowCount: Int, strangeLevels: [StrangeLevels] = []) {
    precondition(features.count == columns.count && columns.allSatisfy { $0.count == rowCount })
    self.features = features
    self.columns = columns
    self.rowCount = rowCount
    self.strangeLevels = strangeLevels
  }

  /// Takes the features that a schema names out of a table, whatever the order of its columns.
  ///
  /// - Throws: a `DataError` that names the columns that are missing, or the first text where a number is due.
  public init(_ table: Table, features: [Feature]) throws(DataError) {
    let columnNamed = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0) })
    let missing = Self.missing(features, among: Set(columnNamed.keys))
    guard missing.isEmpty else {
      throw DataError(
        .invalid, "the model needs columns that are not there: \(listed(missing))",
        advice: "add them (cells may be empty), or fit a model without them")
    }
    var columns: [[Double]] = []
    var strange: [StrangeLevels] = []
    var dates: (column: String, moments: [Double])?
    for feature in features {
      let column = columnNamed[feature.columnName]!
      if let part = feature.date {
        if dates?.column != part.column { dates = (part.column, try column.moments(part.form)) }
        columns.append(dates!.moments.map { $0.isNaN ? .nan : part.value($0) })
        continue
      }
      guard let levels = feature.levels else {
        columns.append(try Self.numbers(of: column, for: feature))
        continue
      }
      let (values, found) = Self.codes(of: column, as: feature, levels)
      columns.append(values)
      if let found { strange.append(found) }
    }
    self.init(features: features, columns: columns, rowCount: table.rowCount, strangeLevels: strange)
  }

  /// The columns that features need and that are not there, each once.
  public static func missing(_ features: [Feature], among names: Set<String>) -> [String] {
    var seen = names
    return features.map(\.columnName).filter { seen.insert($0).inserted }
  }

  private static func numbers(of column: Column, for feature: Feature) throws(DataError) -> [Double] {
    guard case .categorical(let codes, let levels) = column.values else { return column.numbers }
    guard let row = codes.firstIndex(where: { $0 >= 0 }) else { return codes.map { _ in .nan } }
    if let notNumeric = column.notNumeric { throw notNumeric }
    throw DataError(
      .invalid, "\(quoted(levels[Int(codes[row])])) in row \(row + 1) is not a number",
      at: .init(column: feature.name), advice: "the model was fitted with numbers there: correct or empty the cell")
  }

  /// A file in which every text happens to look like a number is read too: 3 is the level "3".
  private static func codes(
    of column: Column, as feature: Feature, _ known: [String]
  ) -> (values: [Double], strange: StrangeLevels?) {
    let (codes, levels) = column.texts
    let matches = LevelIndex.matches(of: levels, in: known)
    let valueOf = matches.map { match -> Double in
      switch match {
      case .same(let level), .alike(let level): Double(level)
      case .unknown: Double(known.count)
      }
    }
    var rows = [Int](repeating: 0, count: levels.count)
    let values = codes.map { code -> Double in
      guard code >= 0 else { return .nan }
      rows[Int(code)] += 1
      return valueOf[Int(code)]
    }
    let texts = zip(levels, zip(matches, rows)).map { ($0, $1.0, $1.1) }
    return (values, StrangeLevels(feature, texts: texts, rowCount: codes.count))
  }
}

extension Column {
  /// Those of a numeric column; none of another.
  fileprivate var numbers: [Double] {
    if case .numeric(let numbers) = values { return numbers }
    return []
  }

  /// Codes and levels; the numbers of a numeric column as texts.
  fileprivate var texts: (codes: [Int32], levels: [String]) {
    switch values {
    case .categorical(let codes, let levels): return (codes, Array(levels))
    case .numeric(let numbers):
      var collector = LevelCollector()
      for number in numbers { collector.append(number.isNaN ? nil : number.shortText) }
      return (collector.codes, collector.levels)
    }
  }
}

extension Double {
  /// The shortest text that reads back as the same number, without a trailing ".0".
  package var shortText: String {
    guard let integer = Int(exactly: self), magnitude < 0x1p53 else { return "\(self)" }
    return String(integer)
  }
}
