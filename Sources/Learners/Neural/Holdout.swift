internal import Linalg

/// Which rows each network of an ensemble learns from, and which it is judged by.
package struct Holdout: Sendable {
  package struct Split: Sendable, Equatable {
    /// Both in ascending order, together all rows.
    package let training: [Int]
    package let validation: [Int]
  }

  private let shuffled: ShuffledRows
  private let size: Int

  /// Nothing is held out without `earlyStopping`, nor of fewer than 10 rows.
  /// - Parameter groups: the group of each row: whole ones are held out. Nil where each row is its own.
  package init(rows: Int, groups: [Int]? = nil, _ parameters: MLP.Parameters, seed: UInt64) {
    shuffled = ShuffledRows(rows: rows, groups: groups, seed: seed, purpose: RandomPurpose("mlp.holdout"))
    let share = Int((Double(rows) * parameters.validationFraction).rounded())
    size = parameters.earlyStopping && rows >= 10 ? min(max(share, 1), rows - 1) : 0
  }

  /// The parts of network `member`: it holds out the next `size` rows of the order, which is a circle.
  package func split(_ member: Int) -> Split {
    let order = shuffled.order
    var isHeldOut = [Bool](repeating: false, count: order.count)
    if size > 0 {
      let start = shuffled.cut(near: member * size % order.count) % order.count
      let end = shuffled.end(after: start, atMost: size)
      for place in start..<end { isHeldOut[order[place]] = true }
      // Round the circle, where the order ends before there are enough.
      let more = shuffled.end(after: 0, atMost: size - min(size, end - start))
      if end == order.count && end - start < size && more < start {
        for place in 0..<more { isHeldOut[order[place]] = true }
      }
    }
    return Split(
      training: isHeldOut.indices.filter { !isHeldOut[$0] }, validation: isHeldOut.indices.filter { isHeldOut[$0] })
  }
}
