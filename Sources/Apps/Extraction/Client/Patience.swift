internal import Linalg
package import Repositories

/// Why a request has to be sent again.
package enum RequestFault: Sendable, Equatable {
  /// It passes by itself.
  case passing
  /// GitHub wants nobody to come before; where it does not say when, in a minute or longer.
  case limited(seconds: Double?)
  /// The answer is cut short or not what GitHub documents.
  case damaged
  /// GitHub's search ran out of time.
  case incomplete
}

/// How long to wait after one more fault of the same request, and when to stop trying.
package struct Patience {
  /// An answer that makes no sense will make none the next time.
  private static let damagedTries = 6
  private static let incompleteTries = 5

  private let giveUpAfter: Double
  private var random: RandomStream
  private var firstFault: Timestamp?
  private var failures = 0
  private var unsaidLimits = 0
  private var damaged = 0
  private var incomplete = 0

  /// - Parameter request: counts requests, so that each has a jitter of its own.
  package init(giveUpAfter: Double, seed: UInt64, request: Int) {
    self.giveUpAfter = giveUpAfter
    random = RandomStream(seed: seed, purpose: RandomPurpose("extraction.jitter"), index: UInt64(request))
  }

  /// Seconds to wait; nil where trying again is of no use.
  ///
  /// Back-off is exponential with jitter, so that many clients do not come back at once: 1, 2, 4, … up to 60 seconds,
  /// times 0.5 to 1.5. A limit lasts as long as GitHub says, or 1, 2, 4, … minutes; jitter only adds to it.
  package mutating func wait(after fault: RequestFault) -> Double? {
    switch fault {
    case .limited(let seconds?): return seconds + random.uniform()
    case .limited:
      unsaidLimits += 1
      return 60 * power(unsaidLimits - 1) + random.uniform()
    case .damaged:
      damaged += 1
      if damaged >= Self.damagedTries { return nil }
    case .incomplete:
      incomplete += 1
      if incomplete >= Self.incompleteTries { return nil }
    case .passing: break
    }
    failures += 1
    return min(60, power(failures - 1)) * (0.5 + random.uniform())
  }

  /// Whether a wait of `seconds` would end later than anybody wants to wait.
  package mutating func isExhausted(now: Timestamp, wait seconds: Double) -> Bool {
    let start = firstFault ?? now
    firstFault = start
    return now.secondsSince1970 + seconds - start.secondsSince1970 > giveUpAfter
  }
}

private func power(_ exponent: Int) -> Double { Double(1 << min(10, exponent)) }
