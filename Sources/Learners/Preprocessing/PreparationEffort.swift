internal import Linalg

/// What it costs to learn from training rows how a learner is given them.
///
/// Nearly all of it are the fits of `FormChoice`, of which every number with a long tail makes more.
internal struct PreparationEffort: Sendable {
  private let features: Int
  /// Nil where no forms are chosen.
  private let choice: (fixed: Double, heavy: Double, eachAlone: Bool)?

  init(_ dataset: Dataset, as form: Preparation.Features, scale: TargetScale, options: PipelineOptions) {
    features = form == .native ? 0 : dataset.schema.features.count
    guard form == .dense || form == .linear, options.numbers == nil else {
      choice = nil
      return
    }
    let heavy = Double(Self.heavyCount(dataset))
    // One level, one column, but for the rarest of many.
    let columns = dataset.schema.features.reduce(0) { $0 + Double(min($1.levels?.count ?? 1, 100)) }
    choice = heavy == 0 ? nil : (columns - heavy, heavy, form == .linear && !scale.isLogarithmic)
  }

  /// Nanoseconds of one thread, about.
  func nanoseconds(rows: Int) -> Double {
    let sorting = 60 * Double(rows * features)
    return choice.map { choice in
      sorting
        + FormChoice.nanoseconds(
          rows: rows, fixed: choice.fixed, heavy: choice.heavy, eachAlone: choice.eachAlone)
    } ?? sorting
  }

  /// Numbers with long tails, as some of the rows show them.
  private static func heavyCount(_ dataset: Dataset) -> Int {
    let count = min(dataset.rowCount, 2_048)
    let rows = (0..<count).map { $0 * dataset.rowCount / count }
    let features = dataset.schema.features
    let values = dataset.features.columns
    return Parallel.map(features.count) { index in
      features[index].levels == nil
        && NumberTail(of: SortedNumbers(rows.map { values[index][$0] }, weights: nil)).isHeavy
    }.count { $0 }
  }
}
