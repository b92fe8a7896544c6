internal import Glibc
public import Repositories

/// The time of day, and waiting. Tests have one of their own that need not wait.
public protocol WallClock: Sendable {
  var now: Timestamp { get }
  /// Returns when `seconds` have passed.
  func sleep(seconds: Double)
  /// How far apart two moments may seem that are the same: more than 0 on a clock that runs fast.
  var isSimulated: Bool { get }
}

/// The time of day when the program began, and the time that has passed since: a clock that is set back or forward meanwhile
/// changes neither waiting nor dates. It may run `speed` times as fast, which only a test server keeps up with.
public struct SystemClock: WallClock {
  private let speed: Double
  private let start: Double
  private let startOfPassing: Double
  private let passing: @Sendable () -> Double

  /// Traps unless `speed` is a positive number.
  public init(speed: Double = 1) { self.init(speed: speed, timeOfDay: timeOfDay, passing: passingSeconds) }

  /// - Parameters:
  ///   - timeOfDay: seconds since 1970; asked once.
  ///   - passing: seconds since whatever moment, which nobody can set.
  package init(speed: Double, timeOfDay: () -> Double, passing: @escaping @Sendable () -> Double) {
    precondition(speed > 0 && speed.isFinite, "SystemClock: a speed of \(speed)")
    self.speed = speed
    start = timeOfDay()
    startOfPassing = passing()
    self.passing = passing
  }

  public var isSimulated: Bool { speed != 1 }

  public var now: Timestamp { Timestamp(secondsSince1970: start + (passing() - startOfPassing) * speed) }

  public func sleep(seconds: Double) {
    guard seconds > 0 else { return }
    let real = min(seconds / speed, 1e9)
    var rest = timespec(tv_sec: Int(real), tv_nsec: Int((real - real.rounded(.down)) * 1e9))
    var left = timespec()
    while unsafe nanosleep(&rest, &left) != 0 && errno == EINTR { rest = left }
  }
}

private func timeOfDay() -> Double { seconds(CLOCK_REALTIME) }

/// Counts while the machine sleeps, too.
private func passingSeconds() -> Double { seconds(CLOCK_BOOTTIME) }

private func seconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
