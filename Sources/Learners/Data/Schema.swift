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

  public init(name: String, unit: String? = nil, levels: [String]? = nil) {
    self.name = name
    self.unit = unit
    self.levels = levels
  }
}

extension Feature {
  /// What a reader has to take the feature's column for.
  public var expectedKind: ExpectedKind { levels == nil ? .numeric : .categorical }
}

/// Rows of features in the order of a schema, column by column.
///
/// A number is itself, NaN where it is missing. A text is its index in the feature's levels, NaN where it is missing,
/// and the number of levels where the schema does not know it.
public struct FeatureColumns: Sendable {
  public let features: [Feature]
  public let columns: [[Double]]
  public let rowCount: Int

  package init(features: [Feature], columns: [[Double]], rowCount: Int) {
    precondition(features.count == columns.count && columns.allSatisfy { $0.count == rowCount })
    self.features = features
    self.columns = columns
    self.rowCount = rowCount
  }

  /// Takes the features that a schema names out of a table, whatever the order of its columns.
  ///
  /// - Throws: a `DataError` that names the columns that are missing, or the first text where a number is due.
  public init(_ table: Table, features: [Feature]) throws(DataError) {
    let columnNamed = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0) })
    let missing = features.map(\.name).filter { columnNamed[$0] == nil }
    guard missing.isEmpty else {
      throw DataError(
        .invalid, "the model needs columns that are not there: \(missing.joined(separator: ", "))",
        advice: "add them (cells may be empty), or fit a model without them")
    }
    var columns: [[Double]] = []
    for feature in features { columns.append(try Self.values(of: columnNamed[feature.name]!, as: feature)) }
    self.init(features: features, columns: columns, rowCount: table.rowCount)
  }

  private static func values(of column: Column, as feature: Feature) throws(DataError) -> [Double] {
    switch (column.values, feature.levels) {
    case (.numeric(let numbers), nil):
      return numbers
    case (.categorical(let codes, let levels), let known?):
      let place = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, Double($0)) })
      let codeOf = levels.map { place[$0] ?? Double(known.count) }
      return codes.map { $0 < 0 ? .nan : codeOf[Int($0)] }
    case (.numeric(let numbers), let known?):
      // A file in which every text happens to look like a number: 3 is the level "3".
      let place = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, Double($0)) })
      return numbers.map { $0.isNaN ? .nan : place[$0.shortText] ?? Double(known.count) }
    case (.categorical(let codes, let levels), nil):
      guard let row = codes.firstIndex(where: { $0 >= 0 }) else { return codes.map { _ in .nan } }
      if let notNumeric = column.notNumeric { throw notNumeric }
      throw DataError(
        .invalid, "\(quoted(levels[Int(codes[row])])) in row \(row + 1) is not a number",
        at: .init(column: feature.name), advice: "the model was fitted with numbers there: correct or empty the cell")
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
