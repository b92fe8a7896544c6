package import Learners

/// What `GET /api/model` tells of a model.
package struct ModelDescription: Encodable, Sendable {
  package let name: String
  package let version: String
  package let sha256: String
  /// The learner, such as `boosting`.
  package let learner: String
  package let target: String
  package let targetTransform: String
  /// What its predictions are: "mean", "median" or "quantile 0.95".
  package let predicts: String
  /// Whether `predict=mean` can be asked for.
  package let canPredictMeans: Bool
  /// Shares up to it can be asked for as `interval`; nil where none can.
  package let highestInterval: Double?
  /// Nil for a learner whose search cannot end too early.
  package let converged: Bool?
  package let iterations: Int?
  /// What the target is divided by before its logarithm.
  package let targetUnit: Double?
  /// Of a model that predicts several quantiles.
  package let quantileLevels: [Double]?
  package let features: [FeatureDescription]
  package let parameters: [String: ParameterValue]
  package let scores: ScoresDescription?
  package let provenance: ModelFile.Provenance
  private enum CodingKeys: String, CodingKey {
    case name, version, sha256, learner, target, features, parameters, scores, provenance, predicts, converged
    case iterations
    case canPredictMeans = "can_predict_means"
    case targetTransform = "target_transform"
    case targetUnit = "target_unit"
    case quantileLevels = "quantile_levels"
    case highestInterval = "highest_interval"
  }

  package init(_ served: ServedModel) {
    let model = served.model
    name = served.name
    version = served.version
    sha256 = served.sha256
    learner = model.name
    target = model.target
    targetUnit = model.pipeline.target.targetScale.unit
    targetTransform = model.pipeline.target.isLogarithmic ? "log1p" : "none"
    predicts = model.statistic.description
    canPredictMeans = model.canPredictMeans
    highestInterval = model.intervals?.highestLevel
    converged = model.learner.convergence?.converged
    iterations = model.learner.convergence?.iterations
    quantileLevels = model.quantileLevels.isEmpty ? nil : model.quantileLevels
    features = FeatureDescription.all(of: model)
    parameters = model.parameterValues
    scores = served.file.scores.map(ScoresDescription.init)
    provenance = served.file.provenance
  }
}

/// What a client has to know about a feature.
package struct FeatureDescription: Encodable, Sendable {
  package let name: String
  /// `numeric` or `categorical`.
  package let kind: String
  package let unit: String?
  package let levels: [String]?
  package let importance: Double?

  static func all(of model: Model) -> [FeatureDescription] {
    let importance = model.featureImportance
    return model.pipeline.features.enumerated().map { index, feature in
      FeatureDescription(
        name: feature.name, kind: feature.levels == nil ? "numeric" : "categorical", unit: feature.unit,
        levels: feature.levels, importance: importance?[index])
    }
  }
}

/// Cross-validated scores with the names of the command line's contract; null where one is not defined.
package struct ScoresDescription: Encodable, Sendable {
  private let scores: Scores

  init(_ scores: Scores) { self.scores = scores }

  private enum Key: String, CodingKey {
    case r2, rmse, mae, spearman
    case r2Deviation = "r2_sd"
    case r2Transformed = "r2_transformed"
    case r2TransformedDeviation = "r2_transformed_sd"
    case medianAbsoluteError = "median_absolute_error"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    let values: [(Key, Double)] = [
      (.r2, scores.r2), (.r2Deviation, scores.r2Deviation), (.r2Transformed, scores.r2Transformed),
      (.r2TransformedDeviation, scores.r2TransformedDeviation), (.rmse, scores.rmse), (.mae, scores.mae),
      (.medianAbsoluteError, scores.medianAbsoluteError), (.spearman, scores.spearman),
    ]
    for (key, value) in values { try container.encode(value.isFinite ? value : nil, forKey: key) }
  }
}
