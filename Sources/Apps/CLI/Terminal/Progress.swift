import Dispatch
import Glibc
import Synchronization

/// Shows on standard error how far a long job is: a bar on a terminal, plain lines elsewhere.
final class Progress: Sendable {
  private struct State {
    var done = 0
    var total: Int
    var label = ""
    var isShown = false
    /// When what is being done will be done; nil where nothing is known.
    var end: ContinuousClock.Instant?
  }

  private let isTerminal: Bool
  private let start = ContinuousClock.now
  private let state: Mutex<State>
  /// Draws the bar anew every second, so that a long step does not look like a standstill; nil where there is no bar.
  /// Only the initialiser and the end of life touch it.
  nonisolated(unsafe) private let ticking: (any DispatchSourceTimer)?

  init(total: Int) {
    state = Mutex(State(total: total))
    isTerminal = Terminal.errorIsTerminal
    let timer = isTerminal ? DispatchSource.makeTimerSource(queue: .global(qos: .utility)) : nil
    unsafe ticking = timer
    timer?.setEventHandler { [weak self] in
      self?.state.withLock { state in if state.isShown { self?.draw(&state) } }
    }
    timer?.schedule(deadline: .now() + 1, repeating: 1)
    timer?.resume()
  }

  deinit { unsafe ticking?.cancel() }

  /// Names what is being done now.
  /// - Parameter secondsLeft: how long it will take; nil where it is not known.
  func begin(_ label: String, secondsLeft: Double? = nil) {
    state.withLock { state in
      state.label = label
      state.end = secondsLeft.map { .now + .seconds($0) }
      draw(&state)
    }
  }

  /// Tells anew how long what is being done will take from now.
  func expect(secondsLeft: Double) {
    state.withLock { state in
      state.end = .now + .seconds(secondsLeft)
      draw(&state)
    }
  }

  /// Says how much of how much is done, where neither is known from the start.
  func show(done: Int, of total: Int, _ label: String) {
    state.withLock { state in
      (state.done, state.total, state.label) = (done, total, label)
      draw(&state)
    }
  }

  /// One unit of work is done.
  func advance() {
    state.withLock { state in
      state.done += 1
      draw(&state)
    }
  }

  /// A line that stays, above the bar.
  func note(_ text: String) {
    state.withLock { state in
      clear(&state)
      Terminal.writeError(text)
      draw(&state)
    }
  }

  /// A line about a finished step: only where there is no bar to see.
  func finished(_ text: String) {
    if !isTerminal { Terminal.writeError(text) }
  }

  /// Takes the bar away.
  func end() { state.withLock { clear(&$0) } }

  private func clear(_ state: inout State) {
    guard state.isShown else { return }
    Terminal.put("\r\u{1B}[K", to: STDERR_FILENO)
    state.isShown = false
  }

  private func draw(_ state: inout State) {
    guard isTerminal, !state.label.isEmpty else { return }
    let seconds = Int((ContinuousClock.now - start).seconds)
    let left = state.end.map { ($0 - .now).seconds }.map { $0 < 1 ? "" : ", \(TimeSpan($0).about) left" } ?? ""
    let text = " \(state.done)/\(state.total)  \(state.label)  \(seconds) s\(left)"
    let width = max(4, min(30, Terminal.width(of: STDERR_FILENO) - text.count - 3))
    let filled = state.total == 0 ? width : width * min(state.done, state.total) / state.total
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let line = (bar + text).prefix(max(1, Terminal.width(of: STDERR_FILENO) - 1))
    Terminal.put("\r\u{1B}[K" + line, to: STDERR_FILENO)
    state.isShown = true
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
