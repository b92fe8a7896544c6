public import Learners

/// A made-up table of repositories: for trying out, for demonstrations and for tests.
///
/// The columns are features of `RepositoryFeature.all` and `stars`; all numbers are whole. Frequencies of languages and
/// licences are about those of public repositories. The stars are heavy-tailed, log-normal around a surface of the
/// features with interactions and saturation, so that a learner that sees those does better than a linear one, and with
/// noise that nobody can learn. A row depends on the seed and on its number only: a longer table begins with the
/// shorter one.
public enum SyntheticRepositories {
  /// To be shown wherever the data is.
  public static let notice = "synthetic repositories: every row is made up by a random generator"

  /// Cost: about 3 µs per row. Traps if `rows` is negative.
  public static func table(rows: Int, seed: UInt64 = 0) -> Table {
    precondition(rows >= 0, "SyntheticRepositories: \(rows) rows")
    var numbers = SyntheticRepository.numbers.map { _ in [Double]() }
    var texts = SyntheticRepository.texts.map { _ in [String?]() }
    var stars: [Double] = []
    for row in 0..<rows {
      let made = SyntheticRepository(seed: seed, row: row)
      for (index, cell) in SyntheticRepository.numbers.enumerated() { numbers[index].append(cell.value(made) ?? .nan) }
      for (index, cell) in SyntheticRepository.texts.enumerated() { texts[index].append(cell.value(made)) }
      stars.append(made.stars)
    }
    return Table(
      columns: zip(SyntheticRepository.numbers, numbers).map { Column(name: $0.name, values: .numeric($1)) }
        + zip(SyntheticRepository.texts, texts).map { Column(name: $0.name, texts: $1) }
        + [Column(name: RepositoryFeature.target, values: .numeric(stars))])
  }

  /// The same table as UTF-8 CSV: a header, `\n` behind every line, an empty cell for what is missing.
  public static func csv(rows: Int, seed: UInt64 = 0) -> [UInt8] {
    let table = table(rows: rows, seed: seed)
    var bytes = Array(CSVWriter.line(table.columns.map(\.name)).utf8)
    for row in 0..<table.rowCount {
      let cells = table.columns.map { column in
        switch column.values {
        case .numeric(let numbers): Int(exactly: numbers[row]).map { String($0) } ?? ""
        case .categorical: column.text(row) ?? ""
        }
      }
      bytes += CSVWriter.line(cells).utf8
    }
    return bytes
  }
}
