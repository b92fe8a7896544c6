/// A fitted pipeline with the learner fitted behind it: predicts the target of rows of named features.
public struct Model: Sendable {
  public let pipeline: Pipeline
  public let learner: any Regressor
  /// Name of what is predicted.
  public let target: String
  /// How means follow from what is predicted; nil where that is the mean already, or where it is not known.
  public internal(set) var meanCorrection: MeanCorrection?
  /// Ranges around predictions; nil where there are no errors of rows that the learner had not seen.
  public internal(set) var intervals: Intervals?
  /// What the numbers of the training rows were; nil where it is not known.
  public internal(set) var trainingRanges: TrainingRanges?
  /// How all values of the training rows were spread; nil where it is not known.
  public internal(set) var trainingShares: TrainingShares?

  public init(
    pipeline: Pipeline, learner: any Regressor, target: String, meanCorrection: MeanCorrection? = nil,
    intervals: Intervals? = nil, trainingRanges: TrainingRanges? = nil, trainingShares: TrainingShares? = nil
  ) {
    precondition(
      learner.featureCount == pipeline.columnCount,
      "Model: the pipeline makes \(pipeline.columnCount) columns, the learner takes \(learner.featureCount)")
    self.pipeline = pipeline
    self.learner = learner
    self.target = target
    self.meanCorrection = meanCorrection
    self.intervals = intervals
    self.trainingRanges = trainingRanges
    self.trainingShares = trainingShares
  }

  public var name: String { type(of: learner).name }

  /// One prediction a row, on the target's own scale: always finite.
  public func predict(_ data: FeatureColumns, rows: [Int]) throws(PredictionError) -> [Double] {
    pipeline.target.inverse(try learner.predict(pipeline.matrix(of: rows, in: data)))
  }

  public func predict(_ data: FeatureColumns) throws(PredictionError) -> [Double] {
    try predict(data, rows: Array(0..<data.rowCount))
  }
}

extension Model {
  /// How much each feature matters, summed over its columns; nil where the learner has no such notion.
  public var featureImportance: [Double]? {
    guard let importance = learner.featureImportance else { return nil }
    var next = 0
    return pipeline.encoders.map { encoder in
      defer { next += encoder.width }
      return importance[next..<next + encoder.width].reduce(0, +)
    }
  }

  /// The hyper-parameters by name.
  public var parameterValues: [String: ParameterValue] { Self.values(learner.parameters) }

  private static func values<Parameters: HyperParameters>(_ parameters: Parameters) -> [String: ParameterValue] {
    Dictionary(uniqueKeysWithValues: parameters.values.map { ($0.name, $0.value) })
  }
}
