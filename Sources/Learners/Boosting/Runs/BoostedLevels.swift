public import Linalg

/// The runs of a fit: those of every level where several quantiles are asked for, else those of one model.
internal struct BoostedLevels: Sendable {
  let runs: [BoostedRuns]

  init(fitting training: TrainingSet, parameters: Boosting.Parameters, seed: UInt64) throws(FitError) {
    do { try parameters.validate() } catch { throw .parameter(error) }
    guard let quantiles = parameters.quantiles else {
      runs = [try BoostedRuns(fitting: training, parameters: parameters, seed: seed)]
      return
    }
    guard parameters.loss == .quantile else {
      throw .parameter(
        .invalid(name: "quantiles", value: quantiles.text, domain: "none unless the loss is quantile"))
    }
    runs = try Parallel.map(quantiles.levels.count) { index throws(FitError) in
      var ofLevel = parameters
      ofLevel.quantile = quantiles.levels[index]
      return try BoostedRuns(fitting: training, parameters: ofLevel, seed: seed)
    }
  }
}

/// The trees of one level.
internal struct BoostedSum: Sendable {
  let base: Double
  let trees: TreeEnsemble
  /// Added to every sum: what makes the predictions of a loss with a logarithm add up to the targets, see `BalanceRows`.
  var balance = 0.0

  func sums(_ x: Matrix<Double>) -> [Double] {
    var sums = [Double](repeating: base + balance, count: x.rows)
    trees.addPredictions(of: x, trees: 0..<trees.treeCount, into: &sums)
    return sums
  }
}

extension Boosting: QuantileRegressor {
  public var quantileLevels: [Double] { parameters.quantiles?.levels ?? [] }

  /// That of the level nearest to ½.
  public var predictedLevel: Int { parameters.quantiles?.middle ?? 0 }

  /// The levels are fitted one by one and could cross where data are few. Each row's numbers are therefore sorted: that is
  /// never further from the true quantiles, and nearer where some had crossed.
  /// Source: Chernozhukov, Fernández-Val & Galichon, Econometrica 78(3), 2010, doi:10.3982/ECTA7880.
  public func predictQuantiles(_ x: Matrix<Double>) throws(PredictionError) -> Matrix<Double> {
    try checkInput(x, finite: false)
    let sums = levels.map { $0.sums(x) }
    var elements: [Double] = []
    elements.reserveCapacity(x.rows * sums.count)
    for row in 0..<x.rows { elements += sums.map { $0[row] }.sorted() }
    return Matrix(rows: x.rows, columns: sums.count, elements: elements)
  }
}
