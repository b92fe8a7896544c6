internal import Glibc
internal import UnixSignals

/// The signals that end a server: the first lets requests in progress end, a second one does not wait for them.
enum StopSignals {
  static let all: [UnixSignal] = [.sigterm, .sigint, .sigquit]

  /// A terminal sends its signals to all processes of the program. Those of a worker are its supervisor's to give, lest
  /// one Ctrl-C be two.
  static func leaveToSupervisor() {
    for number in [SIGINT, SIGQUIT] { signal(number, SIG_IGN) }
  }

  /// Returns at the second of these signals.
  static func waitForSecond() async {
    var count = 0
    for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigquit) {
      count += 1
      if count == 2 { return }
    }
  }
}
