import Learners
import Testing

/// What the tests of the readers share: content in, table or error out.
enum Reading {
  /// - Parameter ask: what a person asks for.
  static func table(
    _ name: String, _ text: String, _ ask: (inout ReadingOptions) -> Void
  ) throws(DataError) -> Table {
    var options = ReadingOptions()
    ask(&options)
    return try TableReader.read([InputFile(name: name, bytes: Array(text.utf8))], options: options)
  }

  static func table(_ name: String, _ text: String) throws(DataError) -> Table {
    try TableReader.read([InputFile(name: name, bytes: Array(text.utf8))])
  }

  static func table(_ name: String, _ bytes: [UInt8]) throws(DataError) -> Table {
    try TableReader.read([InputFile(name: name, bytes: bytes)])
  }

  /// The error that reading ends with; nil and a failed test where it does not.
  static func error(_ name: String, _ bytes: [UInt8]) -> DataError? {
    do throws(DataError) {
      let table = try table(name, bytes)
      Issue.record("read \(table)")
      return nil
    } catch { return error }
  }

  static func error(_ name: String, _ text: String) -> DataError? { error(name, Array(text.utf8)) }
}

extension Table {
  /// The cells of all columns: what is missing equals what is missing.
  var cells: [[String?]] {
    columns.map { column in
      [column.name] + (column.texts ?? column.numbers.map { $0.map { number in number.map { "\($0)" } } } ?? [])
    }
  }
}

extension Column {
  /// Numbers of a numeric column, nil where they are missing.
  var numbers: [Double?]? {
    guard case .numeric(let numbers) = values else { return nil }
    return numbers.map { $0.isNaN ? nil : $0 }
  }

  /// Texts of a categorical column, nil where they are missing.
  var texts: [String?]? {
    guard case .categorical = values else { return nil }
    return (0..<count).map(text)
  }
}
