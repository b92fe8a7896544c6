import Extraction
import Repositories

/// Shows on standard error what an extraction does.
final class ExtractDisplay: ExtractionObserver {
  private let progress = Progress(total: 0)
  private var last = ExtractionProgress()
  /// Where there is no bar, a line now and then.
  private var shown = ContinuousClock.now
  private static let pause = Duration.seconds(20)

  func waits(_ reason: String, until end: Timestamp) {
    let text = "waiting until \(time(end)): \(printable(reason))"
    progress.show(done: last.done, of: last.total ?? 0, text)
    progress.finished("learners: \(text)")
  }

  func notes(_ text: String) { progress.note("learners: \(printable(text))") }

  func progressed(_ state: ExtractionProgress) {
    last = state
    progress.show(done: state.done, of: state.total ?? 0, label(state))
    guard ContinuousClock.now - shown > Self.pause else { return }
    shown = .now
    progress.finished("learners: \(state.done) of \(state.total.map(String.init) ?? "?") \(label(state))")
  }

  func end() { progress.end() }

  private func label(_ state: ExtractionProgress) -> String {
    var parts = [state.phase == .search ? "repositories" : "with details"]
    if let remaining = state.remaining, let reset = state.reset {
      parts.append("\(remaining) requests left until \(time(reset))")
    }
    if let seconds = state.secondsLeft { parts.append("\(duration(seconds)) to go") }
    return parts.joined(separator: ", ")
  }

  /// "12:31:10 UTC"
  private func time(_ moment: Timestamp) -> String { "\(moment.description.dropFirst(11).prefix(8)) UTC" }
}

/// "40 s", "12 min", "3.5 h"
func duration(_ seconds: Double) -> String {
  if seconds < 100 { return "\(seconds.fixed(0)) s" }
  if seconds < 6_000 { return "\((seconds / 60).fixed(0)) min" }
  return "\((seconds / 3_600).fixed(1)) h"
}
