import Learners
import Report

/// From a comparison to its report.
struct ReportMaking {
  let job: FitJob
  let foldsAreGiven: Bool
  let isTimed: Bool
  /// As it was typed, for who repeats it.
  let command: String

  func run() throws -> Report {
    let result = try job.run()
    let comparison = Comparison(
      result.experiment,
      result.entries.map { Comparison.Entry($0.entry, model: $0.model, bytes: $0.file.count) },
      ranking: result.ranking, foldsAreGiven: foldsAreGiven)
    let making = ReportJob(
      comparison,
      origin: .init(
        source: result.source.description, sha256: result.source.sha256, command: command,
        programVersion: programVersion),
      leftOut: result.leftOut.map { .init(name: $0.name, reason: $0.reason) }, allowedLeaks: job.allowedLeaks,
      notes: result.notes, warnings: result.warnings, isTimed: isTimed)
    let progress = Progress(total: making.steps)
    defer { progress.end() }
    progress.begin("report")
    progress.finished("report: the best model with fewer rows, in each fold, and its ranges")
    return making.run(place: result.source.place(ofRow:)) { label in
      progress.begin(label)
      progress.advance()
    }
  }
}
