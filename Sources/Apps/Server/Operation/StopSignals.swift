internal import Glibc
internal import ServiceLifecycle
internal import UnixSignals

/// The signals that end a server: the first lets requests in progress end, a second one does not wait for them.
///
/// They are trapped once and before anybody is told that the server is there: of two places that trap a signal one is
/// there first, and takes what the other waits for.
struct StopSignals {
  private let signals: UnixSignalsSequence

  /// - Parameter isWorker: a terminal sends its signals to all processes of the program. Those of a worker are its
  ///   supervisor's to give, lest one Ctrl-C be two.
  init(isWorker: Bool) async {
    if isWorker { for number in [SIGINT, SIGQUIT] { signal(number, SIG_IGN) } }
    signals = await UnixSignalsSequence(trapping: isWorker ? [.sigterm] : [.sigterm, .sigint, .sigquit])
  }

  /// Stops a group at the first of these signals, and returns at the second.
  func wait(stopping group: ServiceGroup) async {
    var iterator = signals.makeAsyncIterator()
    guard await iterator.next() != nil else { return }
    await group.triggerGracefulShutdown()
    _ = await iterator.next()
  }
}
