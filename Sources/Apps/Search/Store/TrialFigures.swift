/// How a trial did: by the figure that the search ranks by.
public struct TrialFigures: Sendable, Hashable {
  /// Of all out-of-fold predictions together.
  public let overall: Double
  /// R² on the scale of fitting, whatever is ranked by.
  public let r2Transformed: Double
  /// Of each fold by itself.
  public let folds: [Double]
  /// Of all folds but one.
  public let without: [Double]

  package init(overall: Double, r2Transformed: Double, folds: [Double], without: [Double]) {
    self.overall = overall
    self.r2Transformed = r2Transformed
    self.folds = folds
    self.without = without
  }

  /// Eight bytes a number: overall, R², the folds, without each of them.
  package init?(bytes: [UInt8]) {
    guard bytes.count >= 16, bytes.count % 16 == 0 else { return nil }
    let numbers = stride(from: 0, to: bytes.count, by: 8).map { start in
      Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
    }
    let count = numbers.count / 2 - 1
    self.init(
      overall: numbers[0], r2Transformed: numbers[1], folds: Array(numbers[2..<2 + count]),
      without: Array(numbers[(2 + count)...]))
  }

  package var bytes: [UInt8] {
    ([overall, r2Transformed] + folds + without).flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(8 * $0)) }
    }
  }
}
