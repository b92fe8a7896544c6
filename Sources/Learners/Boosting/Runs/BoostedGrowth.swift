/// How the trees of a model came about: what can be told and taken up again later.
internal struct BoostedGrowth: Sendable, Equatable {
  /// Σ of the loss that the splits by each feature saved, in units of the loss of targets / `unit`.
  let gains: [Double]
  /// See `TargetUnit`.
  let unit: Double
  /// Nil where a model cannot be continued: it is the mean of several runs, or its end was found on rows left out.
  let state: RunState?
  /// One a run.
  let validationCurves: [[Double]]

  /// Shares of the features in all gains; all 0 where there are none.
  var importance: [Double] {
    let total = gains.reduce(0, +)
    return total > 0 ? gains.map { $0 / total } : gains
  }

  /// The gains as they would be with another unit: squares of residuals have its square.
  func gains(inUnitsOf other: Double, _ loss: Boosting.Loss) -> [Double] {
    guard loss == .squared && other != unit else { return gains }
    return gains.map { min($0 * (unit / other) * (unit / other), .greatestFiniteMagnitude / Double(gains.count)) }
  }

  /// Tensors `gains` F64 [features], `unit` F64 [1], `state` I32 [2] or [0], `validation.starts` U64 [runs + 1] and
  /// `validation.losses` F64.
  func encode(into tensors: inout TensorStore) {
    tensors.set("gains", shape: [gains.count], .float64(gains))
    tensors.set("unit", unit)
    let state = state.map { [Int32($0.iterations), Int32($0.stumps)] } ?? []
    tensors.set("state", shape: [state.count], .int32(state))
    let starts = validationCurves.reduce(into: [UInt64(0)]) { $0.append($0[$0.count - 1] + UInt64($1.count)) }
    tensors.set("validation.starts", shape: [starts.count], .uint64(starts))
    let losses = validationCurves.flatMap { $0 }
    tensors.set("validation.losses", shape: [losses.count], .float64(losses))
  }

  init(gains: [Double], unit: Double, state: RunState?, validationCurves: [[Double]]) {
    self.gains = gains
    self.unit = unit
    self.state = state
    self.validationCurves = validationCurves
  }

  init(decoding tensors: TensorStore, featureCount: Int) throws(ModelFileError) {
    gains = try tensors.float64("gains", shape: [featureCount])
    if let index = gains.firstIndex(where: { $0 < 0 }) {
      throw .invalidValue(tensor: "gains", index: index, reason: "is negative")
    }
    guard gains.reduce(0, +).isFinite else {
      throw .invalidValue(tensor: "gains", index: 0, reason: "is too large: the sum is not finite")
    }
    unit = try tensors.finiteDouble("unit")
    guard unit > 0 else {
      throw .invalidValue(tensor: "unit", index: 0, reason: "is not above 0")
    }
    let numbers = try tensors.int32("state", shape: [nil])
    guard numbers.isEmpty || numbers.count == 2 else {
      throw .wrongShape(tensor: "state", expected: [2], found: [numbers.count])
    }
    if let index = numbers.firstIndex(where: { !(0...100_000).contains($0) }) {
      throw .invalidValue(tensor: "state", index: index, reason: "is no number of iterations")
    }
    state = numbers.isEmpty ? nil : RunState(iterations: Int(numbers[0]), stumps: Int(numbers[1]))
    validationCurves = try Self.curves(tensors)
  }

  private static func curves(_ tensors: TensorStore) throws(ModelFileError) -> [[Double]] {
    let starts = try tensors.uint64("validation.starts", shape: [nil])
    let losses = try tensors.float64("validation.losses", shape: [nil])
    guard starts.first == 0, starts.last == UInt64(losses.count) else {
      throw .invalidValue(tensor: "validation.starts", index: 0, reason: "does not begin at 0 or end with the losses")
    }
    for index in starts.indices.dropFirst() where starts[index] <= starts[index - 1] {
      throw .invalidValue(tensor: "validation.starts", index: index, reason: "is not above the one before")
    }
    return zip(starts, starts.dropFirst()).map { Array(losses[Int($0)..<Int($1)]) }
  }
}

extension Boosting: IterativeRegressor {
  /// Of several quantiles those of the level nearest to ½.
  public var validationCurves: [[Double]] { growth.validationCurves }
}
