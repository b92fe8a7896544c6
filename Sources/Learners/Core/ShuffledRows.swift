package import Linalg

/// Rows in a seeded order, and the places where it may be cut: between any two, or only between groups.
///
/// What chooses by rows that are held out (a number of trees, an epoch) would choose for what it knows if rows of one group
/// were on both sides.
package struct ShuffledRows: Sendable {
  package let order: [Int]
  /// From 0 to the number of rows, ascending; nil for all places.
  private let cuts: [Int]?

  /// - Parameter groups: the group of each row; nil, or a single group, for rows each by itself.
  package init(rows: Int, groups: [Int]?, seed: UInt64, purpose: RandomPurpose) {
    var random = RandomStream(seed: seed, purpose: purpose)
    guard let groups, Set(groups).count > 1 else {
      order = random.permutation(rows)
      cuts = nil
      return
    }
    let numbers = Array(Set(groups)).sorted()
    let places = random.permutation(numbers.count)
    let placeOfGroup = Dictionary(uniqueKeysWithValues: zip(numbers, places))
    let order = (0..<rows).sorted { (placeOfGroup[groups[$0]]!, $0) < (placeOfGroup[groups[$1]]!, $1) }
    let starts = order.indices.filter { $0 == 0 || groups[order[$0]] != groups[order[$0 - 1]] }
    self.order = order
    cuts = starts + [rows]
  }

  /// The cut at a place, or the nearest one, the earlier of two.
  package func cut(near place: Int) -> Int {
    guard let cuts else { return place }
    let next = cuts.partitioningIndex { $0 >= place }
    guard next > 0 else { return cuts[0] }
    guard next < cuts.count else { return cuts[cuts.count - 1] }
    return place - cuts[next - 1] <= cuts[next] - place ? cuts[next - 1] : cuts[next]
  }

  /// The last cut that leaves no more than so many rows behind `start`, a cut; the first one behind it where all leave more.
  package func end(after start: Int, atMost count: Int) -> Int {
    guard let cuts else { return min(start + count, order.count) }
    let next = cuts.partitioningIndex { $0 > start }
    let behind = cuts.partitioningIndex { $0 > start + count }
    return cuts[min(max(behind - 1, next), cuts.count - 1)]
  }
}

extension [Int] {
  /// The first index of an ascending array for which the condition holds; the count where there is none.
  fileprivate func partitioningIndex(_ isBehind: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
