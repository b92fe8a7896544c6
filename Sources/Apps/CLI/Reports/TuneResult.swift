import Learners
import Search

/// What a search found: the models of its winners, and the words and the JSON about them.
struct TuneResult {
  /// As `fit` writes them.
  let models: FitResult
  private let result: SearchResult
  private let taken: StoredCounts
  private let isComplete: Bool

  init(_ models: FitResult, _ result: SearchResult, taken: StoredCounts, isComplete: Bool) {
    self.models = models
    self.result = result
    self.taken = taken
    self.isComplete = isComplete
  }

  // MARK: For a person

  private static let shown = 10

  func page(width: Int, folder: String, store: SearchStore) throws -> String {
    let board = models.table(width: width, folder: folder, countsFits: false)
    let lines =
      [board, "", "The best of \(counted(result.ranked.count, "setting")):"] + ranking(width: width) + [""] + honesty
      + [try times(store)] + gains + endings(store)
    return lines.joined(separator: "\n")
  }

  private func ranking(width: Int) -> [String] {
    let best = Array(result.ranked.prefix(Self.shown))
    let figures = best.map { $0.trial.figures }
    return TextTable(columns: [
      .init(title: "#", cells: best.indices.map { String($0 + 1) }),
      .init(title: "trial", cells: best.map { String($0.trial.id) }, sacrifice: 2),
      .init(title: "model", cells: best.map(\.candidate.name), isRightAligned: false),
      .init(title: result.ranking.title, cells: figures.map { ($0?.overall ?? .nan).significant(5) }),
      .init(title: "folds", cells: figures.map { Self.spread($0?.folds ?? []) }, sacrifice: 1),
      .init(title: "settings", cells: best.map { printable($0.candidate.text) }, isRightAligned: false),
    ]).lines(width: width)
  }

  private static func spread(_ folds: [Double]) -> String {
    guard let low = folds.min(), let high = folds.max() else { return "–" }
    return "\(low.significant(3)) … \(high.significant(3))"
  }

  /// The best of many looks better than it is; the choice itself can be judged.
  private var honesty: [String] {
    guard let nested = result.nested, let best = result.ranked.first?.trial.figures?.overall else { return [] }
    return [
      "\(result.ranking.title) of the winner: \(best.significant(5)), which flatters it: it is the best of "
        + "\(counted(result.ranked.count, "setting")) on these very rows.",
      "\(result.ranking.title) of the choice: \(nested.significant(5)), each fold predicted by the setting that is best "
        + "on the other folds: expect this of new rows.",
    ]
  }

  private func times(_ store: SearchStore) throws -> String {
    let seconds = try store.seconds()
    let trials = try store.trials()
    let each = Registry.learners.compactMap { learner -> String? in
      let own = trials.filter { $0.learner == learner.name }
      guard !own.isEmpty else { return nil }
      let spent = own.reduce(0.0) { $0 + (seconds[$1.id].map { $0.fit + $0.predict } ?? 0) }
      return "\(learner.name) \(counted(own.count, "setting")) \(TimeSpan(spent).text)"
    }
    return "Time of workers: \(each.joined(separator: ", "))."
  }

  /// How the best came to be: where the last half of the trials has won little, more will not win much.
  private var gains: [String] {
    let costs = result.ranked.sorted { $0.trial.id < $1.trial.id }
    guard costs.count >= 8 else { return [] }
    let steps = [costs.count / 8, costs.count / 4, costs.count / 2, costs.count].map { count -> String in
      let best = costs.prefix(count).min { ($0.cost, $0.trial.id) < ($1.cost, $1.trial.id) }
      return "\((best?.trial.figures?.overall ?? .nan).significant(5)) after \(count)"
    }
    return ["Best over the search: \(steps.joined(separator: ", ")) settings."]
  }

  private func endings(_ store: SearchStore) -> [String] {
    var lines: [String] = []
    if result.failedCount > 0 {
      lines.append("\(counted(result.failedCount, "setting")) failed: learners trials --store \(store.path) says why.")
    }
    if result.stoppedCount > 0 {
      lines.append("\(counted(result.stoppedCount, "setting")) could not win any more after some folds.")
    }
    if !isComplete {
      lines.append("Not all was done in time (\(counted(result.openCount, "setting")) open): the same command goes on.")
    }
    let counts = result.counts
    lines.append(
      "fits asked \(counts.asked) · distinct fits done \(counts.distinctFits - taken.distinctFits) · taken from the store \(taken.done)"
    )
    return lines
  }

  // MARK: JSON

  private struct Report: Encodable {
    let event = "result"
    let complete: Bool
    let ranking: String
    let best: Double?
    let nested: Double?
    let trials: Int
    let failed: Int
    let stopped: Int
    let asked: Int
    let done: Int
    let taken: Int
    let fit: FitReport

    enum CodingKeys: String, CodingKey {
      case event, complete, best, nested, trials, failed, stopped, fit
      case ranking = "ranked_by"
      case asked = "fits_asked"
      case done = "distinct_fits_done"
      case taken = "taken_from_store"
    }
  }

  func json(store: SearchStore) -> String {
    jsonLine(
      Report(
        complete: isComplete, ranking: result.ranking.name,
        best: result.ranked.first?.trial.figures?.overall.finiteOrNull, nested: result.nested?.finiteOrNull,
        trials: result.ranked.count, failed: result.failedCount, stopped: result.stoppedCount,
        asked: result.counts.asked, done: result.counts.distinctFits - taken.distinctFits, taken: taken.done,
        fit: models.report(timed: true)))
  }
}

extension RankingFigure {
  /// Heads a column.
  var title: String { self == .r2 ? "R²" : name }
}

extension Candidate {
  /// "c=10, epsilon=0.1"; "defaults".
  var text: String {
    let each = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return each.isEmpty ? "defaults" : each.joined(separator: ", ")
  }
}
