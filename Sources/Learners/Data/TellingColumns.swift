internal import Linalg

/// Finds columns that tell the target although they do not equal it: a copy with gaps, rounded, scaled, negated or as a
/// logarithm, a rank, a row number of a sorted table, a code for each of its values.
///
/// A column orders the target if, with the rows sorted by it, the longest run of targets that never falls (or never rises)
/// leaves out almost no row, and it is fine enough to tell the targets apart. It decides the target if rows with
/// the same value have the same target, almost all of them. “Almost” is counted among the rows that do not have the most
/// frequent target. Copies of rows count once. A target of an earlier row (a lag) is known beforehand and passes.
/// Cost: O(s log s) a column with at most `sampleSize` rows s, evenly spread over those that have a value.
internal struct TellingColumns {
  internal static let sampleSize = 10_000
  /// Rows of the sample that are looked at first.
  private static let firstLook = 512
  /// Fewer rows than this are in order by chance.
  private static let fewestRows = 12
  /// Of the rows, so many may disagree.
  private static let tolerance = 0.005
  /// A column that orders the target tells this much of the variance of its ranks.
  private static let fineness = 0.98

  /// What is wrong with a column.
  internal enum Kind: Sendable, Equatable { case orders, decides }

  private let target: [Double]
  private let rows: [Int]

  /// - Parameter rows: those to look at, without copies of others.
  internal init(target: [Double], rows: [Int]) {
    self.target = target
    self.rows = rows
  }

  /// The kind of each column, nil for most.
  internal func kinds(of columns: [[Double]], isNumber: [Bool]) -> [Kind?] {
    Parallel.map(columns.count) { kind(of: columns[$0], isNumber: isNumber[$0]) }
  }

  internal func kind(of column: [Double], isNumber: Bool) -> Kind? {
    let present = rows.filter { !column[$0].isNaN }
    let count = min(present.count, Self.sampleSize)
    guard count >= Self.fewestRows else { return nil }
    let sample = (0..<count).map { present[$0 * present.count / count] }
    let pairs = sample.map { (x: column[$0], y: target[$0]) }
    let others = count - mostFrequent(pairs.map(\.y))
    guard others >= Self.fewestRows - 2 else { return nil }
    let allowed = Int(Self.tolerance * Double(others))
    // What is out of order among some of the rows is so among all: most columns are done with here.
    let few = (0..<min(count, Self.firstLook)).map { pairs[$0 * count / min(count, Self.firstLook)] }
    guard Self.mayTell(few, allowed: allowed, isNumber: isNumber),
      let found = Self.kind(of: pairs, allowed: allowed, isNumber: isNumber)
    else { return nil }
    return isNumber && isLag(column) ? nil : found
  }

  private static func mayTell(_ pairs: [(x: Double, y: Double)], allowed: Int, isNumber: Bool) -> Bool {
    let rising = risingPairs(pairs)
    return strayRows(rising, groupLengths(rising)) <= allowed
      || isNumber && pairs.count - longestOrder(rising) <= allowed
  }

  private static func kind(of pairs: [(x: Double, y: Double)], allowed: Int, isNumber: Bool) -> Kind? {
    let rising = risingPairs(pairs)
    let groups = groupLengths(rising)
    if groups.count * 3 <= pairs.count, strayRows(rising, groups) <= allowed { return .decides }
    guard isNumber, pairs.count - longestOrder(rising) <= allowed else { return nil }
    return explainedShare(rising, groups) >= fineness ? .orders : nil
  }

  /// Whether the column is the target of an earlier row rather than that of its own.
  private func isLag(_ column: [Double]) -> Bool {
    func share(_ lag: Int) -> Double {
      guard target.count > lag else { return 0 }
      let equal = (lag..<target.count).count { column[$0] == target[$0 - lag] }
      return Double(equal) / Double(target.count - lag)
    }
    let own = share(0)
    return (1...Self.longestLag).contains { lag in
      let share = share(lag)
      return share >= 0.98 && share >= own
    }
  }

  /// In rows: a year of months, and a day of hours.
  private static let longestLag = 24

  /// Whether a column that equals the target in nearly all rows is that of the row before: a series that hardly changes.
  internal static func isLag(_ column: [Double], of target: [Double]) -> Bool {
    TellingColumns(target: target, rows: []).isLag(column)
  }
}

private func risingPairs(_ pairs: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
  pairs.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
}

/// How many rows are in the longest order of the y, up or down. Pairs are sorted by x, then by y.
private func longestOrder(_ rising: [(x: Double, y: Double)]) -> Int {
  let falling = rising.sorted { ($0.x, -$0.y) < ($1.x, -$1.y) }
  return max(longestRun(rising.lazy.map(\.y)), longestRun(falling.lazy.map { -$0.y }))
}

/// How often the most frequent number is there.
private func mostFrequent(_ numbers: [Double]) -> Int {
  let sorted = sortedByDigits(numbers)
  var (most, run) = (0, 0)
  for index in sorted.indices {
    run = index > 0 && sorted[index] == sorted[index - 1] ? run + 1 : 1
    most = max(most, run)
  }
  return most
}

/// Rows of each value of x, in pairs that are sorted by x.
private func groupLengths(_ pairs: [(x: Double, y: Double)]) -> [Int] {
  var lengths: [Int] = []
  for index in pairs.indices {
    if index > 0 && pairs[index].x == pairs[index - 1].x {
      lengths[lengths.count - 1] += 1
    } else {
      lengths.append(1)
    }
  }
  return lengths
}

/// Rows whose y is not the most frequent one of their x. Pairs are sorted by x, then by y.
private func strayRows(_ pairs: [(x: Double, y: Double)], _ groups: [Int]) -> Int {
  var (stray, start) = (0, 0)
  for length in groups {
    stray += length - mostFrequent(pairs[start..<start + length].map(\.y))
    start += length
  }
  return stray
}

/// Length of the longest subsequence that never falls. Cost O(n log n).
private func longestRun(_ values: some Sequence<Double>) -> Int {
  // ends[k]: the least value with which a run of k + 1 can end.
  var ends: [Double] = []
  for value in values {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= value { low = middle + 1 } else { high = middle }
    }
    if low == ends.count { ends.append(value) } else { ends[low] = value }
  }
  return ends.count
}

/// The share of the variance of y's ranks that lies between the values of x. Pairs are sorted by x.
private func explainedShare(_ pairs: [(x: Double, y: Double)], _ groups: [Int]) -> Double {
  let ranks = middleRanks(pairs.map(\.y))
  let mean = Double(pairs.count - 1) / 2
  var (between, all, start) = (0.0, 0.0, 0)
  for length in groups {
    var sum = 0.0
    for index in start..<start + length {
      sum += ranks[index] - mean
      all += (ranks[index] - mean) * (ranks[index] - mean)
    }
    between += sum * sum / Double(length)
    start += length
  }
  return all > 0 ? between / all : 0
}

/// From 0; equal numbers share the mean of their ranks.
private func middleRanks(_ numbers: [Double]) -> [Double] {
  let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
  var ranks = [Double](repeating: 0, count: numbers.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count && numbers[order[end]] == numbers[order[start]] { end += 1 }
    for place in start..<end { ranks[order[place]] = Double(start + end - 1) / 2 }
    start = end
  }
  return ranks
}
