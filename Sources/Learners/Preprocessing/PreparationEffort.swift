internal import Linalg

/// What it costs to learn from training rows how a learner is given them.
///
/// Nearly all of it are the fits of `FormChoice`, of which every number with a long tail makes more.
internal struct PreparationEffort: Sendable {
  private let features: Int
  /// Nil where no forms are chosen.
  private let choice: (fixed: Double, heavy: Double, eachAlone: Bool)?

  /// - Parameter columns: one a number, and one a level but for the rarest of many.
  init(_ dataset: Dataset, columns: Int, as form: Preparation.Features, scale: TargetScale, options: PipelineOptions) {
    features = form == .native ? 0 : dataset.schema.features.count
    guard form == .dense || form == .linear, options.numbers == nil else {
      choice = nil
      return
    }
    let heavy = Double(Self.heavyCount(dataset))
    choice = heavy == 0 ? nil : (Double(columns) - heavy, heavy, form == .linear && !scale.isLogarithmic)
  }

  /// Nanoseconds of one thread, about.
  func nanoseconds(rows: Int) -> Double {
    let sorting = 60 * Double(rows * features)
    guard let (fixed, heavy, eachAlone) = choice else { return sorting }
    return sorting + FormChoice.nanoseconds(rows: rows, fixed: fixed, heavy: heavy, eachAlone: eachAlone)
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
