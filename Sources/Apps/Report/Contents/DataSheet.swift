/// What the rows are, and what was looked for in them.
package struct DataSheet: Sendable, Encodable {
  package let rows: Int
  /// Whether rows count by weights in what is said of models.
  package let isWeighted: Bool
  package let target: Spread
  package let columns: [ColumnSheet]
  /// Distinct groups that are held out whole; nil where none are.
  package let groups: Int?
  /// Rows that are exact copies of an earlier one, and rows that are held out while a copy of them is learned from.
  package let duplicates: Int
  package let knownRows: Int
  /// Columns that look like leaks, and rows that are not alone: what makes figures too good.
  package let leaks: [String]
  package let kin: [String]
  /// What was done to the data.
  package let notes: [String]
  /// All else that was warned of.
  package let warnings: [String]

  package struct Spread: Sendable, Encodable {
    package let least: Double
    package let median: Double
    package let most: Double
  }
}

package struct ColumnSheet: Sendable, Encodable {
  package enum Kind: String, Sendable, Encodable { case number, text, date }

  package let name: String
  package let kind: Kind
  package let unit: String?
  package let missing: Int
  package let distinct: Int
  /// Of a number.
  package let spread: DataSheet.Spread?
  /// Of a text: the most frequent levels with their rows.
  package let levels: [Level]?
  /// Of a number with the target, over the rows that have both.
  package let rankCorrelation: Double?

  package struct Level: Sendable, Encodable {
    package let text: String
    package let rows: Int
  }
}
