import Learners
import Search

/// All trials of a store in the order in which they were thought of.
struct TrialsReport {
  let trials: [StoredTrial]
  let seconds: [Int64: (fit: Double, predict: Double)]

  private var foldCount: Int { trials.reduce(0) { max($0, $1.figures?.folds.count ?? 0) } }

  /// Times are last, so that two searches can be compared without them.
  var csv: String {
    let folds = (0..<foldCount).map { "fold_\($0)" }
    let names =
      ["trial", "model", "strategy", "state", "settings", "score", "r2_transformed"] + folds
      + ["reason", "fit_seconds", "predict_seconds"]
    var text = CSVWriter.header(names.map { ($0, true) })
    for trial in trials {
      let own = seconds[trial.id]
      let scores = folds.indices.map { fold in
        trial.figures.map { fold < $0.folds.count ? Self.cell($0.folds[fold]) : "" } ?? ""
      }
      text += CSVWriter.line(
        [
          String(trial.id), trial.learner, trial.strategy, trial.state.rawValue, trial.settings,
          trial.figures.map { Self.cell($0.overall) } ?? "", trial.figures.map { Self.cell($0.r2Transformed) } ?? "",
        ] + scores + [trial.reason ?? "", own.map { $0.fit.shortText } ?? "", own.map { $0.predict.shortText } ?? ""])
    }
    return text
  }

  private static func cell(_ number: Double) -> String { number.isFinite ? number.shortText : "" }

  private struct Line: Encodable {
    let trial: Int64
    let model: String
    let strategy: String
    let state: String
    let settings: String
    let score: Double?
    let folds: [Double?]?
    let reason: String?
    let fitSeconds: Double?

    enum CodingKeys: String, CodingKey {
      case trial, model, strategy, state, settings, score, folds, reason
      case fitSeconds = "fit_seconds"
    }
  }

  var json: String {
    trials.map { trial in
      jsonLine(
        Line(
          trial: trial.id, model: trial.learner, strategy: trial.strategy, state: trial.state.rawValue,
          settings: trial.settings, score: trial.figures?.overall.finiteOrNull,
          folds: trial.figures?.folds.map(\.finiteOrNull), reason: trial.reason, fitSeconds: seconds[trial.id]?.fit))
        + "\n"
    }.joined()
  }

  func table(width: Int) -> String {
    let lines = TextTable(columns: [
      .init(title: "trial", cells: trials.map { String($0.id) }),
      .init(title: "model", cells: trials.map(\.learner), isRightAligned: false),
      .init(title: "state", cells: trials.map(\.state.rawValue), isRightAligned: false),
      .init(title: "score", cells: trials.map { ($0.figures?.overall ?? .nan).significant(5) }),
      .init(
        title: "seconds", cells: trials.map { (seconds[$0.id]?.fit ?? .nan).significant(3) }, sacrifice: 1),
      .init(
        title: "settings", cells: trials.map { printable($0.reason.map { "failed: \($0)" } ?? $0.settings) },
        isRightAligned: false),
    ]).lines(width: width)
    return lines.joined(separator: "\n")
  }
}
