/// What is wrong with data from outside: what, where, and what to do about it.
public struct DataError: Error, Equatable, Sendable {
  public enum Code: Sendable {
    /// There is no such file, or it cannot be read.
    case noInput
    /// The file may not be read by this user.
    case noPermission
    /// The content is not what it has to be.
    case invalid
  }

  public struct Location: Equatable, Sendable {
    public var file: String?
    /// 1-based, as an editor counts.
    public var line: Int?
    /// 1-based field of the line.
    public var field: Int?
    public var column: String?
    /// Of the table, from 0: for whoever knows where in which file it is. Told only where no line is.
    public var row: Int?

    public init(
      file: String? = nil, line: Int? = nil, field: Int? = nil, column: String? = nil, row: Int? = nil
    ) {
      self.file = file
      self.line = line
      self.field = field
      self.column = column
      self.row = row
    }
  }

  public let code: Code
  public let what: String
  public let location: Location
  public let advice: String

  public init(_ code: Code, _ what: String, at location: Location = .init(), advice: String) {
    self.code = code
    self.what = what
    self.location = location
    self.advice = advice
  }
}

extension DataError: CustomStringConvertible {
  /// "data.csv:12, column forks: “x” is not a number: correct the cell or drop the column"
  public var description: String {
    var place = location.file ?? ""
    if let line = location.line {
      place += place.isEmpty ? "line \(line)" : ":\(line)"
    } else if let row = location.row {
      place += (place.isEmpty ? "" : ", ") + "row \(row + 1)"
    }
    if let field = location.field { place += (place.isEmpty ? "" : ", ") + "field \(field)" }
    if let column = location.column { place += (place.isEmpty ? "" : ", ") + "column \(shortened(column))" }
    return (place.isEmpty ? "" : place + ": ") + "\(what): \(advice)"
  }
}

extension DataError {
  static func emptyFile(_ name: String) -> DataError {
    DataError(.invalid, "the file is empty", at: .init(file: name), advice: "check that it was written to the end")
  }

  static func noRows(_ name: String) -> DataError {
    DataError(.invalid, "there are no rows", at: .init(file: name), advice: "check that it was written to the end")
  }
}

/// The text for a message: on one line and not too long.
func shortened(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(40) {
    shown += scalar.value < 0x20 || scalar.value == 0x7f ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return text.unicodeScalars.count > 40 ? shown + "…" : shown
}

/// A text of the data in a message.
func quoted(_ text: String) -> String { "“\(shortened(text))”" }

/// Names for a message: the first of them, and how many more there are.
package func listed(_ names: [String], most: Int = 10) -> String {
  let shown = names.prefix(most).map { shortened($0) }.joined(separator: ", ")
  return names.count > most ? "\(shown) and \(names.count - most) more" : shown
}
