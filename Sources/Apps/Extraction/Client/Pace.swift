internal import Repositories

/// Keeps requests to one resource apart, and holds them back where GitHub said that none are left.
internal struct Pace {
  /// Seconds between two requests.
  internal let interval: Double
  /// A simulated clock runs so fast that the time on the way counts: then from answer to request.
  internal let countsFromAnswer: Bool
  private var earliest = Timestamp(secondsSince1970: 0)
  /// As GitHub said last; nil before the first answer.
  internal private(set) var remaining: Int?
  internal private(set) var reset: Timestamp?

  internal init(interval: Double, countsFromAnswer: Bool) {
    self.interval = interval
    self.countsFromAnswer = countsFromAnswer
  }

  /// When the next request may be sent, and, where a limit holds it back, until when.
  internal func next(now: Timestamp) -> (pause: Double, limit: Timestamp?) {
    let pause = max(0, earliest.secondsSince1970 - now.secondsSince1970)
    guard remaining == 0, let reset, reset > now else { return (pause, nil) }
    return (max(pause, reset.secondsSince1970 - now.secondsSince1970), reset)
  }

  internal mutating func sent(at now: Timestamp) { earliest = now.adding(interval) }

  internal mutating func answered(at now: Timestamp, _ answer: Answer?) {
    if countsFromAnswer { earliest = now.adding(interval) }
    guard let answer, let remaining = answer.remaining, let seconds = answer.secondsToReset else { return }
    self.remaining = remaining
    reset = now.adding(seconds + 1)
  }
}

extension Timestamp {
  internal func adding(_ seconds: Double) -> Timestamp {
    Timestamp(secondsSince1970: min(secondsSince1970 + seconds, 9e11))
  }
}
