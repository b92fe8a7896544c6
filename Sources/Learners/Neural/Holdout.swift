internal import Linalg

/// Which rows each network of an ensemble learns from, and which it is judged by.
package struct Holdout: Sendable {
  package struct Split: Sendable, Equatable {
    /// Both in ascending order, together all rows.
    package let training: [Int]
    package let validation: [Int]
  }

  private let order: [Int]
  private let size: Int

  /// Nothing is held out without `earlyStopping`, nor of fewer than 10 rows.
  package init(rows: Int, _ parameters: MLP.Parameters, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("mlp.holdout"))
    order = random.permutation(rows)
    let share = Int((Double(rows) * parameters.validationFraction).rounded())
    size = parameters.earlyStopping && rows >= 10 ? min(max(share, 1), rows - 1) : 0
  }

  /// The parts of network `member`: it holds out the next `size` rows of the order, which is a circle.
  package func split(_ member: Int) -> Split {
    var isHeldOut = [Bool](repeating: false, count: order.count)
    for index in 0..<size { isHeldOut[order[(member * size + index) % order.count]] = true }
    return Split(
      training: isHeldOut.indices.filter { !isHeldOut[$0] }, validation: isHeldOut.indices.filter { isHeldOut[$0] })
  }
}
