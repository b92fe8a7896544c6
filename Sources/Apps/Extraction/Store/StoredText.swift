internal import FoundationEssentials
internal import GRDB

/// Texts in the store. SQLite ends a text at its first NUL, which JSON knows as a character like any other: a text with one
/// is kept as its bytes.
internal enum StoredText {
  internal static func value(_ text: String?) -> DatabaseValue {
    guard let text else { return .null }
    return text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
  }

  internal static func read(_ row: Row, _ column: String) -> String? {
    let value: DatabaseValue = row[column]
    return String.fromDatabaseValue(value)
  }
}
