/// Chooses the variables that the next block problem is about.
///
/// Half of the places are for those of the last block that are between their bounds, the newest first, the others for the
/// largest violations of optimality. Without the first half what one block gained the next one would undo.
/// Source: the idea is that of Wen et al., "ThunderSVM", JMLR 19(21), 2018.
internal struct WorkingSet {
  let capacity: Int
  /// In the order in which they came.
  private(set) var rows: [Int] = []
  private var isChosen: [Bool]

  init(capacity: Int, rowCount: Int) {
    self.capacity = capacity
    isChosen = Array(repeating: false, count: rowCount)
  }

  /// - Parameters:
  ///   - active: rows to choose from, ascending.
  ///   - first: rows that are taken in any case.
  ///   - violations: by how much each active row violates optimality, in the order of `active`.
  ///   - mayStay: whether a row of the last block may be in the next.
  mutating func choose(
    from active: [Int], first: [Int], violations: [Float], mayStay: (Int) -> Bool
  ) {
    for row in rows { isChosen[row] = false }
    for row in first { isChosen[row] = true }
    var kept: [Int] = []
    for row in rows.reversed() where kept.count < capacity / 2 && !isChosen[row] && mayStay(row) {
      kept.append(row)
      isChosen[row] = true
    }
    var new = first
    let threshold = Self.threshold(violations, atMost: capacity - kept.count - new.count)
    // Those of the bucket at the threshold are taken as long as there is room.
    for isAbove in [true, false] {
      for (violation, row) in zip(violations, active) where violation > 0 && new.count + kept.count < capacity {
        let bucket = Self.bucket(violation)
        guard isAbove ? bucket > threshold : bucket == threshold, !isChosen[row] else { continue }
        isChosen[row] = true
        new.append(row)
      }
    }
    rows = kept.reversed() + new
  }

  /// Positive numbers by size, 16 buckets to a power of two.
  private static func bucket(_ violation: Float) -> Int { Int(violation.bitPattern >> 19) }

  /// The bucket that the `count`-th largest of the positive numbers is in; 0 if there are no more.
  private static func threshold(_ violations: [Float], atMost count: Int) -> Int {
    var sizes = [Int](repeating: 0, count: 1 << 12)
    for violation in violations where violation > 0 { sizes[bucket(violation)] += 1 }
    var (bucket, sum) = (sizes.count, 0)
    while bucket > 0 && sum < count {
      bucket -= 1
      sum += sizes[bucket]
    }
    return bucket
  }
}
