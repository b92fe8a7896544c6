public import Linalg

/// From named features to the matrix a learner sees, and from its predictions back to the target.
///
/// It is fitted on training rows only and then applied to any rows; the same value travels inside the model file, so
/// that training and serving cannot disagree. Cost of fitting O(n log n) a column; of applying O(n) a column.
public struct Pipeline: Sendable, Hashable, Codable {
  public let features: [Feature]
  public let encoders: [FeatureEncoder]
  public let target: TargetTransform

  /// Learns from the given rows of a dataset, see `TrainingRows`.
  /// - Throws: `.noFeatures` where no feature varies in these rows; `.invalidTarget`.
  public init(
    fitting dataset: Dataset, rows: [Int], for preparation: Preparation, scale: TargetScale,
    options: PipelineOptions = PipelineOptions()
  ) throws(FitError) {
    try self.init(
      fitting: dataset, rows: dataset.trainingRows(among: rows), for: preparation, scale: scale, options: options)
  }

  internal init(
    fitting dataset: Dataset, rows: TrainingRows, for preparation: Preparation, scale: TargetScale,
    options: PipelineOptions
  ) throws(FitError) {
    let encoders = Self.encoders(
      fitting: dataset, rows: rows, as: preparation.features, scale: scale, options: options)
    try self.init(
      encoders: encoders, fitting: dataset, rows: rows, target: preparation.target, scale: scale, options: options)
  }

  /// With the scale that `targetTransform` means for these rows.
  public init(
    fitting dataset: Dataset, rows: [Int], for preparation: Preparation, targetTransform: TargetTransform.Choice
  ) throws(FitError) {
    let decision = TargetScale.decision(
      for: rows.map { dataset.target[$0] }, weights: dataset.weights(of: rows), choice: targetTransform)
    var options = PipelineOptions()
    options.insistsOnScale = targetTransform == .log1p
    try self.init(fitting: dataset, rows: rows, for: preparation, scale: decision.scale, options: options)
  }

  /// With encoders that were fitted to the same rows already.
  internal init(
    encoders: [FeatureEncoder], fitting dataset: Dataset, rows: TrainingRows, target form: Preparation.Target,
    scale: TargetScale, options: PipelineOptions
  ) throws(FitError) {
    guard form != .untransformed || !options.insistsOnScale || !scale.isLogarithmic else { throw .twoLogarithms }
    features = dataset.schema.features
    self.encoders = encoders
    target = try TargetTransform(
      fitting: rows.rows.map { dataset.target[$0] }, weights: rows.weights,
      scale: form == .untransformed ? .identity : scale, standardizing: form == .standardized, margin: options.margin)
    guard columnCount > 0 else { throw .noFeatures }
  }

  /// One a feature.
  internal static func encoders(
    fitting dataset: Dataset, rows: TrainingRows, as form: Preparation.Features, scale: TargetScale,
    options: PipelineOptions
  ) -> [FeatureEncoder] {
    let columns = dataset.features.columns
    guard form == .native else {
      let target = fittedValues(of: rows.rows, in: dataset, scale: scale)
      return DenseEncoding(fitting: dataset, rows: rows, as: form, scale: scale, options: options)
        .encoders(target: target)
    }
    return Parallel.map(columns.count) { index in
      let values = rows.rows.map { columns[index][$0] }
      return .native(NativeEncoder(fitting: values, levels: dataset.schema.features[index].levels))
    }
  }

  /// Targets on the scale of fitting; 0 for one without logarithm, which is refused elsewhere.
  private static func fittedValues(of rows: [Int], in dataset: Dataset, scale: TargetScale) -> [Double] {
    rows.map { row in
      let value = scale.forward(dataset.target[row])
      return value.isFinite ? value : 0
    }
  }

  /// The same, whose bounds of what is believed also hold what these targets would have.
  internal func widened(toHold targets: [Double]) -> Pipeline {
    Pipeline(features: features, encoders: encoders, target: target.widened(toHold: targets))
  }

  internal init(features: [Feature], encoders: [FeatureEncoder], target: TargetTransform) {
    self.features = features
    self.encoders = encoders
    self.target = target
  }

  /// Number of columns of the matrix.
  public var columnCount: Int { encoders.reduce(0) { $0 + $1.width } }

  /// What each column of the matrix holds.
  public var kinds: [FeatureKind] {
    encoders.flatMap { encoder -> [FeatureKind] in
      if case .native(let native) = encoder { return [native.kind] }
      return Array(repeating: .numeric, count: encoder.width)
    }
  }

  /// The feature that each column of the matrix comes from.
  public var columnNames: [String] {
    zip(features, encoders).flatMap { Array(repeating: $0.name, count: $1.width) }
  }

  /// The matrix of the given rows: rows x `columnCount`.
  public func matrix(of rows: [Int], in data: FeatureColumns) -> Matrix<Double> {
    precondition(data.features == features, "Pipeline: fitted on other features")
    let width = columnCount
    var elements = [Double](repeating: 0, count: rows.count * width)
    let starts = encoders.reduce(into: [0]) { $0.append($0.last! + $1.width) }
    let nanosecondsPerColumn = 10.0
    Parallel.fill(&elements, stride: width, cost: Double(width) * nanosecondsPerColumn) { part, span in
      for feature in encoders.indices {
        let (encoder, column) = (encoders[feature], data.columns[feature])
        for row in part {
          encoder.encode(column[rows[row]], into: &span, at: (row - part.lowerBound) * width + starts[feature])
        }
      }
    }
    return Matrix(rows: rows.count, columns: width, elements: elements)
  }

  /// The matrix of the rows that the pipeline was fitted to, for a learner to be fitted to: where a column says what levels add
  /// to the target, that of a row comes from other rows.
  internal func trainingMatrix(of training: TrainingRows, in dataset: Dataset) -> Matrix<Double> {
    let (rows, weights) = (training.rows, training.weights)
    var matrix = matrix(of: rows, in: dataset.features)
    let crowded = encoders.indices.filter { index in
      if case .oneHot(let levels) = encoders[index] { return !levels.effects.isEmpty }
      return false
    }
    guard !crowded.isEmpty else { return matrix }
    let columns = dataset.features.columns.map { column in rows.map { column[$0] } }
    let values = Self.fittedValues(of: rows, in: dataset, scale: target.targetScale)
    let left = encoders.residuals(of: values, weights: weights, columns: columns)
    for index in crowded {
      guard case .oneHot(let levels) = encoders[index] else { continue }
      let last = encoders[...index].reduce(0) { $0 + $1.width } - 1
      for (row, effect) in levels.trainingEffects(columns[index], weights: weights, residuals: left).enumerated() {
        matrix[row, last] = effect
      }
    }
    return matrix
  }

  /// Prepares the rows that the pipeline was fitted to for fitting a learner, see `TrainingRows`.
  public func trainingSet(of rows: [Int], in dataset: Dataset) throws(FitError) -> TrainingSet {
    try trainingSet(of: dataset.trainingRows(among: rows), in: dataset)
  }

  internal func trainingSet(of training: TrainingRows, in dataset: Dataset) throws(FitError) -> TrainingSet {
    let rows = training.rows
    return try TrainingSet(
      x: trainingMatrix(of: training, in: dataset), y: target.forward(rows.map { dataset.target[$0] }),
      weights: training.weights, groups: dataset.kin(among: rows), kinds: kinds, names: columnNames)
  }
}
