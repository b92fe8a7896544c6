/// A fitted pipeline with the learner fitted behind it: predicts the target of rows of named features.
public struct Model: Sendable {
  public let pipeline: Pipeline
  public let learner: any Regressor
  /// Name of what is predicted.
  public let target: String

  public init(pipeline: Pipeline, learner: any Regressor, target: String) {
    precondition(
      learner.featureCount == pipeline.columnCount,
      "Model: the pipeline makes \(pipeline.columnCount) columns, the learner takes \(learner.featureCount)")
    self.pipeline = pipeline
    self.learner = learner
    self.target = target
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
