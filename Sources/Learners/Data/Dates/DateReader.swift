/// Takes the parts of a date from the front of a text.
internal struct DateReader {
  private var position = 0
  private let end: Int

  init(end: Int) { self.end = end }

  func isAt(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool { position < end && bytes[position] == byte }

  func isAtLetter(_ bytes: Span<UInt8>) -> Bool {
    position < end && (bytes[position] | 0x20) &- UInt8(ascii: "a") < 26
  }

  private func isAtDigit(_ bytes: Span<UInt8>) -> Bool { position < end && bytes[position] &- UInt8(ascii: "0") < 10 }

  mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard isAt(byte, bytes) else { return false }
    position += 1
    return true
  }

  mutating func skipSpaces(_ bytes: Span<UInt8>) {
    while isAt(UInt8(ascii: " "), bytes) || isAt(9, bytes) { position += 1 }
  }

  /// Steps over what may stand between a day, the name of its month and a year.
  mutating func skipMarks(_ bytes: Span<UInt8>) {
    while isAt(UInt8(ascii: " "), bytes) || isAt(UInt8(ascii: ","), bytes) || isAt(UInt8(ascii: "."), bytes)
      || isAt(UInt8(ascii: "-"), bytes) || isAt(UInt8(ascii: "/"), bytes)
    {
      position += 1
    }
  }

  /// The mark between the numbers of a date.
  mutating func dateMark(_ bytes: Span<UInt8>) -> UInt8? {
    for mark in [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: " ")] where take(mark, bytes) {
      return mark
    }
    return nil
  }

  /// A whole number of at most eight digits.
  mutating func number(_ bytes: Span<UInt8>) -> (value: Int, width: Int)? {
    let start = position
    var value = 0
    while isAtDigit(bytes) && position - start < 9 {
      value = 10 * value + Int(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    let width = position - start
    return width == 0 || width > 8 ? nil : (value, width)
  }

  /// A word of letters in lower case, at most nine of them.
  mutating func word(_ bytes: Span<UInt8>) -> String? {
    var letters: [UInt8] = []
    while isAtLetter(bytes) {
      letters.append(bytes[position] | 0x20)
      position += 1
      if letters.count > 9 { return nil }
    }
    return letters.isEmpty ? nil : String(decoding: letters, as: UTF8.self)
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]
  private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  static func month(_ word: String) -> Int? {
    if word == "sept" { return 9 }
    return months.firstIndex { $0 == word || $0.prefix(3) == word }.map { $0 + 1 }
  }

  static func isWeekday(_ word: String) -> Bool {
    weekdays.contains { $0 == word || (word.utf8.count >= 3 && $0.hasPrefix(word)) }
  }
}

extension DateReader {
  /// Seconds since midnight in UTC of what follows a date, which may be nothing; nil where it is no time.
  mutating func timeAndZone(_ bytes: Span<UInt8>) -> Double? {
    var seconds = 0.0
    let isMarked = take(UInt8(ascii: "T"), bytes) || take(UInt8(ascii: "t"), bytes)
    if !isMarked {
      _ = take(UInt8(ascii: ","), bytes)
      skipSpaces(bytes)
    }
    if isMarked || isAtDigit(bytes) {
      guard let time = time(bytes) else { return nil }
      seconds = time
      skipSpaces(bytes)
      guard let offset = zone(bytes) else { return nil }
      seconds -= Double(offset)
    } else if take(UInt8(ascii: "Z"), bytes) || take(UInt8(ascii: "z"), bytes) {
      // xsd:date allows a zone behind a day.
    }
    skipSpaces(bytes)
    return position == end ? seconds : nil
  }

  /// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.fraction`, `hhmm`, `hhmmss`, `hh`, each with AM or PM or without.
  private mutating func time(_ bytes: Span<UInt8>) -> Double? {
    guard let (first, width) = number(bytes) else { return nil }
    var hour = first
    var minute = 0
    var second = 0.0
    switch width {
    case 4: (hour, minute) = (hour / 100, hour % 100)
    case 6: (hour, minute, second) = (hour / 10_000, hour / 100 % 100, Double(hour % 100))
    case 1, 2:
      if take(UInt8(ascii: ":"), bytes) {
        guard let (value, width) = number(bytes), width == 2 else { return nil }
        minute = value
        if take(UInt8(ascii: ":"), bytes) {
          guard let (value, width) = number(bytes), width == 2 else { return nil }
          second = Double(value)
        }
      }
    default: return nil
    }
    if take(UInt8(ascii: "."), bytes) || take(UInt8(ascii: ","), bytes) {
      guard let fraction = fraction(bytes) else { return nil }
      second += fraction
    }
    guard twelveHours(bytes, &hour) else { return nil }
    // 24:00 is the end of a day, 60 a leap second.
    guard hour < 24 || (hour == 24 && minute == 0 && second == 0), minute < 60, second < 61 else { return nil }
    return Double(hour * 3600 + minute * 60) + second
  }

  private mutating func fraction(_ bytes: Span<UInt8>) -> Double? {
    var (value, scale) = (0.0, 1.0)
    guard isAtDigit(bytes) else { return nil }
    while isAtDigit(bytes) {
      if scale < 1e9 {
        value = 10 * value + Double(bytes[position] - UInt8(ascii: "0"))
        scale *= 10
      }
      position += 1
    }
    return value / scale
  }

  /// Reads AM or PM where it is there. Returns false for an hour that it does not allow.
  private mutating func twelveHours(_ bytes: Span<UInt8>, _ hour: inout Int) -> Bool {
    let start = position
    skipSpaces(bytes)
    guard end - position >= 2, bytes[position + 1] | 0x20 == UInt8(ascii: "m") else { position = start; return true }
    let half = bytes[position] | 0x20
    guard half == UInt8(ascii: "a") || half == UInt8(ascii: "p") else { position = start; return true }
    guard (1...12).contains(hour) else { return false }
    position += 2
    hour = hour % 12 + (half == UInt8(ascii: "p") ? 12 : 0)
    return true
  }

  /// Seconds east of UTC; 0 where nothing follows.
  private mutating func zone(_ bytes: Span<UInt8>) -> Int? {
    if position == end || take(UInt8(ascii: "Z"), bytes) || take(UInt8(ascii: "z"), bytes) { return 0 }
    if isAtLetter(bytes) {
      guard let word = word(bytes), word == "utc" || word == "gmt" else { return nil }
      if position == end { return 0 }
    }
    let sign = take(UInt8(ascii: "+"), bytes) ? 1 : take(UInt8(ascii: "-"), bytes) ? -1 : 0
    guard sign != 0, let (first, width) = number(bytes) else { return nil }
    var (hours, minutes) = (first, 0)
    if width == 4 {
      (hours, minutes) = (first / 100, first % 100)
    } else {
      guard width <= 2 else { return nil }
      if take(UInt8(ascii: ":"), bytes) {
        guard let (value, width) = number(bytes), width == 2 else { return nil }
        minutes = value
      }
    }
    return hours <= 18 && minutes < 60 ? sign * (hours * 3600 + minutes * 60) : nil
  }
}
