internal import Learners
internal import Linalg
internal import Page

extension Comparison {
  private static let worstCount = 10
  private static let shownContributions = 5

  /// The best model whose predictions can be divided among the features; nil where there is none.
  package var explainable: Entry? {
    let some = features([0])
    return entries.first { !$0.isBlend && $0.name != Mean.name && (try? $0.model.explain(some)) != nil }
  }

  /// - Parameters:
  ///   - explainers: in each fold, of the model that explains; nil where none can.
  ///   - place: where a row of the table is.
  package func worstRows(_ explainers: FoldModels?, place: (_ tableRow: Int) -> String) -> WorstRows {
    let entry = entries[0]
    let worst = errors(of: entry).sorted { (-abs($0.error), $0.row) < (-abs($1.error), $1.row) }.prefix(Self.worstCount)
    let rows = worst.map { row, _, error in
      WorstRows.Row(
        row: dataset.tableRows[row], place: place(dataset.tableRows[row]), actual: dataset.target[row],
        predicted: entry.entry.validation.predictions[row], error: error,
        explanation: explainers.flatMap { explanation(of: row, by: $0) })
    }
    return WorstRows(
      model: entry.name, explainedBy: rows.contains { $0.explanation != nil } ? explainers?.entry.name : nil, rows: rows
    )
  }

  private func explanation(of row: Int, by explainers: FoldModels) -> WorstRows.Explanation? {
    let fold = folds.assignments[row]
    guard explainers.models.indices.contains(fold),
      let found = try? explainers.models[fold].explain(features([row]))
    else { return nil }
    let adds = Array(found.contributions.row(0))
    let order = adds.indices.sorted { (-abs(adds[$0]), $0) < (-abs(adds[$1]), $1) }
    let largest = order.prefix(Self.shownContributions).filter { adds[$0] != 0 }
    let sum = largest.reduce(0) { $0 + adds[$1] }
    return WorstRows.Explanation(
      predicted: found.predictions[0], base: found.base,
      largest: largest.map {
        .init(feature: dataset.schema.features[$0].name, value: text(of: $0, row), adds: adds[$0])
      }, others: adds.reduce(0, +) - sum, isLogarithm: found.link == .logarithm || scale.isLogarithmic)
  }

  /// Nearly as it stands in the table.
  private func text(of feature: Int, _ row: Int) -> String {
    let value = dataset.features.columns[feature][row]
    guard !value.isNaN else { return "missing" }
    guard let levels = dataset.schema.features[feature].levels else {
      return TargetNumbers(.digits(4)).exactText(value)
    }
    return levels.indices.contains(Int(value)) ? levels[Int(value)] : "unknown"
  }
}
