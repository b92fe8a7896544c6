import Learners
import Search

/// Shows what a search does: progress on standard error, or with `--json` an event a line on standard output.
final class TuneDisplay: SearchObserver {
  let progress = Progress(total: 0)
  private let isJSON: Bool
  private var state = SearchProgress()
  private var total = 0
  private var best: String?
  /// Where there is no bar, a line now and then.
  private var shown = ContinuousClock.now
  private static let pause = Duration.seconds(10)

  private struct Event: Encodable {
    var event: String
    var waiting: Int?
    var trials: Int?
    var trial: Int64?
    var model: String?
    var settings: String?
    var figure: Double?
    var best: Bool?
    var process: Int32?
    var cause: String?
    var givenUp: Bool?
    var text: String?

    enum CodingKeys: String, CodingKey {
      case event, waiting, trials, trial, model, settings, figure, best, process, cause, text
      case givenUp = "given_up"
    }
  }

  init(isJSON: Bool) { self.isJSON = isJSON }

  func planned(waiting: Int, trials: Int) {
    total = state.done + state.failed + waiting
    emit(Event(event: "planned", waiting: waiting, trials: trials))
    if !isJSON { progress.finished("learners: \(counted(trials, "setting")), \(counted(waiting, "unit")) to do") }
  }

  func progressed(_ progress: SearchProgress) {
    state = progress
    show()
    guard !isJSON, ContinuousClock.now - shown > Self.pause else { return }
    shown = .now
    self.progress.finished("learners: \(progress.done) of \(counted(total, "unit")) done, \(label)")
  }

  func finished(_ trial: FinishedTrial) {
    emit(
      Event(
        event: "trial", trial: trial.id, model: trial.learner, settings: trial.settings,
        figure: trial.figure?.finiteOrNull, best: trial.isBest))
    guard trial.isBest, let figure = trial.figure else { return }
    best = "\(figure.significant(4)) by \(trial.learner)"
    if !isJSON {
      progress.finished("learners: best so far \(best ?? ""), trial \(trial.id) \(printable(trial.settings))")
    }
    show()
  }

  func lost(worker: Int32, cause: String, isGivenUp: Bool) {
    emit(Event(event: "lost", process: worker, cause: cause, givenUp: isGivenUp))
    let end = isGivenUp ? "the unit is given up as failed" : "its unit is done again"
    progress.note("learners: warning: a worker (process \(worker)) ended by \(cause): \(end)")
  }

  func notes(_ text: String) { progress.note("learners: \(text)") }

  /// The search is over and this is done now.
  func begin(_ text: String) { progress.begin(text) }

  func end() { progress.end() }

  private func show() { progress.show(done: state.done + state.failed, of: total, label) }

  private var label: String {
    [
      "\(state.running) running", state.failed > 0 ? "\(state.failed) failed" : nil, best.map { "best \($0)" },
    ].compactMap(\.self).joined(separator: ", ")
  }

  /// A reader that is gone is found out by the last line.
  private func emit(_ event: Event) {
    if isJSON { try? Terminal.writeOutput(jsonLine(event) + "\n") }
  }
}
