import Learners

/// A table that is read from a CSV file, again and again.
final class CSVRead: Contestant {
  private let path: String
  private var table: Table?

  init(folder: String) { path = "\(folder)/table.csv" }

  func fit() throws {
    // The one before is given back first: peers replace theirs likewise.
    table = nil
    table = try TableReader.read([path])
  }

  var predicts: Bool { false }
  func predict() {}

  /// Sum of the sizes of the numbers in the last column.
  func score() throws -> Double {
    guard case .numeric(let numbers)? = table?.columns.last?.values else { throw NothingFitted() }
    return numbers.reduce(0) { $0 + $1.magnitude }
  }

  var testR2: Double { .nan }
  var note: String { "\(table?.rowCount ?? 0) rows" }
}
