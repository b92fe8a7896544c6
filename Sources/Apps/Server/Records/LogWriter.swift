internal import Glibc
package import NIOCore
internal import NIOPosix
internal import Synchronization

/// Writes a log from a thread of its own, so that nobody waits who has something to log: not for a disk, and not for a
/// pipe that nobody reads. What does not fit is dropped and counted.
package final class LogWriter: Sendable {
  private struct State {
    var pieces: [ByteBuffer] = []
    var byteCount = 0
    var isWriting = false
    var descriptor: Int32
    var failure: SystemError?
  }

  /// What waits for the thread at most, in bytes.
  private let capacity: Int
  private let thread = NIOThreadPool(numberOfThreads: 1)
  private let state: Mutex<State>
  /// Lines that were dropped so far.
  private let dropped = Atomic<Int>(0)
  /// Is told of the first failure, and of the first after a success.
  private let reportFailure: @Sendable (SystemError) -> Void

  /// - Parameter descriptor: open for appending; not closed here.
  package init(
    descriptor: Int32, capacity: Int = 4 << 20, reportFailure: @escaping @Sendable (SystemError) -> Void = { _ in }
  ) {
    self.capacity = capacity
    self.reportFailure = reportFailure
    state = Mutex(State(descriptor: descriptor))
    thread.start()
  }

  deinit { thread.shutdownGracefully { _ in } }

  package var droppedCount: Int { dropped.load(ordering: .relaxed) }

  /// Takes whole lines, or drops them. Never waits.
  /// - Returns: how many lines are lost.
  @discardableResult
  package func write(_ lines: ByteBuffer, count: Int) -> Int {
    guard lines.readableBytes > 0 else { return 0 }
    let (isTaken, mustStart) = state.withLock { state in
      guard state.byteCount + lines.readableBytes <= capacity else { return (false, false) }
      state.pieces.append(lines)
      state.byteCount += lines.readableBytes
      defer { state.isWriting = true }
      return (true, !state.isWriting)
    }
    if mustStart { thread.submit { _ in self.writeAll() } }
    guard !isTaken else { return 0 }
    dropped.add(count, ordering: .relaxed)
    return count
  }

  /// Writes to another file from the next line on: the one before was moved away. The old one is closed.
  package func reopen(_ descriptor: Int32) {
    let old = state.withLock { state in
      defer { state.descriptor = descriptor }
      return state.descriptor
    }
    // A write in progress may still use it: nobody closes it under its hands.
    thread.submit { _ in if old != descriptor && old > STDERR_FILENO { close(old) } }
  }

  /// Waits until all is written, or for so long.
  package func flush(within limit: Duration) {
    let end = ContinuousClock.now + limit
    while state.withLock(\.isWriting), ContinuousClock.now < end { usleep(1_000) }
  }

  private func writeAll() {
    while true {
      let (pieces, descriptor) = state.withLock { state in
        defer { state.pieces = [] }
        state.isWriting = !state.pieces.isEmpty
        return (state.pieces, state.descriptor)
      }
      guard !pieces.isEmpty else { return }
      for piece in pieces {
        let failure = Self.put(piece, to: descriptor)
        let isNews = state.withLock { state in
          state.byteCount -= piece.readableBytes
          defer { state.failure = failure }
          return failure != nil && state.failure?.code != failure?.code
        }
        if isNews, let failure { reportFailure(failure) }
        if failure != nil {
          let lines = piece.readableBytesView.count { $0 == UInt8(ascii: "\n") }
          dropped.add(lines, ordering: .relaxed)
        }
      }
    }
  }

  /// - Returns: why it could not be written, nil where it was.
  private static func put(_ piece: ByteBuffer, to descriptor: Int32) -> SystemError? {
    var rest = piece
    while rest.readableBytes > 0 {
      let count = unsafe rest.withUnsafeReadableBytes { unsafe Glibc.write(descriptor, $0.baseAddress!, $0.count) }
      if count < 0 && (errno == EINTR || errno == EAGAIN) {
        if errno == EAGAIN { usleep(10_000) }
        continue
      }
      guard count > 0 else { return SystemError(count < 0 ? errno : EIO) }
      rest.moveReaderIndex(forwardBy: count)
    }
    return nil
  }
}
