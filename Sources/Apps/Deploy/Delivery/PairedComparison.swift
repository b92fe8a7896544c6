internal import Linalg

/// Squared errors of two models on the same rows, row by row: only so is a small difference seen behind large errors.
public struct PairedComparison: Sendable, Hashable {
  public let rows: Int
  /// Mean squared error of the candidate less that of the other, as a part of the latter: 0.02 is 2 % worse.
  public let loss: Double
  /// 95 % of draws lie between.
  public let lower: Double
  public let upper: Double

  public static let fewestRows = 30
  private static let draws = 2_000

  /// Rows are drawn again with repetition 2,000 times (bootstrap; Efron, Annals of Statistics 7(1), 1979).
  /// - Parameters: squared errors, a row each. Traps where they are not as many, or none.
  public init(candidate: [Double], other: [Double], seed: UInt64 = 0) {
    precondition(
      candidate.count == other.count && !other.isEmpty,
      "PairedComparison: \(candidate.count) and \(other.count) errors")
    rows = candidate.count
    var random = RandomStream(seed: seed, purpose: RandomPurpose("deploy.bootstrap"), index: 0)
    loss = Self.ratio(candidate.reduce(0, +), other.reduce(0, +))
    var losses: [Double] = []
    for _ in 0..<Self.draws {
      var (new, old) = (0.0, 0.0)
      for _ in 0..<rows {
        let row = Int(random.uniform() * Double(rows))
        new += candidate[row]
        old += other[row]
      }
      losses.append(Self.ratio(new, old))
    }
    losses.sort()
    lower = losses[Self.draws / 40]
    upper = losses[Self.draws - 1 - Self.draws / 40]
  }

  /// Two models without errors are equal; against one without, any error is infinitely larger.
  private static func ratio(_ new: Double, _ old: Double) -> Double {
    new == old ? 0 : old > 0 ? new / old - 1 : .infinity
  }
}
