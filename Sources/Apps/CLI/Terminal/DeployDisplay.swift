import Deploy

/// Shows what a deployment does: lines that stay on standard error, and what is waited for below them on a terminal.
final class DeployDisplay: DeployObserver {
  private let isTerminal = Terminal.errorIsTerminal
  private var waiting = false
  /// Where there is no terminal, a wait is told once and not every two seconds.
  private var told = ""

  func notes(_ text: String) {
    clear()
    Terminal.writeError(text)
  }

  func waits(for text: String) {
    let line = printable(text)
    if isTerminal {
      clear()
      Terminal.put(String(("… " + line).prefix(max(1, Terminal.width(of: 2) - 1))), to: 2)
      waiting = true
    } else {
      let what = line.prefix { $0 != ":" }
      guard what != told else { return }
      told = String(what)
      Terminal.writeError("… \(line)")
    }
  }

  func end() { clear() }

  private func clear() {
    guard waiting else { return }
    Terminal.put("\r\u{1B}[K", to: 2)
    waiting = false
  }
}
