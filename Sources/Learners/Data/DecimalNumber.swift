/// A number in decimal or scientific notation, as files hold it: `-12`, `+0.5`, `.5`, `1.`, `6.02e23`.
///
/// The value is the nearest double, ties to even, always. Nearly all numbers have at most 19 significant digits, so
/// that they are an integer w < 2⁶⁴ times a power of ten 10^q:
///  1. w ≤ 2⁵³ and |q| ≤ 22: both factors are doubles without error, one operation rounds once (Clinger, "How to read
///     floating point numbers accurately", PLDI 1990, doi:10.1145/93542.93557);
///  2. |q| ≤ 27: 5^|q| < 2⁶⁴, so one 64 x 64 bit product or one 128 / 64 bit quotient with its remainder is exact
///     (`scaled`);
///  3. anything else: the standard library's reader.
package struct DecimalNumber: Equatable {
  package enum Form: UInt8 {
    /// Digits only, and the double holds every one of them.
    case integer
    /// Digits only, but the double is rounded.
    case longInteger
    /// With a point or an exponent.
    case fraction
  }

  /// Infinite where the number is beyond the range of a double.
  package let value: Double
  package let form: Form
  /// A point stands without a digit behind it.
  package let hasBarePoint: Bool
  /// Index of the first byte after the number.
  package let end: Int

  /// Reads the longest number that begins with the first byte of `range`; nil where there is none.
  @inline(__always)
  package init?(scanning bytes: Span<UInt8>, in range: Range<Int>) {
    var position = range.lowerBound
    let limit = range.upperBound
    guard position < limit else { return nil }
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative || bytes[position] == UInt8(ascii: "+") { position += 1 }

    var mantissa: UInt64 = 0
    let start = position
    position = Self.scanDigits(bytes, from: position, to: limit, into: &mantissa)
    var digitCount = position - start
    var exponent = 0
    var form = Form.integer
    var hasBarePoint = false
    if position < limit && bytes[position] == UInt8(ascii: ".") {
      let afterPoint = position + 1
      let digitsEnd = Self.scanDigits(bytes, from: afterPoint, to: limit, into: &mantissa)
      digitCount += digitsEnd - afterPoint
      exponent = afterPoint - digitsEnd
      hasBarePoint = digitsEnd == afterPoint
      position = digitsEnd
      form = .fraction
    }
    guard digitCount > 0 else { return nil }
    let digits = start..<position
    if position < limit && bytes[position] | 0x20 == UInt8(ascii: "e"),
      let power = Self.scanExponent(bytes, from: position + 1, to: limit)
    {
      exponent += power.value
      position = power.end
      form = .fraction
    }

    let magnitude: Double
    if digitCount <= 19 || Self.significantCount(bytes, digits) <= 19 {
      magnitude = Self.scaled(mantissa, exponent)
      if form == .integer && mantissa > 1 << 53 && Double(exactly: mantissa) == nil { form = .longInteger }
    } else {
      magnitude = Self.parseSlowly(bytes, digits, exponent: exponent)
      if form == .integer { form = .longInteger }
    }
    value = isNegative ? -magnitude : magnitude
    self.form = form
    self.hasBarePoint = hasBarePoint
    end = position
  }
}

