internal import Glibc

extension Boosting {
  /// A run that was still getting better on the rows left out when it had all its trees; nil where none were left out.
  public var convergence: Convergence? {
    guard !validationCurves.isEmpty, parameters.quantiles == nil else { return nil }
    let isOpen = validationCurves.contains { $0.count > parameters.maxIterations && Self.isStillFalling($0) }
    return Convergence(
      converged: !isOpen, iterations: (validationCurves.map(\.count).max() ?? 1) - 1,
      otherwise:
        "the loss on the rows left out was still falling at maxIterations=\(parameters.maxIterations): raise it")
  }

  /// Whether the last tenth of the trees took off more than a thousandth of all that was taken off: less is not worth waiting
  /// for, though a loss without noise falls for ever.
  private static func isStillFalling(_ curve: [Double]) -> Bool {
    let last = curve.count - 1
    guard EarlyStopping.best(curve) == last else { return false }
    return curve[last - max(1, last / 10)] - curve[last] > 1e-3 * (curve[0] - curve[last])
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
