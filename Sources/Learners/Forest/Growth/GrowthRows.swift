internal import Linalg

/// The rows that a forest learns from: those of a training set with a positive weight, targets in a unit of their own
/// (`UnitFree`), weights scaled by a power of two where their products could overflow or vanish.
internal final class GrowthRows: Sendable {
  internal let rowCount: Int
  internal let featureCount: Int
  internal let kinds: [FeatureKind]
  /// rows x features; NaN is missing, categories are codes.
  internal let x: Scratch<Double>
  /// y / `targetScale`.
  internal let targets: Scratch<Double>
  internal let weights: Scratch<Double>
  internal let targetScale: Double
  /// Row of the training set that row i is.
  internal let source: [Int]

  internal init(_ training: TrainingSet) {
    let weights = training.weights
    let source = training.y.indices.filter { (weights?[$0] ?? 1) > 0 }
    let columns = training.x.columns
    let rows = source.count == training.y.count ? training.x : training.x.gathering(rows: source)
    rowCount = source.count
    featureCount = columns
    kinds = training.kinds
    x = Scratch(rows.elements)
    let present = source.map { training.y[$0] }
    targetScale = UnitFree.spread(of: present)
    let weightScale = Self.powerOfTwo(near: weights?.max() ?? 1)
    let targetScale = targetScale
    targets = Scratch(present.map { UnitFree.rounded($0 / targetScale, fractionBits: Self.fractionBits) })
    self.weights = Scratch(source.map { (weights?[$0] ?? 1) / weightScale })
    self.source = source
  }

  /// What leaves predict is rounded so, in units.
  private static let fractionBits = 36

  /// A copy of one column of `x`.
  internal func column(_ feature: Int) -> [Double] {
    (0..<rowCount).map { unsafe x.pointer[$0 * featureCount + feature] }
  }

  /// 1 unless the number is so large or small that products with squares of targets would leave the range of a Double.
  internal static func powerOfTwo(near largest: Double) -> Double {
    guard largest > 0, abs(largest.exponent) > 100 else { return 1 }
    return Double(sign: .plus, exponent: max(-1000, Int(largest.exponent)), significand: 1)
  }
}
