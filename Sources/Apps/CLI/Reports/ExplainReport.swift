import Learners
import Linalg

/// What `explain` found: importance of the columns, and contributions to the rows where the learner has them.
struct ExplainReport: Encodable {
  struct ColumnCard: Encodable {
    let name: String
    /// The learner's own; nil where it has none.
    let importance: Double?
    let meanContribution: Double?
    let permutation: Double?
    let permutationDeviation: Double?

    enum CodingKeys: String, CodingKey {
      case name, importance
      case meanContribution = "mean_absolute_contribution"
      case permutation
      case permutationDeviation = "permutation_sd"
    }
  }

  private struct Row: Encodable {
    let sum: Double?
    let prediction: Double
    let contributions: [Double?]
  }

  private let model: Model
  private let columns: [ColumnCard]
  private let explanation: Explanation?
  /// What a person should know about what is not there.
  let notes: [String]

  /// - Parameter repeats: shuffles of each column; 0 for no such importance.
  /// - Parameter needsContributions: whether a learner without them is a failure.
  init(of model: Model, _ rows: ModelRows, repeats: Int, seed: UInt64, needsContributions: Bool) throws {
    var notes: [String] = []
    var explanation: Explanation?
    do throws(ExplanationError) {
      explanation = try model.explain(rows.features)
    } catch {
      let advice = "mean, ridge, forest, extra-trees and boosting can be explained"
      guard case .notExplainable = error, !needsContributions else { throw Failure(.badData, "\(error): \(advice)") }
      notes.append("\(error): \(advice)")
    }
    let permutation = try Self.permutation(model, rows, repeats: repeats, seed: seed, &notes)
    let importance = model.featureImportance
    let sizes = explanation?.meanSizes
    columns = model.pipeline.features.enumerated().map { index, feature in
      ColumnCard(
        name: feature.name, importance: importance?[index], meanContribution: sizes?[index].finiteOrNull,
        permutation: permutation?.mean[index].finiteOrNull,
        permutationDeviation: permutation?.standardDeviation[index].finiteOrNull)
    }
    self.model = model
    self.explanation = explanation
    self.notes = notes
  }

  private static func permutation(
    _ model: Model, _ rows: ModelRows, repeats: Int, seed: UInt64, _ notes: inout [String]
  ) throws -> PermutationImportance? {
    guard repeats > 0 else { return nil }
    guard let (data, target) = try rows.known, data.rowCount >= 2 else {
      notes.append("no importance by shuffling: it needs rows with a known \(printable(model.target))")
      return nil
    }
    do throws(PredictionError) {
      return try PermutationImportance(of: model, on: data, target: target, repeats: repeats, seed: seed)
    } catch {
      throw Failure(.badData, "\(error): check the numbers of the table")
    }
  }

  // MARK: JSON

  private enum Key: String, CodingKey {
    case model, target, scale, base, columns, rows
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(model.name, forKey: .model)
    try container.encode(model.target, forKey: .target)
    try container.encode(columns, forKey: .columns)
    guard let explanation else { return }
    try container.encode(model.scaleName(explanation.link), forKey: .scale)
    try container.encode(explanation.base.finiteOrNull, forKey: .base)
    let rows = explanation.sums.enumerated().map { row, sum in
      Row(
        sum: sum.finiteOrNull, prediction: explanation.predictions[row],
        contributions: explanation.contributions.row(row).map(\.finiteOrNull))
    }
    try container.encode(rows, forKey: .rows)
  }

  // MARK: CSV

  /// `row,base,COLUMN…,sum,prediction`: base and contributions add up to the sum, which the model makes the prediction of.
  var csv: String {
    guard let explanation else { return "" }
    let ours = { (names: [String]) in names.map { (name: $0, isOurs: true) } }
    var lines = CSVWriter.header(
      ours(["row", "base"]) + columns.map { ($0.name, false) } + ours(["sum", "prediction"]))
    for (row, sum) in explanation.sums.enumerated() {
      let numbers = [explanation.base] + explanation.contributions.row(row) + [sum, explanation.predictions[row]]
      lines += CSVWriter.line([String(row)] + numbers.map(\.shortText))
    }
    return lines
  }

  // MARK: Text

  func text(row: Int?, width: Int) -> String {
    guard let row, let explanation else { return importanceText(width: width) }
    let scale = printable(model.scaleName(explanation.link))
    let contributions = Array(explanation.contributions.row(row))
    let order = columns.indices.sorted { (-abs(contributions[$0]), $0) < (-abs(contributions[$1]), $1) }
    let largest = contributions.reduce(0) { max($0, abs($1)) }
    let table = TextTable(columns: [
      .init(title: "column", cells: order.map { printable(columns[$0].name) }, isRightAligned: false),
      .init(title: "adds", cells: order.map { contributions[$0].signed }),
      .init(
        title: "", cells: order.map { LeaderboardTable.bar(largest > 0 ? abs(contributions[$0]) / largest : 0) },
        isRightAligned: false, sacrifice: 1),
    ])
    let head = "row \(row) of \(model.name): \(printable(model.target)) \(explanation.predictions[row].significant(6))"
    let sum =
      "base \(explanation.base.significant(6)), sum \(explanation.sums[row].significant(6)), in units of \(scale)"
    return ([head, sum, ""] + table.lines(width: width)).joined(separator: "\n")
  }

  private func importanceText(width: Int) -> String {
    let order = columns.indices.sorted {
      let (a, b) = (columns[$0], columns[$1])
      return (-(a.meanContribution ?? a.permutation ?? 0), $0) < (-(b.meanContribution ?? b.permutation ?? 0), $1)
    }
    func cells(_ value: (ColumnCard) -> Double?) -> [String] { order.map { value(columns[$0])?.fixed(4) ?? "–" } }
    var shown = [
      TextTable.Column(title: "column", cells: order.map { printable(columns[$0].name) }, isRightAligned: false)
    ]
    if explanation != nil {
      let largest = columns.compactMap(\.meanContribution).max() ?? 0
      shown += [
        .init(title: "contribution", cells: order.map { columns[$0].meanContribution?.significant(4) ?? "–" }),
        .init(
          title: "",
          cells: order.map { LeaderboardTable.bar((columns[$0].meanContribution ?? 0) / max(largest, 1e-300)) },
          isRightAligned: false, sacrifice: 3),
      ]
    }
    if columns.contains(where: { $0.importance != nil }) {
      shown.append(.init(title: "in training", cells: cells(\.importance), sacrifice: 2))
    }
    if columns.contains(where: { $0.permutation != nil }) {
      let text = order.map { index in
        columns[index].permutation.map { "\($0.fixed(4)) ± \((columns[index].permutationDeviation ?? .nan).fixed(4))" }
          ?? "–"
      }
      shown.append(.init(title: "R² lost by shuffling", cells: text, sacrifice: 1))
    }
    var head = ["\(model.name): importance of the columns for \(printable(model.target))"]
    if let explanation {
      let scale = printable(model.scaleName(explanation.link))
      head.append(
        "base \(explanation.base.significant(6)), contribution: mean size over the rows; both in units of \(scale)")
    }
    return (head + [""] + TextTable(columns: shown).lines(width: width)).joined(separator: "\n")
  }
}

extension Double {
  fileprivate var signed: String { (self > 0 ? "+" : "") + significant(4) }
}
