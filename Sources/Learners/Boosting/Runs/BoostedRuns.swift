internal import Linalg

/// The runs of one fit, before they are put together.
internal struct BoostedRuns: Sendable {
  let featureCount: Int
  /// The mean of the runs' constants.
  let base: Double
  private let runs: [BoostingRun]
  private let binning: Binning
  private let unit: TargetUnit
  private let parameters: Boosting.Parameters
  /// What the predictions of a loss with a logarithm are balanced on; nil for others.
  private let balance: BalanceRows?

  /// - Parameter model: one to take up again, of `parameters` but for its smaller `maxIterations`.
  init(
    fitting training: TrainingSet, parameters: Boosting.Parameters, seed: UInt64, continuing model: Boosting? = nil
  ) throws(FitError) {
    // Rows of weight 0 end here: from now on rows are counted among the used ones.
    let used = training.y.indices.filter { training.weights?[$0] != 0 }.map { UInt32($0) }
    try Self.check(training.y, rows: used, parameters)
    let binning = Binning(learningFrom: training, rows: used, maxBins: parameters.maxBins, seed: seed)
    let rows = BinnedRows(training, rows: used, binning: binning)
    let unit = TargetUnit(of: used.map { training.y[Int($0)] }, parameters)
    let objective = Objective(
      loss: parameters.loss, quantile: parameters.quantile, variancePower: parameters.variancePower,
      targets: used.map { unit.inUnits(training.y[Int($0)]) },
      weights: Self.weights(of: used, in: training))
    var scaled = parameters
    // One after the other: the square of a tiny unit is 0.
    if parameters.loss == .squared { scaled.minSplitGain = scaled.minSplitGain / unit.size / unit.size }
    if parameters.loss.isLogarithmic { scaled.scalePenalties(by: objective.usualHessian) }
    let rules = scaled
    let constraints = try SplitConstraints(parameters, training, binning)
    let groups = training.groups.map { groups in used.map { groups[Int($0)] } }
    let parts = ValidationPart.parts(rows: used.count, groups: groups, parameters: parameters, seed: seed)
    let beginning = model.flatMap { Self.beginning($0, training, used, unit: unit) }
    runs = Parallel.map(parts.count) { index in
      BoostingRun(
        on: rows, objective: objective, part: parts[index], parameters: rules, constraints: constraints,
        seed: seed, index: index, from: beginning)
    }
    featureCount = training.x.columns
    // What is continued keeps its own constant, whatever unit the new rows have.
    base = model?.startingBase ?? unit.score(Self.mean(of: runs.map(\.base)))
    self.binning = binning
    self.unit = unit
    self.parameters = parameters
    balance = parameters.loss.isLogarithmic ? BalanceRows(training, rows: used) : nil
  }

  private static func check(
    _ targets: [Double], rows: [UInt32], _ parameters: Boosting.Parameters
  ) throws(FitError) {
    guard parameters.loss.isLogarithmic else { return }
    let needsPositive = parameters.loss == .tweedie && parameters.variancePower == 2
    if let row = rows.first(where: { targets[Int($0)] < 0 || (needsPositive && targets[Int($0)] == 0) }) {
      let reason = needsPositive ? "is not above 0, which a variance power of 2 needs" : "is negative"
      throw .invalidTarget(row: Int(row), reason: "\(reason): the \(parameters.loss.rawValue) loss does not take it")
    }
  }

  /// The weights of these rows; nil where all are 1.
  private static func weights(of rows: [UInt32], in training: TrainingSet) -> [Double]? {
    let weights = training.weights.map { weights in rows.map { weights[Int($0)] } }
    return weights?.allSatisfy { $0 == 1 } == true ? nil : weights
  }

  /// Exactly the number where all are equal.
  private static func mean(of numbers: [Double]) -> Double {
    numbers[0] + numbers.reduce(0) { $0 + ($1 - numbers[0]) } / Double(numbers.count)
  }

  /// The scores of the rows as the trees of a model left them, in units: of the same rows to the bit what they were.
  private static func beginning(
    _ model: Boosting, _ training: TrainingSet, _ rows: [UInt32], unit: TargetUnit
  ) -> RunBeginning? {
    guard let state = model.growth.state else { return nil }
    let base = unit.startingScore(model.startingBase)
    let trees = model.trees.mapLeaves(unit.step)
    let sums = BoostedSum(base: base, trees: trees).sums(training.x)
    return RunBeginning(base: base, scores: rows.map { sums[Int($0)] }, state: state)
  }

  /// The model of at most so many iterations, behind what is continued.
  func assemble(maxIterations: Int, behind model: Boosting? = nil) -> (sum: BoostedSum, growth: BoostedGrowth) {
    var trees = TreeEnsemble()
    var gains = model?.growth.gains(inUnitsOf: unit.size, parameters.loss) ?? Array(repeating: 0, count: featureCount)
    for tree in runs.flatMap({ $0.trees(maxIterations: maxIterations) }) {
      let flat = tree.flattened(binning, scale: unit.scoreUnit / Double(runs.count))
      trees.append(nodes: flat.nodes, levelSets: flat.levelSets, leafCovers: flat.leafCovers)
      for split in tree.nodes.compactMap(\.split) { gains[binning.features[split.feature].column] += split.gain }
    }
    var all = model?.trees ?? TreeEnsemble()
    all.append(contentsOf: trees)
    let curves = runs.map { $0.validationLoss(maxIterations: maxIterations) }.filter { !$0.isEmpty }
    let growth = BoostedGrowth(
      gains: gains, unit: unit.size, state: runs.count == 1 ? runs[0].state(maxIterations: maxIterations) : nil,
      validationCurves: curves.map { $0.map(unit.loss) })
    var sum = BoostedSum(base: base, trees: all)
    if let balance { sum.balance = balance.logarithm(for: sum) }
    return (sum, growth)
  }
}
