public import Linalg

/// Random forest: the mean of regression trees, each grown on a bootstrap sample, each of its splits the best among a
/// random subset of the features.
///
/// A split takes from a node of rows N with weights w the most of Σ_N w (y - ȳ)², over thresholds halfway between
/// neighbouring values, over sets of levels of a categorical feature, and over the side to which missing values go. Nodes
/// of up to 64 rows compare all thresholds; larger ones up to 255 a feature, at even distances in the ranks of the values
/// between the node's extremes, and of the best feature then all in the neighbourhood of its best; from 1,024 rows on
/// also all among the 256 ranks at either end. A leaf predicts the weighted mean of its targets, in units of y; the
/// forest predicts the mean over trees.
/// Shapes: x is samples x features, y is samples. Missing values (NaN) and categories are taken as they are.
/// Weights: a row counts in all sums with its weight times its number of draws, one of weight 0 is absent; the bootstrap
/// draws all others alike. `minSamplesLeaf` and `minSamplesSplit` count different rows, whatever they weigh.
/// Random numbers are keyed by tree and by the way from the root to a node: fewer trees are the first of more trees, and
/// a smaller `maxDepth` gives the tops of the same trees. Equal gains: the feature drawn first, then the lowest threshold.
/// Cost: O(trees x drawn features x rows x depth) after one sort of each column. Memory: 2 bytes a row and feature, and per
/// thread about 100 bytes a row.
/// Source: Breiman, "Random forests", Machine Learning 45, 2001, doi:10.1023/A:1010933404324.
///
/// | parameter | default | range | meaning |
/// | --- | --- | --- | --- |
/// | estimators | 300 | 1, 2, … | number of trees |
/// | maxFeatures | 0.7 | (0, 1] | share of the features that a split chooses from, at least one |
/// | maxDepth | auto | 0, 1, … or auto | splits from the root to a leaf at most; auto: no limit |
/// | minSamplesSplit | 2 | 2, 3, … | rows that a node needs to be split |
/// | minSamplesLeaf | 1 | 1, 2, … | rows that both sides of a split must keep |
/// | bootstrap | true | true, false | draw as many rows as there are, with replacement, for each tree; false: all rows |
/// - Throws: `FitError.parameter` only: every training set has a forest.
public struct Forest: Regressor {
  public struct Parameters: AveragedTreesParameters {
    public var estimators = 300
    public var maxFeatures = 0.7
    public var maxDepth: Int?
    public var minSamplesSplit = 2
    public var minSamplesLeaf = 1
    public var bootstrap = true

    public init() {}
  }

  public static let name = "forest"
  public static let preparation = Preparation(features: .native, target: .asGiven)

  public let parameters: Parameters
  public let featureCount: Int
  /// For each training row the mean over the trees whose bootstrap sample does not hold it: an honest prediction
  /// without a second fit. NaN where there is no such tree or the weight is 0. nil without bootstrap and for a forest
  /// that was read from a file.
  public let outOfBagPredictions: [Double]?
  /// Weighted R² of these predictions; nil where there are none or the targets do not vary.
  public let outOfBagScore: Double?
  internal let trees: AveragedTrees

  private static let bootstrapPurpose = RandomPurpose("forest.bootstrap")
  private static let splitPurpose = RandomPurpose("forest.split")

  public init(fitting training: TrainingSet, parameters: Parameters = .init(), seed: UInt64 = 0) throws(FitError) {
    do { try parameters.validate() } catch { throw .parameter(error) }
    let growth = try Self.grow(GrowthRows(training), parameters, seed: seed, keepsTops: false)
    self.init(growth, grownWith: parameters, parameters, training)
  }

  /// Settings that differ in `maxDepth` and `estimators` only are one growth: fewer trees are the first of more, shallower
  /// ones the tops of deeper ones, to the bit.
  public static func fitPath(
    _ settings: [Parameters], on training: TrainingSet, seed: UInt64
  ) throws(FitError) -> FittedPath<Forest> {
    let rows = GrowthRows(training)
    return try Learners.fitPath(settings) { parameters, keepsTops throws(FitError) in
      try grow(rows, parameters, seed: seed, keepsTops: keepsTops)
    } learner: { growth, largest, parameters in
      Forest(growth, grownWith: largest, parameters, training)
    }
  }

  private struct Growth: Sendable {
    let rows: GrowthRows
    let trees: [GrownTree]
    /// Of each tree; none without bootstrap.
    let bags: [Bag]
  }

  private static func grow(
    _ rows: GrowthRows, _ parameters: Parameters, seed: UInt64, keepsTops: Bool
  ) throws(FitError) -> Growth {
    let ranked = RankCodes(rows)
    let grown = try Parallel.map(parameters.estimators) { tree throws(FitError) -> (tree: GrownTree, bag: Bag?) in
      guard !Cancellation.isRequested else { throw .cancelled }
      let draws = parameters.bootstrap ? draws(tree: tree, rows: rows.rowCount, seed: seed) : nil
      let state = GrowthState(rows, codes: ranked.rows, draws: draws)
      var splitter = BestSplitter(
        ranked, state: state, minSamplesLeaf: parameters.minSamplesLeaf, maxFeatures: parameters.maxFeatures,
        purpose: splitPurpose, seed: seed)
      let grown = TreeGrower.grow(
        state, with: &splitter, limits: parameters.growthLimits, tree: tree, keepsTops: keepsTops)
      return (tree: grown, bag: draws.map(Bag.init(draws:)))
    }
    return Growth(rows: rows, trees: grown.map(\.tree), bags: grown.compactMap(\.bag))
  }

  private init(_ growth: Growth, grownWith largest: Parameters, _ parameters: Parameters, _ training: TrainingSet) {
    self.parameters = parameters
    featureCount = training.x.columns
    trees = AveragedTrees(
      parameters.part(of: growth.trees, grownWith: largest), targetScale: growth.rows.targetScale,
      featureCount: training.x.columns)
    guard parameters.bootstrap else {
      outOfBagPredictions = nil
      outOfBagScore = nil
      return
    }
    let bags = Array(growth.bags.prefix(parameters.estimators))
    let estimate = OutOfBagEstimate(trees, bags: bags, rows: growth.rows, of: training)
    outOfBagPredictions = estimate.predictions
    outOfBagScore = estimate.score
  }

  private static func draws(tree: Int, rows: Int, seed: UInt64) -> [UInt32] {
    var random = RandomStream(seed: seed, purpose: bootstrapPurpose, index: UInt64(tree))
    return random.bootstrap(rows, draws: rows)
  }

  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    try checkInput(x, finite: false)
    return trees.predict(x)
  }

  /// Share of each feature in the decrease of the squared error over all splits, mean over trees.
  public var featureImportance: [Double]? { trees.featureImportance }

  /// The trees; the forest's prediction is their mean.
  package var ensemble: TreeEnsemble { trees.ensemble }

  public func encode(into tensors: inout TensorStore) {
    trees.encode(into: &tensors)
    tensors.set("outOfBagScore", shape: [outOfBagScore == nil ? 0 : 1], .float64(outOfBagScore.map { [$0] } ?? []))
  }

  public init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    self.parameters = parameters
    self.featureCount = featureCount
    trees = try AveragedTrees(decoding: tensors, featureCount: featureCount)
    outOfBagPredictions = nil
    let score = try tensors.float64("outOfBagScore", shape: [nil])
    guard score.count <= 1 else {
      throw .wrongShape(tensor: "outOfBagScore", expected: [1], found: [score.count])
    }
    outOfBagScore = score.first
  }
}
