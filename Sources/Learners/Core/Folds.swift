internal import Linalg

/// Which rows are held out together.
///
/// Every row belongs to one fold, or to none: a row of no fold is in the training part of all of them and is never
/// predicted out of fold. A value that exists has at least one fold, and each fold leaves rows to learn from.
public struct Folds: Sendable, Hashable {
  /// Fold of each row, 0 ..< count; -1 for none.
  public let assignments: [Int]
  public let count: Int

  /// What a list of fold numbers can be unfit for.
  public enum Problem: Error, Equatable, Sendable {
    case tooFew(folds: Int)
    case moreFoldsThanRows(folds: Int, rows: Int)
    case rowMismatch(rows: Int, assignments: Int)
    /// Numbers have to be 0, 1, … with none left out; -1 stands for a row that is never held out.
    case emptyFold(Int)
    case invalidNumber(row: Int, number: Int)
    case nothingToLearnFrom
  }

  /// A seeded shuffle cut into `count` folds whose sizes differ by one at most, the larger ones first.
  public init(shuffling rows: Int, into count: Int, seed: UInt64) throws(Problem) {
    guard count >= 2 else { throw .tooFew(folds: count) }
    guard count <= rows else { throw .moreFoldsThanRows(folds: count, rows: rows) }
    var random = RandomStream(seed: seed, purpose: RandomPurpose("folds"))
    var assignments = [Int](repeating: 0, count: rows)
    for (place, row) in random.permutation(rows).enumerated() {
      assignments[row] = Self.fold(ofPlace: place, rows: rows, count: count)
    }
    self.assignments = assignments
    self.count = count
  }

  private static func fold(ofPlace place: Int, rows: Int, count: Int) -> Int {
    let (size, larger) = (rows / count, rows % count)
    let inLarger = larger * (size + 1)
    return place < inLarger ? place / (size + 1) : larger + (place - inLarger) / size
  }

  /// The folds that somebody else used: one number a row.
  public init(assignments: [Int], rows: Int) throws(Problem) {
    guard assignments.count == rows else { throw .rowMismatch(rows: rows, assignments: assignments.count) }
    if let row = assignments.firstIndex(where: { $0 < -1 || $0 >= rows }) {
      throw .invalidNumber(row: row, number: assignments[row])
    }
    let count = (assignments.max() ?? -1) + 1
    guard count >= 1 else { throw .tooFew(folds: 0) }
    let used = Set(assignments)
    for fold in 0..<count where !used.contains(fold) { throw .emptyFold(fold) }
    guard used.count >= 2 else { throw .nothingToLearnFrom }
    self.assignments = assignments
    self.count = count
  }

  public func trainingRows(_ fold: Int) -> [Int] { assignments.indices.filter { assignments[$0] != fold } }

  public func testRows(_ fold: Int) -> [Int] { assignments.indices.filter { assignments[$0] == fold } }
}

extension Folds.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooFew(let folds): "\(folds) folds: at least 2 are needed"
    case .moreFoldsThanRows(let folds, let rows): "\(folds) folds but only \(rows) rows"
    case .rowMismatch(let rows, let assignments): "\(assignments) fold numbers for \(rows) rows"
    case .emptyFold(let fold): "no row has fold number \(fold): they have to be 0, 1, … without a gap"
    case .invalidNumber(let row, let number): "row \(row + 1) has fold number \(number): -1, 0, 1, … are possible"
    case .nothingToLearnFrom: "all rows are in one fold: nothing is left to learn from"
    }
  }
}
