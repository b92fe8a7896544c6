/// What a model learns from more rows, and what it looks at.
package struct StudiedModel: Sendable, Encodable {
  package let name: String
  package let learning: LearningFigures?
  /// The most important first.
  package let importance: [ImportanceFigures]
  /// Of the main features.
  package let effects: [EffectFigures]
}

/// How good a model is with fewer rows.
package struct LearningFigures: Sendable, Encodable {
  /// The fewest rows first, all of a training part last.
  package let steps: [Step]
  /// By what share errors (1 - R², or the loss) fell with the last doubling of rows; nil for a single fold or a single step.
  package let lastDoubling: Estimate?
  /// The same of the next doubling, if gains go on to shrink as they did.
  package let nextDoubling: Double?
  /// The probability that the next doubling takes away at least `worthwhile` of the errors.
  package let chance: Double?
  package let answer: Answer

  package static let worthwhile = 0.02

  package enum Answer: String, Sendable, Encodable { case yes, no, unclear }

  package struct Step: Sendable, Encodable {
    package let share: Double
    /// Learned from, a mean over folds.
    package let rows: Int
    package let figure: Estimate
    package let figureOfFolds: [Double?]
  }
}

/// R² lost when a feature's values are shuffled among rows that the model had not seen.
package struct ImportanceFigures: Sendable, Encodable {
  package let feature: String
  package let lost: Estimate
  package let lostInFolds: [Double?]
  /// The probability that something is lost.
  package let chance: Double?
}

/// How predictions follow one feature, on the scale of fitting.
package struct EffectFigures: Sendable, Encodable {
  package let feature: String
  /// Of a number: rising values. Of a text: its levels.
  package let values: [Double]?
  package let levels: [String]?
  /// Rows of each level that are in the picture.
  package let rows: [Int]
  package let effects: [Estimate]
  /// Levels that are too rare to be told of.
  package let levelsLeftOut: Int
}
