internal import Glibc

/// Waiting, and how long it took. Tests have one of their own that need not wait.
public protocol DeployClock: Sendable {
  /// Seconds since whatever moment, which nobody can set.
  var seconds: Double { get }
  func sleep(seconds: Double)
}

/// The time that passes, while the machine sleeps, too.
public struct PassingClock: DeployClock {
  public init() {}

  public var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  public func sleep(seconds: Double) {
    guard seconds > 0 else { return }
    var rest = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
    var left = timespec()
    while unsafe nanosleep(&rest, &left) != 0 && errno == EINTR { rest = left }
  }
}
