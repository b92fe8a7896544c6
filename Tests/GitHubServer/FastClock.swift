/// The server's time, which may run faster than the real one, so that a window of an hour can be seen in a test.
///
/// All that the server says about time is in this clock: `Date`, `x-ratelimit-reset`, `retry-after`.
package struct FastClock: Sendable {
  package let scale: Double
  private let start = ContinuousClock.now
  private let epoch: Double

  /// - Parameters:
  ///   - scale: seconds here for each real second.
  ///   - epoch: seconds since 1970 at the start.
  package init(scale: Double, epoch: Double) {
    precondition(scale > 0 && scale.isFinite, "FastClock: scale \(scale)")
    self.scale = scale
    self.epoch = epoch
  }

  /// Seconds since 1970.
  package var now: Double { epoch + (.now - start) / .seconds(1) * scale }
}
