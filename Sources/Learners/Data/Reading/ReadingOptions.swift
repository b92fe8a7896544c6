/// How tables are to be read where that is known: by the person who asks, or by the model that the rows are for.
///
/// What is left open is found out from the files, and a note says what was taken.
public struct ReadingOptions: Sendable {
  /// Between the cells of a row; nil: found out.
  public var delimiter: UInt8?
  /// Whether the first row holds the names of the columns; nil: found out.
  public var hasHeader: Bool?
  /// In the numbers of all columns; nil: found out.
  public var decimalMark: DecimalMark?
  /// Texts that are missing values, beside those that always are.
  public var missing: Set<String> = []
  /// What is known of columns, by name.
  public var rules: [String: ColumnRule] = [:]
  /// What is known of columns of which all names together say what they are; nil where they do not. It takes the place of
  /// what a model knows.
  public var rulesOfNames: (@Sendable ([String]) -> [String: ColumnRule]?)?

  public init() {}

  /// For rows that a model with these features is used on: types are the model's, whatever the rows look like.
  public init(for features: [Feature]) {
    for feature in features { rules[feature.columnName] = ColumnRule(of: feature) }
  }

  internal func rules(for names: [String]) -> [String: ColumnRule] {
    guard let known = rulesOfNames?(names) else {
      guard let decimalMark else { return rules }
      return rules.mapValues { rule in
        var rule = rule
        rule.decimalMark = decimalMark
        return rule
      }
    }
    return rules.filter { $1.origin == .asked }.merging(known) { asked, _ in asked }
  }
}

/// What comes before the decimals of a number.
public enum DecimalMark: String, Sendable, Codable {
  case point = "."
  case comma = ","

  internal var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
}

/// What a column has to be.
public struct ColumnRule: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case number, category, date
    /// Free text: no feature.
    case text
  }

  public enum Origin: Sendable {
    /// A person says so: what does not fit is missing, and told.
    case asked
    /// A model knows the column so: what does not fit is an error.
    case model
  }

  public var kind: Kind
  public var origin: Origin
  /// Of a model's numbers.
  public var decimalMark: DecimalMark
  /// Texts that are missing values in this column.
  public var missing: Set<String>

  public init(_ kind: Kind, origin: Origin, decimalMark: DecimalMark = .point, missing: Set<String> = []) {
    self.kind = kind
    self.origin = origin
    self.decimalMark = decimalMark
    self.missing = missing
  }

  /// A column is read as it was when the model was fitted.
  public init(of feature: Feature) {
    let kind: Kind = feature.date != nil ? .date : feature.levels == nil ? .number : .category
    self.init(
      kind, origin: .model, decimalMark: feature.cells?.decimalMark ?? .point,
      missing: Set(feature.cells?.missing ?? []))
  }
}
