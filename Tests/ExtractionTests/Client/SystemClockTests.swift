import Extraction
import Repositories
import Synchronization
import Testing

@Suite struct SystemClockTests {
  /// The time of day is asked once: a clock that is set back by an hour stops nothing for an hour.
  @Test func timeGoesOnWhateverTheClockIsSetTo() {
    let passed = Mutex(500.0)
    let asked = Mutex(0)
    let clock = SystemClock(
      speed: 2,
      timeOfDay: {
        asked.withLock { $0 += 1 }
        return 1_800_000_000
      }, passing: { passed.withLock { $0 } })
    #expect(clock.now.secondsSince1970 == 1_800_000_000)
    passed.withLock { $0 += 10 }
    #expect(clock.now.secondsSince1970 == 1_800_000_020)
    #expect(asked.withLock { $0 } == 1)
    let real = SystemClock()
    #expect(abs(real.now.secondsSince1970 - SystemClock().now.secondsSince1970) < 5)
  }
}
