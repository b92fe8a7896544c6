/// Columns of text, aligned; the least important columns go first where the terminal is too narrow.
struct TextTable {
  struct Column {
    let title: String
    let cells: [String]
    let isRightAligned: Bool
    /// The higher, the sooner it is left out.
    let sacrifice: Int
    let width: Int

    init(title: String, cells: [String], isRightAligned: Bool = true, sacrifice: Int = 0) {
      self.title = title
      self.cells = cells
      self.isRightAligned = isRightAligned
      self.sacrifice = sacrifice
      width = cells.reduce(title.count) { max($0, $1.count) }
    }
  }

  let columns: [Column]
  private static let gap = 2

  /// The lines of the table, at most `width` characters wide as long as columns can be left out.
  func lines(width: Int) -> [String] {
    var kept = columns
    while kept.reduce(0, { $0 + $1.width + Self.gap }) - Self.gap > width, let least = kept.map(\.sacrifice).max(),
      least > 0
    {
      kept.removeAll { $0.sacrifice == least }
    }
    let rows = (kept.first?.cells.count ?? 0) + 1
    return (0..<rows).map { row in
      let cells = kept.map { column -> String in
        let text = row == 0 ? column.title : column.cells[row - 1]
        let padding = String(repeating: " ", count: column.width - text.count)
        return column.isRightAligned ? padding + text : text + padding
      }
      return String(
        cells.joined(separator: String(repeating: " ", count: Self.gap)).reversed().drop { $0 == " " }.reversed())
    }
  }
}
