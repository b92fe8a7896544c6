internal import ServiceLifecycle
internal import UnixSignals

/// The signals that end a server: the first lets requests in progress end, a second one does not wait for them.
enum StopSignals {
  static let all: [UnixSignal] = [.sigterm, .sigint, .sigquit]

  /// Returns at the second of these signals.
  static func waitForSecond() async {
    var count = 0
    for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigquit) {
      count += 1
      if count == 2 { return }
    }
  }
}
