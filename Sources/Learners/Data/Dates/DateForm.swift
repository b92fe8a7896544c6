/// How the dates of a column are written.
public enum DateForm: String, Sendable, Hashable, Codable {
  /// ISO 8601, or with the name of the month: the cell says which number is what.
  case plain
  case dayFirst = "day first"
  case monthFirst = "month first"
  /// Whole numbers, counted from 1970-01-01T00:00:00Z.
  case seconds, milliseconds
  /// Whole numbers such as 20240131.
  case digits

  /// For a note, behind "holds dates".
  internal var told: String {
    switch self {
    case .plain: ""
    case .dayFirst: ", the day before the month"
    case .monthFirst: ", the month before the day"
    case .seconds: " in seconds since 1970"
    case .milliseconds: " in milliseconds since 1970"
    case .digits: " written as YYYYMMDD"
    }
  }

  /// Seconds since 1970 of a cell; nil where it is no such date.
  package func moment(_ bytes: Span<UInt8>) -> Double? {
    switch self {
    case .seconds, .milliseconds, .digits:
      guard let number = DecimalNumber(scanning: bytes, in: 0..<bytes.count), number.end == bytes.count else {
        return DateText(bytes).flatMap { $0.isPlain ? $0.dayFirst : nil }
      }
      return moment(number.value)
    case .dayFirst, .plain: return DateText(bytes)?.dayFirst
    case .monthFirst: return DateText(bytes)?.monthFirst
    }
  }

  /// The same for a number.
  package func moment(_ number: Double) -> Double? {
    switch self {
    case .seconds: return abs(number) < 1e11 ? number : nil
    case .milliseconds: return abs(number) < 1e14 ? number / 1000 : nil
    case .digits:
      guard let digits = Int(exactly: number), (10_000_101...99_991_231).contains(digits) else { return nil }
      let days = CivilDate.days(year: digits / 10_000, month: digits / 100 % 100, day: digits % 100)
      return days.map { Double($0) * 86_400 }
    case .plain, .dayFirst, .monthFirst: return nil
    }
  }

  /// The form of whole numbers that are dates if they are meant to be: nil where any of them cannot be one.
  internal init?(of numbers: [Double]) {
    var range = (least: Double.infinity, most: -Double.infinity)
    var areDigits = true
    for number in numbers where !number.isNaN {
      guard number.rounded() == number else { return nil }
      range = (min(range.least, number), max(range.most, number))
      if areDigits { areDigits = number >= 18_000_101 && number <= 22_001_231 && Self.digits.moment(number) != nil }
    }
    guard range.least <= range.most else { return nil }
    // From 1980 to 2100.
    if areDigits {
      self = .digits
    } else if range.least >= 315_532_800 && range.most < 4_102_444_800 {
      self = .seconds
    } else if range.least >= 315_532_800_000 && range.most < 4_102_444_800_000 {
      self = .milliseconds
    } else {
      return nil
    }
  }
}
