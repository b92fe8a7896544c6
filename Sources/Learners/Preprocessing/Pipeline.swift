public import Linalg

/// From named features to the matrix a learner sees, and from its predictions back to the target.
///
/// It is fitted on training rows only and then applied to any rows; the same value travels inside the model file, so
/// that training and serving cannot disagree. Cost of fitting O(n log n) a column; of applying O(n) a column.
public struct Pipeline: Sendable, Hashable, Codable {
  public let features: [Feature]
  public let encoders: [FeatureEncoder]
  public let target: TargetTransform

  /// Learns from the given rows of a dataset.
  /// - Throws: `.noFeatures` where no feature varies in these rows; `.invalidTarget`.
  public init(
    fitting dataset: Dataset, rows: [Int], for preparation: Preparation, targetTransform: TargetTransform.Choice
  ) throws(FitError) {
    try self.init(
      encoders: Self.encoders(fitting: dataset, rows: rows, as: preparation.features), fitting: dataset, rows: rows,
      target: preparation.target, targetTransform: targetTransform)
  }

  /// With encoders that were fitted to the same rows already.
  internal init(
    encoders: [FeatureEncoder], fitting dataset: Dataset, rows: [Int], target form: Preparation.Target,
    targetTransform: TargetTransform.Choice
  ) throws(FitError) {
    guard form != .untransformed || targetTransform != .log1p else { throw .twoLogarithms }
    features = dataset.schema.features
    self.encoders = encoders
    target = try TargetTransform(
      fitting: rows.map { dataset.target[$0] }, choice: form == .untransformed ? .none : targetTransform,
      standardizing: form == .standardized)
    guard columnCount > 0 else { throw .noFeatures }
  }

  /// One a feature.
  internal static func encoders(
    fitting dataset: Dataset, rows: [Int], as form: Preparation.Features
  ) -> [FeatureEncoder] {
    let columns = dataset.features.columns
    return Parallel.map(columns.count) { index in
      let values = rows.map { columns[index][$0] }
      return FeatureEncoder(fitting: values, of: dataset.schema.features[index], as: form)
    }
  }

  /// The same, whose bounds of what is believed also hold what these targets would have.
  internal func widened(toHold targets: [Double]) -> Pipeline {
    Pipeline(features: features, encoders: encoders, target: target.widened(toHold: targets))
  }

  private init(features: [Feature], encoders: [FeatureEncoder], target: TargetTransform) {
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

  /// Prepares rows of a dataset for fitting.
  public func trainingSet(of rows: [Int], in dataset: Dataset) throws(FitError) -> TrainingSet {
    try TrainingSet(
      x: matrix(of: rows, in: dataset.features), y: target.forward(rows.map { dataset.target[$0] }), kinds: kinds,
      names: columnNames)
  }
}
