/// What each row counts: a weight of k is k copies of the row, one of 0 is no row.
package struct RowWeights {
  /// Places, among those that were given, of rows that count.
  package let places: [Int]
  /// Of the rows that count; nil where each counts once.
  package let values: [Double]?
  /// For people.
  let notes: [String]

  private static let largest = 1e100

  /// - Parameters:
  ///   - column: of a table.
  ///   - rows: of the table, those with a target.
  package init(_ column: Column, rows: [Int]) throws(DataError) {
    try self.init(column.gathering(rows), tableRows: rows)
  }

  /// - Parameters:
  ///   - column: of rows with a target; nil where nothing was said.
  ///   - tableRows: where they are in the table.
  /// - Throws: for what is no number, missing, negative or too large, and where nothing is left.
  internal init(_ column: Column?, tableRows: [Int]) throws(DataError) {
    let count = tableRows.count
    guard let column else {
      (places, values, notes) = (Array(0..<count), nil, [])
      return
    }
    let given = try Self.numbers(of: column, tableRows)
    let places = given.indices.filter { given[$0] > 0 }
    guard places.count >= 2 else {
      throw DataError(
        .invalid, "fewer than two rows with a target weigh more than 0", at: .init(column: column.name),
        advice: "choose another column with --weights")
    }
    let name = shortened(column.name)
    var notes = ["column \(name) says what each row counts; it is no feature"]
    let absent = count - places.count
    if absent > 0 {
      notes.append("\(absent) row\(absent == 1 ? " weighs 0 and is" : "s weigh 0 and are") left out")
    }
    var weights = places.map { given[$0] }
    // Of equal ones it is exactly what they are: nothing then differs from no weights.
    let areEqual = weights.allSatisfy { $0 == weights[0] }
    let mean = areEqual ? weights[0] : weights.reduce(0, +) / Double(weights.count)
    // Penalties and smallest leaves are meant for rows that count about once: shares of 1 would starve them.
    if mean < 1 {
      weights = weights.map { $0 / mean }
      notes.append("weights of \(name) are divided by their mean, \(mean.shortText): it was below 1")
    }
    self.places = places
    values = weights.allSatisfy { $0 == 1 } ? nil : weights
    self.notes = notes
  }

  private static func numbers(of column: Column, _ tableRows: [Int]) throws(DataError) -> [Double] {
    let given = try column.requireSideNumbers("weights", tableRows, advice: advice)
    guard let place = given.firstIndex(where: { !($0 >= 0 && $0 <= largest) }) else { return given }
    let weight = given[place]
    let flaw =
      weight.isNaN
      ? "the row has a target and no weight"
      : "it weighs \(weight.shortText), \(weight < 0 ? "less than nothing" : "more than 1e100")"
    throw DataError(.invalid, flaw, at: .init(column: column.name, row: tableRows[place]), advice: advice)
  }

  private static let advice = "give each row a number from 0 on; 0 leaves it out"
}
