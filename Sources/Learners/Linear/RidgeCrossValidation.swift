public import Linalg

/// Ridge over all folds and penalties, for little more than the price of one fit.
///
/// The second moments of each fold's rows are summed once; those of a training part are the moments of all rows less
/// those of the held-out ones. Centre and scale of a fold come from its own training part, so nothing leaks. One
/// eigendecomposition a fold gives the coefficients for all penalties, one product a fold all its predictions.
/// Cost for s samples, f features, K folds and A penalties: s f² + 4 K f³ + 2 s f A flops.
///
/// Coefficients and errors are those of separate fits to 1e-8 relative. Where moments cannot promise that, a fold is
/// refitted from its rows (`refittedFolds`): all folds, where a training part has fewer rows than features or the folds'
/// moments together would need more memory than x; one, where holding out its rows leaves less than 10⁻⁴ of a
/// feature's or the target's sum of squares, so that the difference has lost digits; one, where a penalty leaves a
/// condition number above 10⁵.
public struct RidgeCrossValidation: Sendable {
  /// What is done to the features of each training part; coefficients are in units of x whatever it is.
  public enum Scaling: Sendable {
    case none
    /// Divided by their standard deviations over the training part; a feature that does not vary there has no effect.
    case standardized
    /// Multiplied by given numbers: one a fold and feature.
    case factors([[Double]])
  }

  public let alphas: [Double]
  /// Out of fold, rows x alphas; NaN for a row of no fold.
  public let predictions: Matrix<Double>
  /// For each fold alphas x features.
  public let coefficients: [Matrix<Double>]
  /// For each fold one a penalty.
  public let intercepts: [[Double]]
  /// Σ w (y - p)² / Σ w over the rows that are held out once, one a penalty.
  public let meanSquaredErrors: [Double]
  public let refittedFolds: [Int]
  /// Fits that were done: one a fold, and one more where only some penalties of it were refitted.
  public let distinctFits: Int
  /// Time to fit and to predict for all penalties, one a fold, with a fold's share of the moments.
  internal let durations: [(fit: Duration, predict: Duration)]

  /// - Parameters:
  ///   - x: samples x features; y and weights one a sample.
  ///   - alphas: penalties, finite and not negative.
  /// - Throws: as `Ridge` does for the training part of a fold.
  public init(
    _ x: Matrix<Double>, _ y: [Double], weights: [Double]? = nil, folds: Folds, alphas: [Double],
    fitsIntercept: Bool = true, scaling: Scaling = .none
  ) throws(FitError) {
    for alpha in alphas {
      do throws(ParameterError) { try Ridge.Parameters(alpha: alpha).validate() } catch { throw .parameter(error) }
    }
    let training = try TrainingSet(leavingToLearner: x, y: y, weights: weights)
    precondition(folds.assignments.count == x.rows, "RidgeCrossValidation: folds of other rows")
    let clock = ContinuousClock()
    let start = clock.now
    let moments = try FoldMoments(training, folds: folds, centred: fitsIntercept)
    let share = (clock.now - start) / folds.count
    let fitted = try Parallel.map(folds.count) { fold throws(FitError) in
      let start = clock.now
      let fits = try FoldFits(
        training, rows: folds.trainingRows(fold), moments: moments?.trainingPart(without: fold), alphas: alphas,
        fitsIntercept: fitsIntercept, scaling: scaling, fold: fold)
      let heldOut = folds.testRows(fold)
      let fitted = clock.now
      let predictions = fits.predictions(for: heldOut, of: x)
      return (fits, heldOut, predictions, (fit: share + (fitted - start), predict: clock.now - fitted))
    }
    self.alphas = alphas
    coefficients = fitted.map(\.0.coefficients)
    intercepts = fitted.map(\.0.intercepts)
    refittedFolds = fitted.indices.filter { fitted[$0].0.isRefitted }
    distinctFits = fitted.reduce(0) { $0 + $1.0.distinctFits }
    durations = fitted.map(\.3)
    var predictions = Matrix<Double>(rows: x.rows, columns: alphas.count, repeating: .nan)
    for fold in fitted { predictions.setRows(fold.1, to: fold.2) }
    self.predictions = predictions
    meanSquaredErrors = Self.errors(predictions, y, weights, folds)
  }

  private static func errors(
    _ predictions: Matrix<Double>, _ y: [Double], _ weights: [Double]?, _ folds: Folds
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: predictions.columns)
    var total = 0.0
    for row in y.indices where folds.assignments[row] >= 0 {
      let weight = weights?[row] ?? 1
      total += weight
      for (index, prediction) in predictions.row(row).enumerated() {
        sums[index] += weight * (y[row] - prediction) * (y[row] - prediction)
      }
    }
    return sums.map { $0 / total }
  }
}
