public import Learners

/// What is searched of each learner where nothing else is asked for.
///
/// Ranges follow Probst, Boulesteix & Bischl, "Tunability: importance of hyperparameters of machine learning algorithms",
/// JMLR 20(53), 2019 (svr, boosting); Probst, Wright & Boulesteix, "Hyperparameters and tuning strategies for random
/// forest", WIREs 9(3), 2019 (forests: the features of a split matter most, then the rows of a leaf; more trees are never
/// worse and need no search); Gorishniy et al., "Revisiting deep learning models for tabular data", NeurIPS 2021 (mlp).
package enum DefaultSpaces {
  /// Empty for a learner that has nothing to choose, and for one that is not in the list.
  package static func dimensions(of learner: String) -> [Dimension] { all[learner] ?? [] }

  private static let forest: [Dimension] = [
    .reals("maxFeatures", 0.1...1), .integers("minSamplesLeaf", 1...20, log: true),
  ]

  private static let all: [String: [Dimension]] = [
    "ridge": [.reals("alpha", 0.01...10_000, log: true)],
    "svr": [
      .reals("c", 0.1...1000, log: true), .reals("gamma", 0.001...1, log: true),
      .reals("epsilon", 0.01...0.5, log: true),
    ],
    "forest": forest,
    "extra-trees": forest,
    "boosting": [
      .reals("learningRate", 0.01...0.2, log: true), .integers("maxLeaves", 8...128, log: true),
      .integers("minSamplesLeaf", 1...64, log: true), .reals("l2Regularization", 0.01...100, log: true),
      .reals("subsample", 0.5...1), .reals("maxFeatures", 0.3...1),
    ],
    "mlp": [
      .reals("learningRate", 0.001...0.03, log: true), .reals("weightDecay", 0.001...0.5, log: true),
      .integers("hiddenUnits", 32...256, log: true), .integers("hiddenLayers", 1...4),
    ],
  ]
}

extension Space {
  /// What is searched of a learner where nothing else is asked for; empty where it has nothing to choose.
  public static func defaults(of learner: any Regressor.Type) -> [Dimension] {
    DefaultSpaces.dimensions(of: learner.name)
  }
}
