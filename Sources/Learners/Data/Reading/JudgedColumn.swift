/// What a column of texts turns out to be.
internal struct JudgedColumn: Sendable {
  /// A note that waits for the place of its first cell.
  internal struct Pending: Sendable {
    let row: Int
    let count: Int
    let text: String
    let make: @Sendable (ReadingNote.CellSample) -> ReadingNote
  }

  var values: Column.Values
  var reading = ColumnReading()
  var notes: [Pending] = []
  /// The first cell that is no number, and why it is none.
  var notNumeric: (row: Int, what: String, advice: String)?
  /// The first row with an infinity.
  var infinity: (row: Int, text: String)?

  init(_ values: Column.Values) { self.values = values }
}
