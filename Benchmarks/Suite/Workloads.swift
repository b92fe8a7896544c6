import ArgumentParser
import Learners
import Linalg

/// Our side of each workload of `peers/workloads.py`, by name.
enum Workloads {
  static func make(_ name: String, _ arrays: Arrays) throws -> any Contestant {
    switch name.split(separator: "-").first {
    case "ridge": name == "ridge-cv" ? try RidgeGrid(arrays) : RidgeFit(arrays)
    case "svr": name == "svr-grid" ? SVRGrid(arrays) : svr(arrays)
    case "mlp": mlp(arrays)
    case "boosting": boosting(arrays, categories: name == "boosting-categorical" ? 5 : 0)
    case "forest":
      OneFit(Forest.self, arrays) {
        $0.estimators = 100; $0.maxFeatures = 1.0 / 3
      }
    case "extra":
      OneFit(ExtraTrees.self, arrays) {
        $0.estimators = 100; $0.maxFeatures = 1.0 / 3
      }
    case "predict": try prediction(arrays, singleRows: name.hasSuffix("-row") ? 10_000 : nil)
    case "threads": try atDefaults(String(name.dropFirst("threads-".count)), arrays)
    default: throw ValidationError("there is no workload '\(name)'")
    }
  }

  private static func svr(_ arrays: Arrays) -> any Contestant {
    OneFit(SVR.self, arrays) {
      $0.gamma = 1.0 / 20
      $0.c = 10
      $0.epsilon = 0.1
    } scoring: { model, _ in
      model.dualObjective
    }
  }

  private static func mlp(_ arrays: Arrays) -> any Contestant {
    OneFit(MLP.self, arrays) {
      $0.batchSize = 256
      $0.maxEpochs = 20
      $0.earlyStopping = false
      $0.ensembleSize = 1
      $0.weightDecay = 0
    } scoring: { model, arrays in
      try squaredError(model, arrays) / Double(arrays.y.count)
    }
  }

  /// Over the rows that the model was fitted on.
  private static func squaredError(_ model: some Regressor, _ arrays: Arrays) throws -> Double {
    zip(try model.predict(arrays.x), arrays.y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// 100 trees of 31 leaves, without sampling or stopping.
  private static func boosting(_ arrays: Arrays, categories: Int) -> any Contestant {
    let kinds = (0..<arrays.x.columns).map { column in
      guard column < categories else { return FeatureKind.numeric }
      let codes = (0..<arrays.x.rows).map { arrays.x[$0, column] }.filter { !$0.isNaN }
      return .categorical(levels: Int(codes.max() ?? 0) + 1)
    }
    return OneFit(Boosting.self, arrays, kinds: kinds, plainRun)
  }

  private static func plainRun(_ parameters: inout Boosting.Parameters) {
    parameters.maxIterations = 100
    parameters.learningRate = 0.1
    parameters.minSamplesLeaf = 20
    parameters.folds = 0
    parameters.subsample = 1
    parameters.maxFeatures = 1
  }

  /// By 500 trees of 31 leaves.
  private static func prediction(_ arrays: Arrays, singleRows: Int?) throws -> any Contestant {
    try Prediction(Boosting.self, arrays, singleRows: singleRows) {
      plainRun(&$0)
      $0.maxIterations = 500
    }
  }

  /// A learner as it comes, named LEARNER-ROWS.
  private static func atDefaults(_ name: String, _ arrays: Arrays) throws -> any Contestant {
    switch name.prefix(while: { !$0.isNumber }) {
    case "ridge-": OneFit(Ridge.self, arrays)
    case "svr-": OneFit(SVR.self, arrays)
    case "forest-": OneFit(Forest.self, arrays)
    case "extra-trees-": OneFit(ExtraTrees.self, arrays)
    case "boosting-": OneFit(Boosting.self, arrays)
    case "mlp-": OneFit(MLP.self, arrays)
    default: throw ValidationError("there is no workload 'threads-\(name)'")
    }
  }
}
