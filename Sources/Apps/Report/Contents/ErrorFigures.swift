/// Errors of the best model for rows that it had not seen, on the scale of fitting: true less predicted.
package struct ResidualFigures: Sendable, Encodable {
  package let model: String
  /// By prediction, the lowest first: parts of about the same size.
  package let parts: [Part]

  package struct Part: Sendable, Encodable {
    package let rows: Int
    /// The least and the largest prediction, on the target's own scale.
    package let from: Double
    package let to: Double
    package let mean: Double
    /// 10, 50 and 90 % of the errors are below.
    package let low: Double
    package let median: Double
    package let high: Double
    package let rmse: Double
  }
}

/// Whether ranges hold what they promise, for rows that nothing of them was made of.
package struct RangeFigures: Sendable, Encodable {
  package let model: String
  /// Whether their width follows the row.
  package let followsRows: Bool
  package let levels: [Level]

  package struct Level: Sendable, Encodable {
    package let level: Double
    package let rows: Int
    /// How many rows that count alike would tell as much: as many as there are, where none has a weight.
    package let effectiveRows: Double
    package let coverage: Double
    /// Of the coverage, 95 %, after Wilson.
    package let low: Double
    package let high: Double
    /// On the target's own scale.
    package let meanWidth: Double
    package let medianWidth: Double
    /// Of the middle row, upper end divided by lower, one unit taken for granted; nil where the scale is no logarithm.
    package let medianFactor: Double?
    /// Of the rows in ten parts by prediction; nil for fewer than a hundred rows.
    package let coverageByTenth: [Double]?

    package init(
      level: Double, rows: Int, effectiveRows: Double, coverage: Double, low: Double, high: Double, meanWidth: Double,
      medianWidth: Double, medianFactor: Double?, coverageByTenth: [Double]?
    ) {
      (self.level, self.rows, self.effectiveRows, self.coverage) = (level, rows, effectiveRows, coverage)
      (self.low, self.high, self.meanWidth, self.medianWidth) = (low, high, meanWidth, medianWidth)
      (self.medianFactor, self.coverageByTenth) = (medianFactor, coverageByTenth)
    }
  }
}

/// The rows that were predicted worst, on the scale of fitting.
package struct WorstRows: Sendable, Encodable {
  /// Which of the models predicted, and which one explains.
  package let model: String
  package let explainedBy: String?
  package let rows: [Row]

  package struct Row: Sendable, Encodable {
    /// Of the table, from 0, and where it is.
    package let row: Int
    package let place: String
    package let actual: Double
    package let predicted: Double
    /// True less predicted, on the scale of fitting.
    package let error: Double
    package let explanation: Explanation?
  }

  /// By a model that had not seen the row.
  package struct Explanation: Sendable, Encodable {
    package let predicted: Double
    /// On the scale of `link`: base, largest contributions, and all others together add up to the prediction's.
    package let base: Double
    package let largest: [Contribution]
    package let others: Double
    package let isLogarithm: Bool
  }

  package struct Contribution: Sendable, Encodable {
    package let feature: String
    package let value: String
    package let adds: Double
  }
}
