public import Linalg

/// Extremely randomized trees: the mean of regression trees, each split the best of one random split a feature.
///
/// A node draws for each of its features one threshold, uniform between the smallest and the largest value that it has,
/// or one cut of its levels put in order of their mean target, and takes the split that takes the most of Σ w (y - ȳ)².
/// Thresholds of a feature that spans orders of magnitude are uniform in its logarithm (`ThresholdScale`). Missing values
/// are tried on both sides. A leaf predicts the weighted mean of its targets, in units of y; the ensemble predicts the
/// mean over trees.
/// Shapes: x is samples x features, y is samples. Missing values (NaN) and categories are taken as they are.
/// Weights: a row counts in all sums with its weight (times its number of draws), one of weight 0 is absent.
/// `minSamplesLeaf` and `minSamplesSplit` count different rows, whatever they weigh.
/// Random numbers are keyed by tree and by the way from the root to a node: fewer trees are the first of more trees, and
/// a smaller `maxDepth` gives the tops of the same trees. Equal gains: the feature looked at first, in random order.
/// Cost: O(trees x features x rows x depth), without a sort.
/// Source: Geurts, Ernst & Wehenkel, "Extremely randomized trees", Machine Learning 63, 2006,
/// doi:10.1007/s10994-006-6226-1.
///
/// | parameter | default | range | meaning |
/// | --- | --- | --- | --- |
/// | estimators | 300 | 1, 2, … | number of trees |
/// | maxFeatures | 1.0 | (0, 1] | share of the features that a split chooses from, at least one |
/// | maxDepth | auto | 0, 1, … or auto | splits from the root to a leaf at most; auto: no limit |
/// | minSamplesSplit | 2 | 2, 3, … | rows that a node needs to be split |
/// | minSamplesLeaf | 1 | 1, 2, … | rows that both sides of a split must keep |
/// | bootstrap | false | true, false | draw as many rows as there are, with replacement, for each tree; false: all rows |
/// - Throws: `FitError.parameter` only: every training set has its trees.
public struct ExtraTrees: Regressor {
  public struct Parameters: AveragedTreesParameters {
    public var estimators = 300
    public var maxFeatures = 1.0
    public var maxDepth: Int?
    public var minSamplesSplit = 2
    public var minSamplesLeaf = 1
    public var bootstrap = false

    public init() {}
  }

  public static let name = "extra-trees"
  public static let preparation = Preparation(features: .native, target: .asGiven)

  public let parameters: Parameters
  public let featureCount: Int
  internal let trees: AveragedTrees

  private static let bootstrapPurpose = RandomPurpose("extra-trees.bootstrap")
  private static let splitPurpose = RandomPurpose("extra-trees.split")

  public init(fitting training: TrainingSet, parameters: Parameters = .init(), seed: UInt64 = 0) throws(FitError) {
    do { try parameters.validate() } catch { throw .parameter(error) }
    let rows = GrowthRows(training)
    let grown = try Self.grow(rows, parameters, seed: seed, keepsTops: false)
    self.init(grown, targetScale: rows.targetScale, parameters)
  }

  /// Settings that differ in `maxDepth` and `estimators` only are one growth: fewer trees are the first of more, shallower
  /// ones the tops of deeper ones, to the bit.
  public static func fitPath(
    _ settings: [Parameters], on training: TrainingSet, seed: UInt64
  ) throws(FitError) -> FittedPath<ExtraTrees> {
    let rows = GrowthRows(training)
    return try Learners.fitPath(settings) { parameters, keepsTops throws(FitError) in
      try grow(rows, parameters, seed: seed, keepsTops: keepsTops)
    } learner: { trees, largest, parameters in
      ExtraTrees(parameters.part(of: trees, grownWith: largest), targetScale: rows.targetScale, parameters)
    }
  }

  private static func grow(
    _ rows: GrowthRows, _ parameters: Parameters, seed: UInt64, keepsTops: Bool
  ) throws(FitError) -> [GrownTree] {
    let stepped = StepCodes(rows)
    return try Parallel.map(parameters.estimators) { tree throws(FitError) -> GrownTree in
      guard !Cancellation.isRequested else { throw .cancelled }
      var draws: [UInt32]?
      if parameters.bootstrap {
        var random = RandomStream(seed: seed, purpose: bootstrapPurpose, index: UInt64(tree))
        draws = random.bootstrap(rows.rowCount, draws: rows.rowCount)
      }
      let state = GrowthState(rows, codes: stepped.rows, draws: draws)
      var splitter = RandomSplitter(
        stepped, state: state, minSamplesLeaf: parameters.minSamplesLeaf, maxFeatures: parameters.maxFeatures,
        purpose: splitPurpose, seed: seed)
      return TreeGrower.grow(state, with: &splitter, limits: parameters.growthLimits, tree: tree, keepsTops: keepsTops)
    }
  }

  private init(_ trees: [GrownTree], targetScale: Double, _ parameters: Parameters) {
    self.parameters = parameters
    self.trees = AveragedTrees(trees, targetScale: targetScale, featureCount: trees[0].gains.count)
    featureCount = trees[0].gains.count
  }

  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    try checkInput(x, finite: false)
    return trees.predict(x)
  }

  /// Share of each feature in the decrease of the squared error over all splits, mean over trees.
  public var featureImportance: [Double]? { trees.featureImportance }

  /// The trees; their mean is the prediction.
  package var ensemble: TreeEnsemble { trees.ensemble }

  public func encode(into tensors: inout TensorStore) { trees.encode(into: &tensors) }

  public init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    self.parameters = parameters
    self.featureCount = featureCount
    trees = try AveragedTrees(decoding: tensors, featureCount: featureCount)
  }
}
