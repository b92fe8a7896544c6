/// A learner that is fitted step by step while its loss on rows that it does not learn from is followed.
public protocol IterativeRegressor: Regressor {
  /// For each of its runs the mean loss of the rows left out, after 0, 1, … steps, in units of the loss; empty where no rows
  /// were left out.
  var validationCurves: [[Double]] { get }
}

/// The mean of a learner's validation curves.
public struct ValidationCurve: Sendable, Hashable {
  public let runs: Int
  /// Mean over the runs after 0, 1, … steps, as long as all runs went on.
  public let losses: [Double]

  /// Nil where the learner has none.
  public init?(of learner: any Regressor) {
    guard let curves = (learner as? any IterativeRegressor)?.validationCurves, !curves.isEmpty else { return nil }
    runs = curves.count
    losses = (0..<(curves.map(\.count).min() ?? 0)).map { step in
      curves.reduce(0) { $0 + $1[step] / Double(curves.count) }
    }
  }

  /// The step after which the loss was smallest.
  public var best: Int { EarlyStopping.best(losses) }
}
