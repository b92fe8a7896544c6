internal import Linalg

/// The rows that a forest learns from: those of a training set with a positive weight, targets and weights scaled by
/// powers of two (which rounds nothing) where their squares could overflow or vanish.
internal final class GrowthRows: Sendable {
  internal let rowCount: Int
  internal let featureCount: Int
  internal let kinds: [FeatureKind]
  /// rows x features; NaN is missing, categories are codes.
  internal let x: Scratch<Double>
  /// y / `targetScale`: what leaves predict the means of.
  internal let targets: Scratch<Double>
  /// The targets that cuts are judged by, see `UnitFree.positions`: the same in any unit, so that what saves as much as another cut
  /// does so in all units or in none.
  internal let positions: Scratch<Double>
  /// Of one in `positions`, in units of `targets`.
  internal let positionUnit: Double
  internal let weights: Scratch<Double>
  /// A power of two.
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
    targetScale = Self.powerOfTwo(near: training.y.reduce(0) { max($0, abs($1)) })
    let weightScale = Self.powerOfTwo(near: weights?.max() ?? 1)
    let targetScale = targetScale
    let scaled = source.map { training.y[$0] / targetScale }
    targets = Scratch(scaled)
    positionUnit = UnitFree.spread(of: scaled)
    positions = Scratch(UnitFree.positions(of: scaled, unit: positionUnit))
    self.weights = Scratch(source.map { (weights?[$0] ?? 1) / weightScale })
    self.source = source
  }

  /// A copy of one column of `x`.
  internal func column(_ feature: Int) -> [Double] {
    (0..<rowCount).map { unsafe x.pointer[$0 * featureCount + feature] }
  }

  /// 1 unless the number is so large or small that products of squares of targets and weights near it would leave the range of a
  /// Double.
  internal static func powerOfTwo(near largest: Double) -> Double {
    guard largest > 0, abs(largest.exponent) > 100 else { return 1 }
    return Double(sign: .plus, exponent: max(-1000, Int(largest.exponent)), significand: 1)
  }
}
