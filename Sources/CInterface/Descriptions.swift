public import CLearners
internal import FoundationEssentials
internal import Learners
internal import Linalg

/// What a model says about itself, as JSON.
internal struct ModelDescription: Encodable {
  struct FeatureDescription: Encodable {
    let name: String
    let levels: [String]?
    let importance: Double?
  }

  let learner: String
  let target: String
  /// Of the sums of an explanation: the target's name, or its logarithm.
  let scale: String
  let logarithmic: Bool
  /// "mean", "median" or "quantile 0.95".
  let predicts: String
  let quantile_levels: [Double]
  let features: [FeatureDescription]
  let parameters: [String: ParameterValue]
  let rows: Int
  let seed: UInt64
  let data_sha256: String
  let version: String
  let converged: Bool?
  let iterations: Int?
  let convergence_reason: String?
  let scores: ScoresDescription?
  let notes: [String]

  init(_ handle: ModelHandle) {
    let (model, provenance) = (handle.model, handle.file.provenance)
    let importance = model.featureImportance
    learner = model.name
    target = model.target
    scale = model.pipeline.target.targetScale.label(of: model.target)
    logarithmic = model.pipeline.target.isLogarithmic
    predicts = model.statistic.description
    quantile_levels = model.quantileLevels
    features = model.pipeline.features.enumerated().map { index, feature in
      FeatureDescription(name: feature.name, levels: feature.levels, importance: importance?[index])
    }
    parameters = model.parameterValues
    (rows, seed) = (provenance.rows, provenance.seed)
    (data_sha256, version) = (provenance.dataSHA256, provenance.programVersion)
    let convergence = model.learner.convergence
    converged = convergence?.converged
    iterations = convergence?.iterations
    convergence_reason = convergence?.reason
    scores = handle.file.scores.map(ScoresDescription.init)
    notes = handle.notes
  }
}

/// Scores under the names of the command line; null where one is not defined.
internal struct ScoresDescription: Encodable {
  let r2: Double?
  let r2_sd: Double?
  let r2_transformed: Double?
  let r2_transformed_sd: Double?
  let rmse: Double?
  let mae: Double?
  let median_absolute_error: Double?
  let spearman: Double?
  let deviance: Double?

  init(_ scores: Scores) {
    r2 = scores.r2.finiteOrNull
    r2_sd = scores.r2Deviation.finiteOrNull
    r2_transformed = scores.r2Transformed.finiteOrNull
    r2_transformed_sd = scores.r2TransformedDeviation.finiteOrNull
    rmse = scores.rmse.finiteOrNull
    mae = scores.mae.finiteOrNull
    median_absolute_error = scores.medianAbsoluteError.finiteOrNull
    spearman = scores.spearman.finiteOrNull
    deviance = scores.deviance?.finiteOrNull
  }
}

extension Double {
  /// JSON has no NaN and no infinity.
  internal var finiteOrNull: Double? { isFinite ? self : nil }
}

/// What the library can do, as JSON.
internal struct LibraryDescription: Encodable {
  struct ParameterDescription: Encodable {
    let name: String
    let `default`: ParameterValue
    let domain: String
    let summary: String
    /// Whether its value is a list in a text.
    let list: Bool
  }

  struct LearnerDescription: Encodable {
    let name: String
    let parameters: [ParameterDescription]
  }

  let version: String
  let threads: Int
  let blas_kernel: String
  let learners: [LearnerDescription]

  init() {
    version = LEARNERS_VERSION
    threads = Parallel.threads
    blas_kernel = BLASKernel.name
    learners = Registry.learners.map(Self.describe)
  }

  private static func describe(_ learner: any Regressor.Type) -> LearnerDescription {
    func parameters<Learner: Regressor>(_: Learner.Type) -> [ParameterDescription] {
      let defaults = Learner.Parameters()
      return Learner.Parameters.table.map {
        ParameterDescription(
          name: $0.name, default: $0.value(defaults), domain: $0.domain, summary: $0.summary, list: $0.takesList)
      }
    }
    return LearnerDescription(name: learner.name, parameters: parameters(learner))
  }
}

/// Sorted keys: the same value gives the same text.
internal func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

@c @implementation
public func learners_model_describe(
  _ model: OpaquePointer?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> learners_status {
  answering {
    let model = unsafe try Handle.object(model, ModelHandle.self, named: "model")
    let place = unsafe try Argument.place(json, named: "json")
    unsafe Argument.give(try jsonText(ModelDescription(model)), at: place)
  }
}

@c @implementation
public func learners_info(_ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> learners_status {
  answering {
    let place = unsafe try Argument.place(json, named: "json")
    unsafe Argument.give(try jsonText(LibraryDescription()), at: place)
  }
}

@c @implementation
public func learners_set_threads(_ threads: Int64) -> learners_status {
  answering {
    guard (1...1024).contains(threads) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "\(threads) threads: there can be 1 to 1024")
    }
    Parallel.threads = Int(threads)
  }
}
