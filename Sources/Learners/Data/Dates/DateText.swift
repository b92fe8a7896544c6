/// A moment as a cell of a table writes it.
///
/// Read are `2024-01-31`, `2024/1/31`, `20240131T1200Z`, `31.1.2024`, `31/1/2024` and `1/31/2024`, `31-Jan-2024`,
/// `31 January 2024`, `Jan 31, 2024` and `Wed, 31 Jan 2024`, each with or without a time (`12:30`, `T12:30:00.5`,
/// `12:30 PM`) and a zone (`Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02`). Without a zone a time is UTC. Years have four digits.
internal struct DateText {
  /// Seconds since 1970-01-01T00:00:00Z if the day comes before the month; nil where that is no date.
  private(set) var dayFirst: Double?
  /// The same if the month comes before the day.
  private(set) var monthFirst: Double?
  /// Whether day and month cannot be confused, because their places or a name tell which is which.
  private(set) var isPlain = false

  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= 8 && bytes.count <= 64 else { return nil }
    if let seconds = PlainMoment(bytes)?.secondsSince1970 {
      (dayFirst, monthFirst, isPlain) = (seconds, seconds, true)
      return
    }
    guard Self.hasDigits(bytes) else { return nil }
    var reader = DateReader(end: bytes.count)
    reader.skipSpaces(bytes)
    guard let (first, second) = date(bytes, &reader), let seconds = reader.timeAndZone(bytes) else { return nil }
    dayFirst = first.map { Double($0) * 86_400 + seconds }
    monthFirst = second.map { Double($0) * 86_400 + seconds }
    if dayFirst == nil && monthFirst == nil { return nil }
  }

  /// Whether there are enough digits for a year and a day: most texts are refused here.
  private static func hasDigits(_ bytes: Span<UInt8>) -> Bool {
    var count = 0
    for index in 0..<bytes.count where bytes[index] &- UInt8(ascii: "0") < 10 { count += 1 }
    return count >= 5
  }

  /// Days since 1970 with the day first and with the month first.
  private mutating func date(_ bytes: Span<UInt8>, _ reader: inout DateReader) -> (Int?, Int?)? {
    if reader.isAtLetter(bytes) { return named(bytes, &reader) }
    let start = reader
    guard let (first, width) = reader.number(bytes) else { return nil }
    if width == 8 {
      guard reader.isAt(UInt8(ascii: "T"), bytes) else { return nil }
      return plain(CivilDate.days(year: first / 10_000, month: first / 100 % 100, day: first % 100))
    }
    guard width == 4 || width <= 2, let mark = reader.dateMark(bytes) else { return nil }
    if width <= 2 && (mark == UInt8(ascii: " ") || reader.isAtLetter(bytes)) {
      reader = start
      return named(bytes, &reader)
    }
    guard let (second, secondWidth) = reader.number(bytes), secondWidth <= 2, reader.take(mark, bytes),
      let (third, thirdWidth) = reader.number(bytes)
    else { return nil }
    if width == 4 {
      return thirdWidth <= 2 ? plain(CivilDate.days(year: first, month: second, day: third)) : nil
    }
    guard thirdWidth == 4 else { return nil }
    let dayFirst = CivilDate.days(year: third, month: second, day: first)
    // With points the day comes first wherever they are written.
    if mark == UInt8(ascii: ".") { return plain(dayFirst) }
    let monthFirst = CivilDate.days(year: third, month: first, day: second)
    isPlain = dayFirst != nil && dayFirst == monthFirst
    return (dayFirst, monthFirst)
  }

  /// A date with the name of a month: `31 Jan 2024`, `Jan 31, 2024`, either with the name of a weekday before it.
  private mutating func named(_ bytes: Span<UInt8>, _ reader: inout DateReader) -> (Int?, Int?)? {
    var month: Int?
    if reader.isAtLetter(bytes), let word = reader.word(bytes) {
      month = DateReader.month(word)
      if month == nil {
        guard DateReader.isWeekday(word) else { return nil }
        reader.skipMarks(bytes)
        if reader.isAtLetter(bytes) {
          guard let found = reader.word(bytes).flatMap(DateReader.month) else { return nil }
          month = found
        }
      }
      reader.skipMarks(bytes)
    }
    guard let (day, width) = reader.number(bytes), width <= 2 else { return nil }
    reader.skipMarks(bytes)
    if month == nil {
      month = reader.word(bytes).flatMap(DateReader.month)
      reader.skipMarks(bytes)
    }
    guard let month, let (year, yearWidth) = reader.number(bytes), yearWidth == 4 else { return nil }
    return plain(CivilDate.days(year: year, month: month, day: day))
  }

  private mutating func plain(_ days: Int?) -> (Int?, Int?)? {
    isPlain = true
    return days.map { ($0, $0) }
  }
}
