extension MLP {
  /// One set of defaults for all data. They were chosen on held-out parts of the training rows of seven data sets of 800 to
  /// 23,000 rows together; the batch is the only one that looks at the data.
  public struct Parameters: HyperParameters {
    public var hiddenLayers = 2
    public var hiddenUnits = 64
    public var activation = Activation.relu
    public var learningRate = 0.007
    public var weightDecay = 0.05
    public var beta1 = 0.9
    public var beta2 = 0.99
    public var batchSize: Int? = nil
    public var maxEpochs = 100
    public var earlyStopping = true
    public var validationFraction = 0.1
    public var patience = 30
    public var ensembleSize = 8

    public init() {}

    public static let table: [Parameter<Self>] = [
      .integer("hiddenLayers", \.hiddenLayers, in: 1...8, "number of hidden layers"),
      .integer("hiddenUnits", \.hiddenUnits, in: 1...4096, "units of each hidden layer"),
      .choice("activation", \.activation, "nonlinearity of the hidden units"),
      .real("learningRate", \.learningRate, in: .above(0), "largest step size of AdamW, after the warm-up"),
      .real("weightDecay", \.weightDecay, in: .atLeast(0), "share of a weight, times the step size, lost at each step"),
      .real("beta1", \.beta1, in: .atLeastBelow(0, 1), "decay of the mean of gradients"),
      .real("beta2", \.beta2, in: .atLeastBelow(0, 1), "decay of the mean of squared gradients"),
      .optionalInteger("batchSize", \.batchSize, in: 1...1_000_000, "rows of a step; auto: 32 to 256 with the rows"),
      .integer("maxEpochs", \.maxEpochs, in: 1...1_000_000, "passes over the rows that the step size falls to 0 in"),
      .flag("earlyStopping", \.earlyStopping, "holds rows out, keeps the epoch that is best on them"),
      .real("validationFraction", \.validationFraction, in: .open(0, 1), "share of the rows held out by each network")
        .needing("earlyStopping", .flag(true)),
      .integer("patience", \.patience, in: 1...1_000_000, "epochs without a better one after which training ends")
        .needing("earlyStopping", .flag(true)),
      .integer("ensembleSize", \.ensembleSize, in: 1...256, "networks whose outputs are averaged"),
    ]
  }
}
