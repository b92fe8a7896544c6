/// `2024-01-31` or `2024-01-31T12:30:00Z`, which are by far the most frequent ways to write a moment.
///
/// Eight bytes are looked at in one step, since columns have millions of them.
internal struct PlainMoment {
  let year: Int
  let month: Int
  let day: Int
  /// Since the day began.
  let seconds: Int

  /// Nil for what is written in another way, and for days and times that do not exist.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count == 10 || bytes.count == 20 else { return nil }
    let date = Self.load(bytes, 0) ^ Self.word("0000-00-")
    let isDay = bytes.count == 10
    // Of a day alone, the last two bytes stand where the others have day and hour.
    let rest = isDay ? Self.end(bytes) ^ Self.word("00T00:00") : Self.load(bytes, 8) ^ Self.word("00T00:00")
    guard Self.fits(date, marks: 0xff00_00ff_0000_0000), Self.fits(rest, marks: 0x0000_ff00_00ff_0000) else {
      return nil
    }
    year = 100 * Self.pair(date, 0) + Self.pair(date, 2)
    month = Self.pair(date, 5)
    day = Self.pair(rest, 0)
    guard year >= 1, month >= 1, month <= 12, day >= 1,
      day <= 28 || CivilDate.days(year: year, month: month, day: day) != nil
    else { return nil }
    if isDay {
      seconds = 0
      return
    }
    let end = Self.load(bytes, 12) ^ Self.word("0:00:00Z")
    let (hour, minute, second) = (Self.pair(rest, 3), Self.pair(rest, 6), Self.pair(end, 5))
    guard Self.fits(end, marks: 0xff00_00ff_0000_ff00), hour < 24, minute < 60, second < 60 else { return nil }
    seconds = hour * 3600 + minute * 60 + second
  }

  var secondsSince1970: Double {
    Double(CivilDate.days(year: year, month: month, day: day)! * 86_400 + seconds)
  }

  /// Eight bytes, the first one lowest.
  private static func load(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    precondition(offset + 8 <= bytes.count, "PlainMoment: byte \(offset) of \(bytes.count)")
    return unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The last two bytes of a day, with `T00:00` behind them.
  private static func end(_ bytes: Span<UInt8>) -> UInt64 {
    UInt64(bytes[8]) | UInt64(bytes[9]) << 8 | word("00T00:00") & ~0xffff
  }

  /// Whether bytes of `marks` are 0 and the others below 10.
  private static func fits(_ bytes: UInt64, marks: UInt64) -> Bool {
    // Where no byte has a high bit, adding 6 to a digit, or 15 to a mark, carries none into the next byte.
    let digits = bytes &+ (0x0606_0606_0606_0606 & ~marks) &+ (0x0f0f_0f0f_0f0f_0f0f & marks)
    return (bytes | digits) & 0xf0f0_f0f0_f0f0_f0f0 == 0
  }

  private static func pair(_ digits: UInt64, _ index: Int) -> Int {
    Int(digits >> UInt64(8 * index) & 0xff) * 10 + Int(digits >> UInt64(8 * index + 8) & 0xff)
  }

  @inline(__always)
  private static func word(_ text: StaticString) -> UInt64 {
    text.withUTF8Buffer { letters in
      var word: UInt64 = 0
      for index in 0..<8 { word |= unsafe UInt64(letters[index]) << UInt64(8 * index) }
      return word
    }
  }
}