extension DecimalNumber {
  /// Appends the decimal digits from `start` on to `mantissa`, modulo 2⁶⁴. Returns where they end.
  ///
  /// Eight bytes at a time: those before the first that is no digit are moved to the high end of the word, which puts
  /// zeros before them, and three multiplications add up pairs, fours and eights of digits.
  @inline(__always)
  private static func scanDigits(
    _ bytes: Span<UInt8>, from start: Int, to limit: Int, into mantissa: inout UInt64
  ) -> Int {
    var position = start
    while limit - position >= 8 {
      let word = unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
      let offset = word ^ 0x3030_3030_3030_3030
      // The high bit of a byte's upper half is set where offset > 9.
      let others = (offset | ((offset & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
      let count = others.trailingZeroBitCount >> 3
      if count == 0 { return position }
      mantissa = mantissa &* powersOfTen[count] &+ sum(ofDigits: offset &<< UInt64(64 &- 8 &* count))
      position += count
      if count < 8 { return position }
    }
    while position < limit {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      position += 1
    }
    return position
  }

  /// The number that eight digits make, one a byte, the first in the lowest byte.
  @inline(__always)
  private static func sum(ofDigits digits: UInt64) -> UInt64 {
    let pairs = ((digits &* (10 << 8 + 1)) &>> 8) & 0x00ff_00ff_00ff_00ff
    let fours = ((pairs &* (100 << 16 + 1)) &>> 16) & 0x0000_ffff_0000_ffff
    return (fours &* (10_000 << 32 + 1)) &>> 32
  }

  /// Sign and digits after an `e`; nil where there are no digits. Far beyond the range of a double it stops to count.
  private static func scanExponent(_ bytes: Span<UInt8>, from start: Int, to limit: Int) -> (value: Int, end: Int)? {
    var position = start
    guard position < limit else { return nil }
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative || bytes[position] == UInt8(ascii: "+") { position += 1 }
    let firstDigit = position
    var value = 0
    while position < limit {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if value < 1 << 50 { value = value * 10 + Int(digit) }
      position += 1
    }
    return position == firstDigit ? nil : (isNegative ? -value : value, position)
  }

  /// Digits without the zeros that lead.
  private static func significantCount(_ bytes: Span<UInt8>, _ digits: Range<Int>) -> Int {
    var count = 0
    for index in digits where bytes[index] != UInt8(ascii: ".") {
      if count > 0 || bytes[index] != UInt8(ascii: "0") { count += 1 }
    }
    return count
  }

  /// w 10^q, rounded once.
  @inline(__always)
  private static func scaled(_ w: UInt64, _ q: Int) -> Double {
    if w <= 1 << 53 && q >= -22 && q <= 22 {
      return q < 0 ? Double(w) / exactPowersOfTen[-q] : Double(w) * exactPowersOfTen[q]
    }
    return q >= -27 && q <= 27 ? scaledExactly(w, q) : parseSlowly(w, q)
  }

  /// w 5^q 2^q by integers for |q| ≤ 27 and w > 0. Of product or quotient at least 63 bits are kept, and the last one
  /// is set where anything was cut off: the conversion to 53 bits then rounds as the whole would.
  private static func scaledExactly(_ w: UInt64, _ q: Int) -> Double {
    guard w > 0 else { return 0 }
    let shift = w.leadingZeroBitCount
    if q < 0 {
      let divisor = powersOfFive[-q]
      let divisorShift = divisor.leadingZeroBitCount
      let dividend = w << shift
      // The high word is below 2⁶³ and the divisor is not: the quotient fits.
      let (quotient, remainder) = (divisor << divisorShift).dividingFullWidth((dividend >> 1, dividend << 63))
      return Double(quotient | (remainder == 0 ? 0 : 1)) * powerOfTwo(divisorShift - shift - 63 + q)
    }
    let (high, low) = w.multipliedFullWidth(by: powersOfFive[q])
    guard high > 0 else { return Double(low) * powerOfTwo(q) }
    let free = high.leadingZeroBitCount
    let top = free == 0 ? high : high << free | low >> (64 - free)
    return Double(top | (low << free == 0 ? 0 : 1)) * powerOfTwo(64 - free + q)
  }

  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(bitPattern: UInt64(1023 + exponent) << 52)
  }

  private static func parseSlowly(_ w: UInt64, _ q: Int) -> Double {
    w == 0 ? 0 : Double("\(w)e\(q)")!
  }

  /// For more than 19 significant digits. 767 decide any double; of what comes after 800 it only matters whether it is
  /// nothing.
  @inline(never)
  private static func parseSlowly(_ bytes: Span<UInt8>, _ digits: Range<Int>, exponent: Int) -> Double {
    var kept: [UInt8] = []
    var dropped = 0
    var dropsMore = false
    for index in digits where bytes[index] != UInt8(ascii: ".") {
      if kept.isEmpty && bytes[index] == UInt8(ascii: "0") { continue }
      if kept.count < 800 { kept.append(bytes[index]); continue }
      dropped += 1
      dropsMore = dropsMore || bytes[index] != UInt8(ascii: "0")
    }
    if dropsMore {
      kept.append(UInt8(ascii: "1"))
      dropped -= 1
    }
    return Double("\(String(decoding: kept, as: UTF8.self))e\(exponent + dropped)")!
  }
}

/// 10⁰ … 10⁸.
private let powersOfTen: [UInt64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

/// 10⁰ … 10²²: those that a double holds without error.
private let exactPowersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]

/// 5⁰ … 5²⁷: those below 2⁶⁴.
private let powersOfFive: [UInt64] = [
  1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625, 1_220_703_125,
  6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625, 19_073_486_328_125,
  95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625, 11_920_928_955_078_125, 59_604_644_775_390_625,
  298_023_223_876_953_125, 1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
]
