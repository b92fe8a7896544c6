/// The settings that random forests and extremely randomized trees share; each has defaults of its own.
public protocol AveragedTreesParameters: HyperParameters {
  var estimators: Int { get set }
  var maxFeatures: Double { get set }
  var maxDepth: Int? { get set }
  var minSamplesSplit: Int { get set }
  var minSamplesLeaf: Int { get set }
  var bootstrap: Bool { get set }
}

extension AveragedTreesParameters {
  public static var table: [Parameter<Self>] {
    [
      .integer("estimators", \.estimators, in: 1...1_000_000, "number of trees"),
      .real("maxFeatures", \.maxFeatures, in: .aboveUpTo(0, 1), "share of the features that a split chooses from"),
      .optionalInteger("maxDepth", \.maxDepth, in: 0...Int.max, "splits from the root to a leaf at most"),
      .integer("minSamplesSplit", \.minSamplesSplit, in: 2...Int.max, "rows that a node needs to be split"),
      .integer("minSamplesLeaf", \.minSamplesLeaf, in: 1...Int.max / 2, "rows that both sides of a split must keep"),
      .flag("bootstrap", \.bootstrap, "draw the rows of each tree with replacement"),
    ]
  }
}
