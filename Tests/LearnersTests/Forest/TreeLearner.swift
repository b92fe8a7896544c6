import Learners
import Linalg

/// The two learners that average trees, with what they have in common in their settings.
enum TreeLearner: String, CaseIterable, Sendable {
  case forest, extraTrees

  struct Settings: Sendable {
    var estimators = 8
    var bootstrap = false
    var maxFeatures = 0.6
    var maxDepth: Int?
    var minSamplesLeaf = 1
    var minSamplesSplit = 2
  }

  struct Fitted {
    let model: any Regressor
    let trees: TreeEnsemble
    let tensors: TensorStore
  }

  private func parameters<Parameters: AveragedTreesParameters>(_ settings: Settings) -> Parameters {
    var parameters = Parameters()
    parameters.estimators = settings.estimators
    parameters.bootstrap = settings.bootstrap
    parameters.maxFeatures = settings.maxFeatures
    parameters.maxDepth = settings.maxDepth
    parameters.minSamplesLeaf = settings.minSamplesLeaf
    parameters.minSamplesSplit = settings.minSamplesSplit
    return parameters
  }

  func fit(_ training: TrainingSet, _ settings: Settings = Settings(), seed: UInt64 = 3) throws -> Fitted {
    var tensors = TensorStore()
    switch self {
    case .forest:
      let model = try Forest(fitting: training, parameters: parameters(settings), seed: seed)
      model.encode(into: &tensors)
      return Fitted(model: model, trees: model.ensemble, tensors: tensors)
    case .extraTrees:
      let model = try ExtraTrees(fitting: training, parameters: parameters(settings), seed: seed)
      model.encode(into: &tensors)
      return Fitted(model: model, trees: model.ensemble, tensors: tensors)
    }
  }

  /// What the learners of a path would write into their files.
  func fitPath(
    _ training: TrainingSet, _ settings: [Settings], seed: UInt64 = 3
  ) throws -> (tensors: [TensorStore], distinctFits: Int) {
    switch self {
    case .forest: try fitPath(Forest.self, training, settings, seed)
    case .extraTrees: try fitPath(ExtraTrees.self, training, settings, seed)
    }
  }

  private func fitPath<Learner: Regressor>(
    _: Learner.Type, _ training: TrainingSet, _ settings: [Settings], _ seed: UInt64
  ) throws -> (tensors: [TensorStore], distinctFits: Int) where Learner.Parameters: AveragedTreesParameters {
    let path = try Learner.fitPath(settings.map(parameters), on: training, seed: seed)
    let tensors = path.learners.map { learner in
      var tensors = TensorStore()
      learner.encode(into: &tensors)
      return tensors
    }
    return (tensors, path.distinctFits)
  }

  func decode(_ fitted: Fitted, featureCount: Int) throws -> any Regressor {
    switch self {
    case .forest: try Forest(decoding: fitted.tensors, parameters: .init(), featureCount: featureCount)
    case .extraTrees: try ExtraTrees(decoding: fitted.tensors, parameters: .init(), featureCount: featureCount)
    }
  }

  static func score(_ y: some Collection<Double>, _ predictions: [Double]) -> Double {
    let mean = y.reduce(0, +) / Double(y.count)
    let total = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return 1 - zip(y, predictions).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / total
  }
}
