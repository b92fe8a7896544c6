/// The mean of a figure over folds, and how sure it is.
///
/// Folds are no independent trials: their training parts overlap, and so their figures vary less than those of new tables would. The
/// variance of the mean is therefore taken to be (1/k + t/l) s², for k folds, s² the sample variance over them, and t rows
/// held out for l learned from, with Student's t of k - 1 degrees of freedom. The share of the same distribution above 0 is, for
/// the difference of two models, the probability that the first is better (the correlated t-test read the Bayesian way).
/// Sources: Nadeau & Bengio, "Inference for the generalization error", Machine Learning 52, 2003, doi:10.1023/A:1024068626366;
/// Corani & Benavoli, "A Bayesian approach for comparing cross-validated algorithms", Machine Learning 100, 2015,
/// doi:10.1007/s10994-015-5486-z.
public struct FoldMean: Sendable, Hashable {
  public let mean: Double
  /// Of the mean; nil for a single fold.
  public let standardError: Double?
  public let folds: Int

  /// - Parameters:
  ///   - values: one a fold; folds in which the figure is not defined are left out.
  ///   - heldOut: rows held out for each row learned from, see `Folds.heldOutPerLearned`.
  /// - Returns: nil where no fold has the figure.
  public init?(_ values: [Double], heldOutPerLearned heldOut: Double) {
    let values = values.filter(\.isFinite)
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    folds = values.count
    guard folds > 1 else {
      standardError = nil
      return
    }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    standardError = ((1 / count + heldOut) * variance).squareRoot()
  }

  /// The range that holds the figure of other rows like these with this probability; nil for a single fold.
  /// - Parameter level: above 0 and below 1.
  public func interval(_ level: Double = 0.95) -> ClosedRange<Double>? {
    guard let standardError else { return nil }
    let half = StudentT(freedom: Double(folds - 1)).quantile((1 + level) / 2) * standardError
    return mean - half...mean + half
  }

  /// The probability that the figure is above a bound; nil for a single fold.
  public func chance(above bound: Double) -> Double? {
    guard let standardError else { return nil }
    // Folds that agree to the bit leave no doubt but about equality.
    guard standardError > 0 else { return mean == bound ? 0.5 : mean > bound ? 1 : 0 }
    return StudentT(freedom: Double(folds - 1)).share(below: (mean - bound) / standardError)
  }
}

extension Folds {
  /// Rows held out for each row learned from, over all folds: 1 / (k - 1) for k folds of all rows.
  public var heldOutPerLearned: Double {
    let heldOut = assignments.count { $0 >= 0 }
    let learned = (0..<count).reduce(0) { $0 + trainingRows($1).count }
    return learned == 0 ? 0 : Double(heldOut) / Double(learned)
  }
}
