/// Something about how files became a table that whoever uses the table should know.
public enum ReadingNote: Sendable, Equatable {
  /// Cells are separated by something other than what the file's name says.
  case delimiter(file: String, delimiter: String)
  /// The first row holds no names.
  /// - `first`: its first cell; nil where a person says so.
  case noHeader(file: String, columns: Int, first: String?)
  /// A column that only counts the rows is left out.
  case index(column: String)
  /// A column without name and values is left out, or one without a name is called so.
  case unnamed(column: String, isEmpty: Bool)
  /// Blank lines of a table of one column.
  case blankLines(file: String, missing: Int, atEnd: Int)
  /// Numbers that are not plainly written.
  case numberForms(column: String, forms: [String], cells: CellSample, value: Double)
  /// Cells that mean a missing value in a column of numbers or dates.
  case takenAsMissing(column: String, cells: CellSample)
  /// Cells that do not fit the others of their column, taken as missing.
  case odd(column: String, wanted: String, cells: CellSample)
  /// Cells that make names of a column of which most cells are numbers.
  case names(column: String, numbers: Int, cells: CellSample)
  /// Dates whose day and month cannot be told apart.
  case ambiguousDates(column: String, cells: CellSample)

  /// Cells of one kind: how many, and the first of them.
  public struct CellSample: Sendable, Equatable {
    public let count: Int
    public let first: String
    public let place: DataError.Location

    public init(count: Int, first: String, place: DataError.Location) {
      self.count = count
      self.first = first
      self.place = place
    }
  }
}

extension ReadingNote: CustomStringConvertible {
  /// "data.csv:5, column horsepower: 3 cells such as “?” are taken as missing: …"
  public var description: String {
    switch self {
    case .delimiter(let file, let delimiter):
      "\(file): cells are separated by \(delimiter) (--delimiter says otherwise)"
    case .noHeader(let file, let columns, let first):
      "\(file): "
        + (first.map { "the first line holds values such as \(quoted($0)), no names: it is taken as a row, and " } ?? "")
        + "the columns are called \(columns == 1 ? "x0" : "x0 … x\(columns - 1)")"
        + (first == nil ? "" : " (--header says otherwise)")
    case .index(let column):
      "column \(quoted(column)) counts the rows, as an index written by pandas or R does: it is left out "
        + "(with a name of its own it stays)"
    case .unnamed(let column, let isEmpty):
      isEmpty
        ? "column \(quoted(column)) has neither name nor values: it is left out"
        : "a column has no name: it is called \(quoted(column))"
    case .blankLines(let file, let missing, let atEnd):
      "\(file): "
        + [
          missing > 0
            ? "\(counted(missing, "blank line")) \(missing == 1 ? "is a missing value" : "are missing values")" : nil,
          atEnd > 0 ? "\(counted(atEnd, "blank line")) at the end \(atEnd == 1 ? "is" : "are") no row" : nil,
        ].compactMap(\.self).joined(separator: ", ")
    case .numberForms(let column, let forms, let cells, let value):
      "\(place(cells, column)): \(counted(cells.count, "cell")) \(cells.count == 1 ? "is" : "are") read as "
        + "\(cells.count == 1 ? "a number" : "numbers") with \(forms.joined(separator: ", ")): "
        + "\(quoted(cells.first)) is \(value.shortText)"
    case .takenAsMissing(let column, let cells):
      "\(place(cells, column)): \(counted(cells.count, "cell")) such as \(quoted(cells.first)) "
        + "\(cells.count == 1 ? "is" : "are") taken as missing"
    case .odd(let column, let wanted, let cells):
      "\(place(cells, column)): \(counted(cells.count, "cell")) such as \(quoted(cells.first)) "
        + "\(cells.count == 1 ? "is" : "are") no \(wanted), unlike the others of the column, and taken as missing: correct "
        + "\(cells.count == 1 ? "it" : "them"), delete the row if it is a total, or read the column as names "
        + "(--types \(shellQuoted(column))=category)"
    case .names(let column, let numbers, let cells):
      "\(place(cells, column)): the column is read as names, though \(numbers) of its cells are numbers: "
        + "\(counted(cells.count, "cell")) such as \(quoted(cells.first)) \(cells.count == 1 ? "is" : "are") not: correct "
        + "\(cells.count == 1 ? "it" : "them"), name what is missing (--missing \(shellQuoted(shortened(cells.first)))), or read the column as "
        + "numbers (--types \(shellQuoted(column))=number)"
    case .ambiguousDates(let column, let cells):
      "\(place(cells, column)): \(quoted(cells.first)) may begin with the day or with the month, and no cell of the column "
        + "says which, so it is read as names: write dates as 2024-01-31"
    }
  }

  private func place(_ cells: CellSample, _ column: String) -> String {
    let (file, line) = (cells.place.file ?? "", cells.place.line.map { ":\($0)" } ?? "")
    return (file + line).isEmpty ? "column \(shortened(column))" : "\(file)\(line), column \(shortened(column))"
  }
}

/// "1 cell", "2 cells".
internal func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
