extension Boosting {
  /// What a boosted model minimises, y being the target and f the sum of the trees.
  public enum Loss: String, Sendable, Hashable, CaseIterable {
    /// ½ (y − f)²: predicts the mean.
    case squared
    /// |y − f|: predicts the median.
    case absolute
    /// q max(y − f, 0) + (1 − q) max(f − y, 0): predicts the quantile at level q, the parameter `quantile`.
    case quantile
    /// exp f − y f: predicts the mean, as exp f, of counts or other amounts y ≥ 0.
    case poisson
    /// y exp((1 − p) f) / (p − 1) + exp((2 − p) f) / (2 − p), p being the parameter `variancePower`: predicts the mean, as
    /// exp f, of amounts y ≥ 0 whose variance grows as the p-th power of the mean; many may be 0.
    case tweedie

    /// Whether the trees add up to the logarithm of a prediction.
    public var isLogarithmic: Bool { self == .poisson || self == .tweedie }
  }

  public struct Parameters: HyperParameters {
    public var loss = Loss.squared
    public var quantile = 0.5
    public var quantiles: QuantileLevels? = nil
    public var variancePower = 1.5
    public var maxIterations = 3000
    public var learningRate = 0.05
    public var maxLeaves = 31
    public var maxDepth: Int? = nil
    public var minSamplesLeaf: Int? = nil
    public var minSplitGain = 0.0
    public var l2Regularization = 1.0
    public var maxBins = 255
    public var subsample = 0.7
    public var columnSubsample = 1.0
    public var maxFeatures = 0.7
    public var categorySmoothing = 10.0
    public var categoryL2 = 10.0
    public var monotone: MonotoneColumns? = nil
    public var interactions: InteractionGroups? = nil
    public var folds: Int? = nil
    public var validationFraction = 0.1
    public var earlyStoppingRounds = 100

    public init() {}

    /// A step is a mean, which `l2Regularization` keeps calm; a quantile of few rows is no estimate.
    internal var leastRowsOfLeaf: Int { minSamplesLeaf ?? (loss == .absolute || loss == .quantile ? 20 : 1) }

    /// Second derivatives of a loss with a logarithm are in units of the target: penalties count in rows of the usual size of
    /// them, as they count in rows for squared errors, so that units change nothing.
    internal mutating func scalePenalties(by hessian: Double) {
      l2Regularization *= hessian
      categoryL2 *= hessian
      minSplitGain *= hessian
    }

    public static let table: [Parameter<Self>] = [
      .choice("loss", \.loss, "what is minimised"),
      .real("quantile", \.quantile, in: .open(0, 1), "level of the quantile loss")
        .needing("loss", .text("quantile")).needing("quantiles", .text("none")),
      .list(
        "quantiles", \.quantiles,
        "levels that are all predicted, without crossing, with the quantile loss; the one nearest 0.5 is the prediction"
      ).needing("loss", .text("quantile")),
      .real(
        "variancePower", \.variancePower, in: .closed(1, 2),
        "of the tweedie loss: variance as this power of the mean; 1: as poisson; 2: gamma, for targets above 0"
      ).needing("loss", .text("tweedie")),
      .integer("maxIterations", \.maxIterations, in: 1...100_000, "trees of a run at most"),
      .real("learningRate", \.learningRate, in: .aboveUpTo(0, 1), "share of each tree's step that is taken"),
      .integer("maxLeaves", \.maxLeaves, in: 2...65_536, "leaves of a tree at most"),
      .optionalInteger("maxDepth", \.maxDepth, in: 1...1000, "splits above a leaf at most; auto: no limit"),
      .optionalInteger(
        "minSamplesLeaf", \.minSamplesLeaf, in: 1...1_000_000_000,
        "rows of a leaf at least; auto: 1, or 20 for the absolute and quantile losses"),
      .real("minSplitGain", \.minSplitGain, in: .atLeast(0), "loss that a split has to save at least"),
      .real("l2Regularization", \.l2Regularization, in: .atLeast(0), "penalty on the squares of the leaves' steps"),
      .integer(
        "maxBins", \.maxBins, in: 2...255,
        "bins of a number, that of missing values not counted; at 255 a category has up to 2039"),
      .real("subsample", \.subsample, in: .aboveUpTo(0, 1), "share of the rows that a tree is grown on"),
      .real("columnSubsample", \.columnSubsample, in: .aboveUpTo(0, 1), "share of the features that a tree may use"),
      .real("maxFeatures", \.maxFeatures, in: .aboveUpTo(0, 1), "share of the tree's features offered to a split"),
      .real(
        "categorySmoothing", \.categorySmoothing, in: .atLeast(0),
        "rows that pull a category to its node's mean; with fewer, and less than 1 % of a node, they stay together"),
      .real("categoryL2", \.categoryL2, in: .atLeast(0), "added to l2Regularization where categories are split"),
      .list("monotone", \.monotone, "columns in which the model may only rise (+1) or only fall (-1)"),
      .list(
        "interactions", \.interactions,
        "groups of columns: only columns of one group may meet on a way through a tree; those not named are one more group"
      ),
      .optionalInteger(
        "folds", \.folds, in: 0...100,
        "runs that are averaged, each stopped on the part it left out; 1: one such run; 0: no stopping; auto: 10 below "
          + "2000 rows, 1 above 50,000, else 5"),
      .real(
        "validationFraction", \.validationFraction, in: .open(0, 1), "share of the rows that a run leaves out at most"
      ).needing("folds", not: .integer(0)),
      .integer("earlyStoppingRounds", \.earlyStoppingRounds, in: 1...100_000, "trees without progress before a stop")
        .needing("folds", not: .integer(0)),
    ]
  }
}
