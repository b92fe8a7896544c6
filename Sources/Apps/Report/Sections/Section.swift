internal import Page

/// A part of the report, before it is a page or a text.
internal struct Section {
  /// For links.
  let name: String
  let title: String
  let blocks: [Block]

  enum Block {
    case text(String)
    case points([String])
    case questions([Summary.Point])
    case table(SectionTable)
    /// Only of a page; the figures are in a table beside it.
    case picture(HTML)
    /// What few want to see: folded up on a page.
    case details(String, [Block])
    case code(String)
    case heading(String)
    /// Small pictures beside one another, each with its title and its figures.
    case gallery([(title: String, picture: HTML, table: SectionTable)])
  }
}

/// A table of texts; on a page a column of marks may stand between them.
internal struct SectionTable {
  struct Column {
    let title: String
    let isNumber: Bool
    /// Whether its texts need room.
    let isLong: Bool

    init(_ title: String, isNumber: Bool = true, isLong: Bool = false) {
      (self.title, self.isNumber, self.isLong) = (title, isNumber, isLong)
    }
  }

  /// One line of a picture for each row, behind the first columns.
  struct Marks {
    let column: Int
    let axis: HTML
    let rows: [HTML]
  }

  let caption: String
  let columns: [Column]
  let rows: [[String]]
  var marks: Marks?
  /// A row that stands out, with a word beside its name.
  var marked: (row: Int, word: String)?

  /// The first columns, and the marks, where there is little room.
  func keeping(columns count: Int) -> SectionTable {
    SectionTable(
      caption: caption, columns: Array(columns.prefix(count)), rows: rows.map { Array($0.prefix(count)) }, marks: marks,
      marked: marked)
  }
}
