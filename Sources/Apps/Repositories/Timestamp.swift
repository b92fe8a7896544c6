/// A moment, as GitHub writes it: "2025-05-15T11:31:28Z".
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public let secondsSince1970: Double

  /// Traps for what is no number and for moments beyond some 30,000 years from 1970.
  public init(secondsSince1970: Double) {
    precondition(abs(secondsSince1970) < 1e12, "Timestamp: \(secondsSince1970) seconds since 1970")
    self.secondsSince1970 = secondsSince1970
  }

  /// Reads an ISO 8601 date and time of the form `YYYY-MM-DDThh:mm:ss[.fraction][Z|±hh:mm|±hhmm]`; nil for anything else.
  ///
  /// Years are 0001 to 9999 of the Gregorian calendar, days must exist in their month, seconds are 00 to 59. A space in
  /// place of the `T` is read too, because exports write it. Without a zone the time is UTC, as all of GitHub's are.
  public init?(iso8601 text: some StringProtocol) {
    var reader = DigitReader(text)
    guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2), reader.take("-"),
      let day = reader.number(digits: 2), let days = daysSince1970(year: year, month: month, day: day),
      reader.take("T") || reader.take("t") || reader.take(" "), let time = reader.timeOfDay(),
      let offset = reader.zone(),
      reader.isAtEnd
    else { return nil }
    secondsSince1970 = Double(days * secondsPerDay - offset) + time
  }

  /// Reads what exports write: the form above, also with “ UTC” or “ GMT” behind it (BigQuery), without seconds, or the
  /// date alone for its first moment.
  internal init?(exported text: String) {
    var text = text[...]
    for zone in [" UTC", " GMT"] where text.hasSuffix(zone) { text = text.dropLast(zone.count) }
    let completions = [10: "T00:00:00Z", 16: ":00Z"]
    if let moment = Timestamp(iso8601: text) {
      self = moment
    } else if let completion = completions[text.utf8.count], let moment = Timestamp(iso8601: text + completion) {
      self = moment
    } else {
      return nil
    }
  }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.secondsSince1970 < b.secondsSince1970 }

  /// Days from an earlier moment to this one, with their fraction.
  public func days(since earlier: Timestamp) -> Double {
    (secondsSince1970 - earlier.secondsSince1970) / Double(secondsPerDay)
  }
}

extension Timestamp: CustomStringConvertible {
  /// The ISO 8601 form in UTC, without the fraction of the second.
  public var description: String {
    let seconds = Int(secondsSince1970.rounded(.down))
    let second = seconds.remainder(dividedBy: secondsPerDay)
    let date = civilDate(daysSince1970: (seconds - second) / secondsPerDay)
    return "\(padded(date.year, to: 4))-\(padded(date.month))-\(padded(date.day))T"
      + "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
  }

  private func padded(_ number: Int, to digits: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

private let secondsPerDay = 86_400
/// Days from 0001-01-01 to 1970-01-01.
private let dayOf1970 = 719_162
private let daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]

private func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

/// Days from 0001-01-01 to the first day of a year ≥ 1.
private func daysBeforeYear(_ year: Int) -> Int {
  let passed = year - 1
  return 365 * passed + passed / 4 - passed / 100 + passed / 400
}

/// Days from 0001-01-01 to the first day of a month.
private func daysBefore(year: Int, month: Int) -> Int {
  daysBeforeYear(year) + daysBeforeMonth[month - 1] + (month > 2 && isLeap(year) ? 1 : 0)
}

/// nil for a date that does not exist.
private func daysSince1970(year: Int, month: Int, day: Int) -> Int? {
  guard year >= 1, (1...12).contains(month) else { return nil }
  let start = daysBefore(year: year, month: month)
  let next = month == 12 ? daysBeforeYear(year + 1) : daysBefore(year: year, month: month + 1)
  guard day >= 1, day <= next - start else { return nil }
  return start + day - 1 - dayOf1970
}

/// The inverse of `daysSince1970`.
private func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
  let days = max(0, days + dayOf1970)
  var year = days / 366 + 1
  while daysBeforeYear(year + 1) <= days { year += 1 }
  var month = 1
  while month < 12 && daysBefore(year: year, month: month + 1) <= days { month += 1 }
  return (year, month, days - daysBefore(year: year, month: month) + 1)
}

extension Int {
  /// The remainder that is never negative.
  fileprivate func remainder(dividedBy divisor: Int) -> Int {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}

/// Takes fixed-width numbers and marks from the front of a text.
private struct DigitReader<Text: StringProtocol> {
  private var rest: Text.UTF8View.Iterator
  private var next: UInt8?

  init(_ text: Text) {
    rest = text.utf8.makeIterator()
    next = rest.next()
  }

  var isAtEnd: Bool { next == nil }

  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard let byte = next, byte == UInt8(ascii: mark) else { return false }
    next = rest.next()
    return true
  }

  mutating func digit() -> Int? {
    guard let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
    next = rest.next()
    return Int(byte - UInt8(ascii: "0"))
  }

  mutating func number(digits: Int) -> Int? {
    var number = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      number = 10 * number + digit
    }
    return number
  }

  /// Seconds since midnight of `hh:mm:ss[.fraction]`. Digits behind the nanosecond are read and have no effect.
  mutating func timeOfDay() -> Double? {
    guard let hour = number(digits: 2), hour < 24, take(":"), let minute = number(digits: 2), minute < 60, take(":"),
      let second = number(digits: 2), second < 60
    else { return nil }
    let whole = Double(hour * 3600 + minute * 60 + second)
    guard take(".") else { return whole }
    guard var nanoseconds = digit() else { return nil }
    var digits = 1
    while let digit = digit() {
      if digits < 9 {
        nanoseconds = 10 * nanoseconds + digit
        digits += 1
      }
    }
    while digits < 9 {
      nanoseconds *= 10
      digits += 1
    }
    return whole + Double(nanoseconds) / 1e9
  }

  /// Seconds east of UTC; 0 at the end of the text.
  mutating func zone() -> Int? {
    if isAtEnd || take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hours = number(digits: 2), hours < 24 else { return nil }
    _ = take(":")
    guard let minutes = number(digits: 2), minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
