internal import Glibc
public import Linalg

/// Gradient boosting of decision trees on binned features.
///
/// Minimises Σ wᵢ L(yᵢ, f(xᵢ)), see `Loss`, over sums f = base + η Σ trees: each tree is grown on the first and second
/// derivatives of the loss at what the trees before it predict. A split of a node saves
/// ½ [Gl²/(Hl+λ) + Gr²/(Hr+λ) − G²/(H+λ)], G and H being sums of first and second derivatives, λ `l2Regularization`;
/// the split that saves most, of all leaves, is made next, until there are `maxLeaves`. A leaf's step is −G/(H+λ); for
/// the absolute and quantile losses the weighted quantile of its residuals, for Poisson and Tweedie the exact minimiser.
/// With `subsample` below 1 the splits are those of a sample of the rows, the leaves' steps those of all rows.
///
/// Shapes: x is samples x features, y is samples. Units: predictions, base and leaves in units of y (Poisson
/// and Tweedie: leaves in its logarithm); `minSplitGain` in units of the loss. Missing values go to the side where they save more, and categories
/// are split into two sets. A row of weight w counts w times in every sum of the loss, but once in `minSamplesLeaf`,
/// in folds and in samples; a row of weight 0 is as if it were not there.
///
/// The number of trees is found on rows that a run does not learn from. With `folds` ≥ 2 there are so many runs, each
/// leaves out another part of the rows and ends where the loss on that part was smallest, and the model is their mean:
/// all rows are learned from, none judges its own trees.
///
/// Method: at most 255 bins a number, histograms of fixed-point integers, the larger child's by subtraction; sums
/// are exact, so the trees are the same bits on any number of threads. Cost a tree: about rows x features x
/// log₂(leaves) / 2 additions of half a nanosecond and 2 leaves x features searches of 0.13 µs; memory 2 bytes an element
/// of x and 2 or 4 KiB x leaves x features.
/// Source: Friedman, Annals of Statistics 29(5), 2001, doi:10.1214/aos/1013203451; Ke et al., "LightGBM", NIPS 2017;
/// integers as in Shi et al., "Quantized training of gradient boosting decision trees", NeurIPS 2022.
///
/// | parameter | default | range | meaning |
/// |---|---|---|---|
/// | loss | squared | squared, absolute, quantile, poisson, tweedie | what is minimised |
/// | quantile | 0.5 | (0, 1) | level of the quantile loss |
/// | quantiles | none | list | several levels at once, see `QuantileRegressor` |
/// | variancePower | 1.5 | [1, 2] | p of the Tweedie loss |
/// | maxIterations | 3000 | 1 … 100,000 | trees of a run at most |
/// | learningRate | 0.05 | (0, 1] | η |
/// | maxLeaves, maxDepth | 31, none | 2 … 65,536, 1 … 1000 | size of a tree |
/// | minSamplesLeaf, minSplitGain | auto, 0 | ≥ 1, [0, ∞) | what a split has to fulfil |
/// | l2Regularization | 1 | [0, ∞) | λ |
/// | maxBins | 255 | 2 … 255 | bins of a number; at 255 a category has up to 2039 |
/// | subsample, columnSubsample, maxFeatures | 0.7, 1, 0.7 | (0, 1] | share of rows a tree, features a tree, features a split |
/// | categorySmoothing, categoryL2 | 10, 10 | [0, ∞) | caution with rare categories, with sets of categories |
/// | monotone, interactions | none | lists | columns in which f only rises or falls; groups that may meet in a tree |
/// | folds | auto | 0 … 100 | runs that are averaged; 0: one run on all rows, maxIterations trees |
/// | validationFraction | 0.1 | (0, 1) | share of the rows that a run leaves out at most |
/// | earlyStoppingRounds | 100 | 1 … 100,000 | trees without progress before a run ends |
/// - Throws: `FitError.parameter`; `.invalidTarget` for a negative target with a Poisson or Tweedie loss;
///   `.constraint` for a column that cannot be constrained.
public struct Boosting: Regressor {
  public static let name = "boosting"
  public static let preparation = Preparation(features: .native, target: .asGiven)

