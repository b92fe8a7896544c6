extension Folds {
  /// The folds that somebody else used, one number a row of the table that the rows are from.
  /// - Throws: `.leftOut` where of a fold no row is left: its number would go to no one, or the folds be fewer than was said.
  public init(ofTableRows numbers: [Int], for dataset: Dataset) throws(Problem) {
    if let row = numbers.firstIndex(where: { $0 < -1 || $0 >= numbers.count }) {
      throw .invalidNumber(row: row, number: numbers[row])
    }
    let kept = dataset.tableRows.map { numbers[$0] }
    let used = Set(kept)
    if let lost = Set(numbers).subtracting(used).filter({ $0 >= 0 }).min() { throw .leftOut(fold: lost) }
    try self.init(assignments: kept, rows: dataset.rowCount)
  }

  /// The same cut `count` times, of whole groups where there are groups: the first as when there is only one.
  public static func repeated(
    _ count: Int, of dataset: Dataset, into folds: Int, seed: UInt64
  ) throws(Problem) -> [Folds] {
    var repeats: [Folds] = []
    for repetition in 0..<count {
      if let groups = dataset.groups {
        repeats.append(try Folds(grouping: groups, into: folds, seed: seed, repetition: repetition))
      } else {
        repeats.append(try Folds(shuffling: dataset.rowCount, into: folds, seed: seed, repetition: repetition))
      }
    }
    return repeats
  }
}
