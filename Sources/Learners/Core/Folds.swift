internal import Linalg

/// Which rows are held out together.
///
/// Every row belongs to one fold, or to none: a row of no fold is in the training part of all of them and is never
/// predicted out of fold. A value that exists has at least one fold, and each fold leaves rows to learn from.
///
/// Rows that belong together (of one owner, one patient) are held out together, or a model is asked about what it knows; rows
/// in time are held out behind those it learns from, or it is asked about the past of what it knows.
public struct Folds: Sendable, Hashable {
  /// Fold of each row, 0 ..< count; -1 for none.
  public let assignments: [Int]
  public let count: Int
  /// Whether the training part of a fold is the rows of the folds before it, and of none, rather than all other rows.
  public let trainsOnThePast: Bool

  /// What a list of fold numbers can be unfit for.
  public enum Problem: Error, Equatable, Sendable {
    case tooFew(folds: Int)
    case moreFoldsThanRows(folds: Int, rows: Int)
    case rowMismatch(rows: Int, assignments: Int)
    /// Numbers have to be 0, 1, … with none left out; -1 stands for a row that is never held out.
    case emptyFold(Int)
    case invalidNumber(row: Int, number: Int)
    case nothingToLearnFrom
    case moreFoldsThanGroups(folds: Int, groups: Int)
    /// Rows of one time are not parted: a fold more than those that are held out is the first past.
    case moreFoldsThanTimes(folds: Int, times: Int)
    /// All its rows are left out of the data.
    case leftOut(fold: Int)
  }

  /// A seeded shuffle cut into `count` folds whose sizes differ by one at most, the larger ones first.
  /// - Parameter repetition: which of several such shuffles, from 0.
  public init(shuffling rows: Int, into count: Int, seed: UInt64, repetition: Int = 0) throws(Problem) {
    guard count >= 2 else { throw .tooFew(folds: count) }
    guard count <= rows else { throw .moreFoldsThanRows(folds: count, rows: rows) }
    var random = RandomStream(seed: seed, purpose: RandomPurpose("folds"), index: UInt64(repetition))
    var assignments = [Int](repeating: 0, count: rows)
    for (place, row) in random.permutation(rows).enumerated() {
      assignments[row] = Self.fold(ofPlace: place, rows: rows, count: count)
    }
    self.init(checked: assignments, count: count)
  }

  private init(checked assignments: [Int], count: Int, trainsOnThePast: Bool = false) {
    self.assignments = assignments
    self.count = count
    self.trainsOnThePast = trainsOnThePast
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
    self.init(checked: assignments, count: count)
  }

  /// As some of this kind were kept.
  package init(assignments: [Int], trainsOnThePast: Bool) throws(Problem) {
    let folds = try Folds(assignments: assignments, rows: assignments.count)
    self.init(checked: assignments, count: folds.count, trainsOnThePast: trainsOnThePast)
  }

  /// One fold by itself, as fold 0 of one, with the same training part.
  package func alone(_ fold: Int) -> Folds {
    let own = assignments.map { $0 == fold ? 0 : trainsOnThePast && $0 > fold ? 1 : -1 }
    return Folds(checked: own, count: 1, trainsOnThePast: trainsOnThePast)
  }

  /// The same with fewer held-out rows; nil where none is left. A fold that is left without rows is none.
  package func keeping(_ isKept: (_ row: Int) -> Bool) -> Folds? {
    let kept = assignments.indices.map { assignments[$0] >= 0 && isKept($0) ? assignments[$0] : -1 }
    let used = Set(kept).subtracting([-1]).sorted()
    guard !used.isEmpty else { return nil }
    let numbers = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    return Folds(checked: kept.map { numbers[$0] ?? -1 }, count: used.count, trainsOnThePast: trainsOnThePast)
  }

  public func trainingRows(_ fold: Int) -> [Int] {
    assignments.indices.filter { trainsOnThePast ? assignments[$0] < fold : assignments[$0] != fold }
  }

  public func testRows(_ fold: Int) -> [Int] { assignments.indices.filter { assignments[$0] == fold } }
}

extension Folds {
  /// Whole groups, the largest first, each to the fold with the fewest rows: sizes differ by no more than they have to.
  /// - Parameters:
  ///   - groups: the group of each row, numbered from 0 without a gap.
  ///   - repetition: which of several such shuffles, from 0.
  public init(grouping groups: [Int], into count: Int, seed: UInt64, repetition: Int = 0) throws(Problem) {
    guard count >= 2 else { throw .tooFew(folds: count) }
    var sizes = [Int](repeating: 0, count: (groups.max() ?? -1) + 1)
    for group in groups { sizes[group] += 1 }
    guard count <= sizes.count else { throw .moreFoldsThanGroups(folds: count, groups: sizes.count) }
    var random = RandomStream(seed: seed, purpose: RandomPurpose("folds.groups"), index: UInt64(repetition))
    let shuffled = random.permutation(sizes.count)
    // Of equal sizes the shuffle decides.
    let order = shuffled.indices.sorted { (-sizes[shuffled[$0]], $0) < (-sizes[shuffled[$1]], $1) }.map { shuffled[$0] }
    var foldOfGroup = sizes
    var rows = [Int](repeating: 0, count: count)
    for group in order {
      let fold = rows.indices.min { (rows[$0], $0) < (rows[$1], $1) } ?? 0
      foldOfGroup[group] = fold
      rows[fold] += sizes[group]
    }
    self.init(checked: groups.map { foldOfGroup[$0] }, count: count)
  }

  /// Stretches of time of about as many rows each: the first is only learned from, and every other is predicted from all
  /// before it. Rows of one time are in one stretch.
  /// - Parameter times: of each row, in any unit, without gaps.
  public init(inOrderOf times: [Double], into count: Int) throws(Problem) {
    guard count >= 1 else { throw .tooFew(folds: count) }
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    let starts = order.indices.filter { $0 == 0 || times[order[$0]] != times[order[$0 - 1]] }
    guard starts.count > count else { throw .moreFoldsThanTimes(folds: count, times: starts.count) }
    var assignments = [Int](repeating: -1, count: times.count)
    var start = 0
    for fold in 0..<count {
      // The start of a time that is nearest to an equal share, with a time before it and one left for every fold behind.
      let wanted = times.count * (fold + 1) / (count + 1)
      let choices = (start + 1)...(starts.count - (count - fold))
      start = choices.min { abs(starts[$0] - wanted) < abs(starts[$1] - wanted) } ?? start + 1
      for row in order[starts[start]...] { assignments[row] = fold }
    }
    self.init(checked: assignments, count: count, trainsOnThePast: true)
  }
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
    case .moreFoldsThanGroups(let folds, let groups): "\(folds) folds but only \(groups) groups"
    case .moreFoldsThanTimes(let folds, let times):
      "\(folds) folds and a first past need \(folds + 1) times, there \(times == 1 ? "is" : "are") \(times)"
    case .leftOut(let fold): "all rows of fold \(fold) are left out, being without a target or of weight 0"
    }
  }
}

extension [Int] {
  /// The same groups, numbered from 0 in the order in which they come.
  package var numbered: [Int] {
    var numbers: [Int: Int] = [:]
    return map { group in
      let number = numbers[group] ?? numbers.count
      numbers[group] = number
      return number
    }
  }
}
