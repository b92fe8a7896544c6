internal import Glibc

extension Boosting {
  /// A run that was still getting better on the rows left out when it had all its trees; nil where none were left out.
  public var convergence: Convergence? {
    guard !validationCurves.isEmpty, parameters.quantiles == nil else { return nil }
    let isOpen = validationCurves.contains { curve in
      curve.count > parameters.maxIterations && EarlyStopping.best(curve) == curve.count - 1
    }
    return Convergence(
      converged: !isOpen, iterations: (validationCurves.map(\.count).max() ?? 1) - 1,
      otherwise:
        "the loss on the rows left out was still falling at maxIterations=\(parameters.maxIterations): raise it")
  }

  /// Rows are counted into histograms on every level of a tree, and histograms searched for every leaf. How many trees there
  /// will be is found on the way: some hundred, more of more rows.
  public static func workload(of parameters: Parameters, rows: Int, columns: Int) -> Workload {
    let (rows, columns) = (Double(rows), Double(columns))
    let runs = Double(max(1, ValidationPart.foldCount(rows: Int(rows), parameters: parameters)))
    let leaves = min(Double(parameters.maxLeaves), rows)
    let usual = parameters.folds == 0 ? Double(parameters.maxIterations) : 200 + 100 * log2(1 + rows / 1000)
    let trees = min(Double(parameters.maxIterations), usual) * (parameters.learningRate < 0.05 ? 2 : 1)
    let counting = rows * parameters.subsample * columns * log2(1 + leaves) / 2 * 0.5
    let searching = 2 * leaves * columns * parameters.maxFeatures * 130
    let tree = counting + searching + rows * 12 + 60_000
    let binning = rows * columns * 30
    let levels = Double(parameters.quantiles?.levels.count ?? 1)
    return Workload(nanoseconds: levels * (binning + runs * trees * tree), drift: -0.5...0.4, fewestTelling: 1000)
  }

  /// The runs.
  public static func settled(_ parameters: Parameters, forRows rows: Int) -> Parameters {
    var settled = parameters
    settled.folds = ValidationPart.foldCount(rows: rows, parameters: parameters)
    return settled
  }
}
