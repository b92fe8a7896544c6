/// Between the targets and the outputs of a network: mean 0 and standard deviation 1, within the range of the targets
/// widened by a tenth of it on either side.
internal struct TargetScaling: Sendable, Equatable {
  let shift: Double
  let scale: Double
  let lower: Double
  let upper: Double

  /// Nil unless lower ≤ shift ≤ upper and scale > 0, all finite.
  init?(shift: Double, scale: Double, lower: Double, upper: Double) {
    guard lower <= shift && shift <= upper && scale > 0 && [shift, scale, lower, upper].allSatisfy(\.isFinite) else {
      return nil
    }
    self.shift = shift
    self.scale = scale
    self.lower = lower
    self.upper = upper
  }

  init(of training: TrainingSet) throws(FitError) {
    let weights = training.weights
    let present = training.y.indices.filter { (weights?[$0] ?? 1) > 0 }
    let targets = present.map { training.y[$0] }
    let mean = training.targetMean
    let (least, greatest) = targets.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1), max($0.1, $1)) }
    let squares = present.reduce(0) { sum, row in
      let deviation = training.y[row] - mean
      return sum + (weights?[row] ?? 1) * deviation * deviation
    }
    let deviation = (squares / training.totalWeight).squareRoot()
    let margin = 0.1 * (greatest - least)
    // The mean of equal targets may differ from them in the last bit.
    let scaling = TargetScaling(
      shift: min(max(mean, least), greatest), scale: deviation > 0 ? deviation : 1, lower: least - margin,
      upper: greatest + margin)
    guard let scaling else {
      let row = training.y.indices.max { abs(training.y[$0]) < abs(training.y[$1]) } ?? 0
      throw .invalidTarget(row: row, reason: "is too large to be squared and summed")
    }
    self = scaling
  }

  func scaled(_ target: Double) -> Float { Float((target - shift) / scale) }

  /// The target that an output stands for; `shift` where the output is no number.
  func target(_ output: Double) -> Double {
    let value = shift + scale * output
    return value.isNaN ? shift : min(max(value, lower), upper)
  }
}