  /// A loss that has a logarithm of its own takes the target as it is.
  public static func preparation(for parameters: Parameters) -> Preparation {
    parameters.loss.isLogarithmic ? Preparation(features: .native, target: .untransformed) : preparation
  }

  public let parameters: Parameters
  public let featureCount: Int
  /// What is predicted before any tree; for Poisson and Tweedie its logarithm.
  public var base: Double { main.base + main.balance }
  /// The same before predictions were made to add up to the targets: what further trees go on from.
  package var startingBase: Double { main.base }
  /// The trees of all runs, their leaves already times learning rate and divided by the number of runs; of several
  /// quantiles those of the level nearest to ½.
  public var trees: TreeEnsemble { main.trees }
  /// One for each of `parameters.quantiles`; none without.
  internal let levels: [BoostedSum]
  private let main: BoostedSum
  internal let growth: BoostedGrowth

  public init(fitting training: TrainingSet, parameters: Parameters = .init(), seed: UInt64 = 0) throws(FitError) {
    self.init(try BoostedLevels(fitting: training, parameters: parameters, seed: seed), parameters: parameters)
  }

  /// - Parameter parameters: those of the runs, but for a `maxIterations` that may be smaller.
  internal init(_ fitted: BoostedLevels, parameters: Parameters) {
    self.parameters = parameters
    featureCount = fitted.runs[0].featureCount
    let parts = fitted.runs.map { $0.assemble(maxIterations: parameters.maxIterations) }
    let middle = parameters.quantiles?.middle ?? 0
    (main, growth) = parts[middle]
    levels = parameters.quantiles == nil ? [] : parts.map(\.sum)
  }

  /// A model of one sum.
  internal init(_ fitted: (sum: BoostedSum, growth: BoostedGrowth), parameters: Parameters) {
    self.parameters = parameters
    featureCount = fitted.growth.gains.count
    (main, growth) = fitted
    levels = []
  }

  /// The share of the saved loss that each feature's splits have, all 0 where no tree has a split; of several quantiles
  /// that of the level nearest to ½.
  public var featureImportance: [Double]? { growth.importance }

  public func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    if parameters.quantiles != nil { return try predictQuantiles(x).column(predictedLevel) }
    try checkInput(x, finite: false)
    let sums = main.sums(x)
    return parameters.loss.isLogarithmic ? sums.map { min(exp($0), .greatestFiniteMagnitude) } : sums
  }

  /// Tensors `base` F64 [1], `balance` F64 [1] where the loss has a logarithm, those of the ensemble `trees` and of `BoostedGrowth`; for each further level K of
  /// several quantiles `quantile.K.base` and the ensemble `quantile.K.trees`.
  public func encode(into tensors: inout TensorStore) {
    growth.encode(into: &tensors)
    let middle = parameters.quantiles?.middle ?? 0
    for (index, sum) in (levels.isEmpty ? [main] : levels).enumerated() {
      let prefix = index == middle ? "" : "quantile.\(index)."
      tensors.set("\(prefix)base", sum.base)
      if parameters.loss.isLogarithmic { tensors.set("\(prefix)balance", sum.balance) }
      sum.trees.encode(into: &tensors, prefix: "\(prefix)trees")
    }
  }

  public init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    self.parameters = parameters
    self.featureCount = featureCount
    growth = try BoostedGrowth(decoding: tensors, featureCount: featureCount)
    let middle = parameters.quantiles?.middle ?? 0
    var sums: [BoostedSum] = []
    for index in 0..<(parameters.quantiles?.levels.count ?? 1) {
      let prefix = index == middle ? "" : "quantile.\(index)."
      let base = try tensors.finiteDouble("\(prefix)base")
      let trees = try TreeEnsemble(decoding: tensors, prefix: "\(prefix)trees", featureCount: featureCount)
      var sum = BoostedSum(base: base, trees: trees)
      // Files of earlier programs have none.
      if parameters.loss.isLogarithmic && tensors.tensors["\(prefix)balance"] != nil {
        sum.balance = try tensors.finiteDouble("\(prefix)balance")
      }
      sums.append(sum)
    }
    main = sums[middle]
    levels = parameters.quantiles == nil ? [] : sums
  }
}
