package import Page

/// All that is said of a comparison of models on one table. Figures that are not defined are nil.
package struct Report: Sendable, Encodable {
  /// What is predicted.
  package let target: String
  package let scale: Scale
  package let folds: FoldSheet
  package let data: DataSheet
  /// Name of the figure that models are ranked by, as in the JSON of `fit`.
  package let rankedBy: String
  /// Whether more of that figure is better.
  package let moreIsBetter: Bool
  /// Best first.
  package let models: [ModelFigures]
  package let leftOut: [LeftOut]
  /// Of the best model, as are ranges and worst rows.
  package let residuals: ResidualFigures
  package let ranges: RangeFigures?
  package let worstRows: WorstRows
  /// Names of models that are the mean of the models of the folds.
  package let bags: [String]
  /// Nil where no blend is among the models.
  package let blend: BlendFigures?
  /// The best model that is fitted to rows: what it learns and looks at.
  package let studied: StudiedModel
  package let origin: Origin
  /// Out-of-fold predictions of the best model, for the chart.
  package let outOfFold: OutOfFold?

  /// The scale that all models are fitted on and ranked by.
  package struct Scale: Sendable, Encodable {
    /// Such as "ln(1 + stars)".
    package let label: String
    package let isLogarithmic: Bool
    /// What the target is divided by before the logarithm.
    package let unit: Double?
    package let reason: String
  }

  package struct FoldSheet: Sendable, Encodable {
    package enum Kind: String, Sendable, Encodable { case rows, groups, time, given }

    package let count: Int
    /// How often rows were dealt into so many folds.
    package let repeats: Int
    package let kind: Kind
    package let seed: UInt64
    /// Rows held out for each row learned from: what corrected intervals need.
    package let heldOutPerLearned: Double
  }

  package struct LeftOut: Sendable, Encodable {
    package let name: String
    package let reason: String

    package init(name: String, reason: String) { (self.name, self.reason) = (name, reason) }
  }

  /// Where it comes from, and how it is made again.
  package struct Origin: Sendable, Encodable {
    package let source: String
    package let sha256: String
    package let command: String
    package let programVersion: String

    package init(source: String, sha256: String, command: String, programVersion: String) {
      (self.source, self.sha256, self.command, self.programVersion) = (source, sha256, command, programVersion)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case target, scale, folds, data, models, residuals, ranges, bags, blend, studied, origin
    case rankedBy = "ranked_by"
    case moreIsBetter = "more_is_better"
    case leftOut = "left_out"
    case worstRows = "worst_rows"
  }
}

/// A mean over folds and how sure it is, see `FoldMean`.
package struct Estimate: Sendable, Encodable {
  package let mean: Double
  /// Of 95 %; nil for a single fold.
  package let low: Double?
  package let high: Double?
}
