public import Linalg

/// A family whose fits to the training parts of all folds share work.
public protocol FoldSharing: Regressor {
  /// Whether these settings can be fitted so.
  static func canFitFolds(_ settings: [Parameters]) -> Bool

  /// Predicts every row by learners that have not seen its fold, for each of several settings that can be fitted so. Each
  /// prediction is as good as that of a learner fitted alone, to the tolerance the family states.
  static func fitFolds(_ settings: [Parameters], of data: FoldedRows) throws(FitError) -> FoldedFits
}

/// The rows of a dataset, encoded once, for fits whose training part differs from fold to fold.
public struct FoldedRows: Sendable {
  /// samples x features.
  public let x: Matrix<Double>
  public let y: [Double]
  /// One a row; nil where each counts once.
  public let weights: [Double]?
  public let folds: Folds
  /// For each fold and column: times this number, and shifted by some other, the column is what the fold's own
  /// preparation makes of it.
  public let factors: [[Double]]
}

/// What comes of all folds.
public struct FoldedFits: Sendable {
  /// Out of fold, rows x settings; NaN for a row of no fold.
  public let predictions: Matrix<Double>
  public let distinctFits: Int
  /// For all settings together, one a fold.
  public let durations: [(fit: Duration, predict: Duration)]

  public init(
    predictions: Matrix<Double>, distinctFits: Int, durations: [(fit: Duration, predict: Duration)]
  ) {
    self.predictions = predictions
    self.distinctFits = distinctFits
    self.durations = durations
  }
}
