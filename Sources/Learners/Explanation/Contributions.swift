public import Linalg

/// What each feature adds to the predictions of some rows, on the scale of the learner's sums.
///
/// For every row the base and all contributions add up to the prediction (its logarithm, see `Link`).
public struct Contributions: Sendable {
  /// The scale of the sums.
  public enum Link: Sendable, Hashable {
    /// The learner's predictions.
    case identity
    /// Their natural logarithms.
    case logarithm
  }

  /// What is predicted where nothing is known of a row.
  public let base: Double
  /// samples x features.
  public let values: Matrix<Double>
  public let link: Link

  public init(base: Double, values: Matrix<Double>, link: Link = .identity) {
    self.base = base
    self.values = values
    self.link = link
  }
}

/// A learner whose predictions can be divided exactly among the features.
public protocol Explainable: Regressor {
  /// Shapley values of the features for each row: with v(S) the prediction that is expected when only the features in S
  /// are known, feature i gets Σ_S |S|! (n − |S| − 1)! / n! (v(S ∪ i) − v(S)) over all sets S of the others. What v is,
  /// the learner says.
  /// Source: Shapley, "A value for n-person games", 1953, doi:10.1515/9781400881970-018.
  func contributions(of x: Matrix<Double>) throws(PredictionError) -> Contributions
}

extension Mean: Explainable {
  /// No feature adds anything.
  public func contributions(of x: Matrix<Double>) throws(PredictionError) -> Contributions {
    try checkInput(x, finite: false)
    return Contributions(base: value, values: Matrix(rows: x.rows, columns: featureCount))
  }
}

extension Ridge: Explainable {
  /// Feature j adds βⱼ (xⱼ − x̄ⱼ), x̄ⱼ being its weighted mean over the training rows: the Shapley value where what is
  /// not known is replaced by its mean. Without an intercept x̄ is 0.
  public func contributions(of x: Matrix<Double>) throws(PredictionError) -> Contributions {
    try checkInput(x, finite: true)
    let base = zip(coefficients, featureMeans).reduce(intercept) { $0 + $1.0 * $1.1 }
    let values = Matrix<Double>(rows: x.rows, columns: featureCount) { row, column in
      coefficients[column] * (x[row, column] - featureMeans[column])
    }
    return Contributions(base: base, values: values)
  }
}

extension Forest: Explainable {
  /// TreeSHAP, see `TreeExplainer`.
  public func contributions(of x: Matrix<Double>) throws(PredictionError) -> Contributions {
    try checkInput(x, finite: false)
    return trees.contributions(of: x)
  }
}

extension ExtraTrees: Explainable {
  /// TreeSHAP, see `TreeExplainer`.
  public func contributions(of x: Matrix<Double>) throws(PredictionError) -> Contributions {
    try checkInput(x, finite: false)
    return trees.contributions(of: x)
  }
}

extension AveragedTrees {
  fileprivate func contributions(of x: Matrix<Double>) -> Contributions {
    let sums = ensemble.contributions(of: x)
    let scale = targetScale / Double(ensemble.treeCount)
    return Contributions(
      base: sums.base * scale,
      values: Matrix(rows: x.rows, columns: x.columns, elements: sums.values.elements.map { $0 * scale }))
  }
}

extension Boosting: Explainable {
  /// TreeSHAP, see `TreeExplainer`, of the sum of the trees; for losses that predict an exponential, of its logarithm.
  public func contributions(of x: Matrix<Double>) throws(PredictionError) -> Contributions {
    try checkInput(x, finite: false)
    let sums = trees.contributions(of: x)
    return Contributions(
      base: base + sums.base, values: sums.values, link: parameters.loss.isLogarithmic ? .logarithm : .identity)
  }
}
