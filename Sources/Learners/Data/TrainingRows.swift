internal import Linalg

/// Rows to learn from, each that occurs once, and what it counts.
///
/// Exact copies, of the same features, target and group, are one row that counts as many. So a table that has a row k times and
/// one in which it weighs k teach the same to the last bit, whatever a learner draws or holds out; and nothing that is held out
/// inside a learner is known from a copy. Where there are copies or weights, rows come in an order that is found from what they
/// hold, whatever order the table has and in whatever units; else they come as they are.
public struct TrainingRows: Sendable, Hashable {
  /// Numbers in the dataset.
  public let rows: [Int]
  /// One a row; nil where each counts once.
  public let weights: [Double]?

  package init(rows: [Int], weights: [Double]? = nil) {
    precondition(weights.map { $0.count == rows.count } ?? true, "TrainingRows: weights of other rows")
    (self.rows, self.weights) = (rows, weights)
  }
}

extension Dataset {
  private static let purpose = RandomPurpose("training-rows")

  /// Cost O(n log n) where there are copies or weights.
  public func trainingRows(among rows: [Int]) -> TrainingRows {
    var (distinct, counts) = (rows, rows.map { weights?[$0] ?? 1 })
    if content.hasCopies {
      var places: [UInt64: Int] = [:]
      (distinct, counts) = ([], [])
      for row in rows {
        if let place = places[content.hashes[row]] {
          counts[place] += weights?[row] ?? 1
        } else {
          places[content.hashes[row]] = distinct.count
          distinct.append(row)
          counts.append(weights?[row] ?? 1)
        }
      }
    }
    guard distinct.count < rows.count || weights != nil else { return TrainingRows(rows: rows) }
    // Sorted, then shuffled as all of so many rows are: neighbours are no kin.
    var random = RandomStream(seed: 0, purpose: Self.purpose)
    let sorted = distinct.indices.sorted { comesBefore(distinct[$0], distinct[$1]) }
    let order = random.permutation(sorted.count).map { sorted[$0] }
    let ordered = order.map { counts[$0] }
    return TrainingRows(
      rows: order.map { distinct[$0] }, weights: ordered.allSatisfy { $0 == 1 } ? nil : ordered)
  }

  /// By the first column in which two rows differ, missing values last.
  private func comesBefore(_ one: Int, _ other: Int) -> Bool {
    for column in features.columns {
      let (left, right) = (column[one], column[other])
      if left < right || (right.isNaN && !left.isNaN) { return true }
      if right < left || (left.isNaN && !right.isNaN) { return false }
    }
    if target[one] != target[other] { return target[one] < target[other] }
    guard let groups, groups[one] != groups[other] else { return one < other }
    return groups[one] < groups[other]
  }
}
