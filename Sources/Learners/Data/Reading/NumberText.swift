/// A number as people and spreadsheets write it: `1,234.50`, `1.234,5`, `65 %`, `€ 12`, `−3`, `(250)`.
///
/// Read are: a sign (also `−` and `–`), one currency or a percent sign before or behind, parentheses around for negative
/// numbers, and between the digits separators of thousands (`,` or `.`, spaces, `'`; groups of three, in India of two
/// and a last of three) and a decimal mark. Percent and currency signs are units: the number is what is written.
/// What is a decimal mark and what a separator is told apart where the digits allow it; where both ways are possible, there
/// are two values, and other cells of the column have to decide.
internal struct NumberText {
  /// With a point before the decimals; nil where it cannot be read so.
  private(set) var point: Double?
  /// With a comma before the decimals.
  private(set) var comma: Double?
  private(set) var hasPercent = false
  /// The sign or code of a currency, by its place in the list of them.
  private(set) var currency: UInt8?
  private(set) var hasGroups = false
  /// A minus that is no ASCII, or parentheses.
  private(set) var hasUnusualMinus = false
  /// Whether there is a decimal mark or an exponent.
  private(set) var isFraction = false
  /// Digits only, and a double does not hold all of them.
  private(set) var isLongInteger = false

  /// Whether the decimal mark decides what the number is, and which it has to be; nil where either will do.
  var onlyMark: DecimalMark? { comma == nil ? .point : point == nil ? .comma : nil }
  var isAmbiguous: Bool { point != nil && comma != nil && point != comma }

  func value(_ mark: DecimalMark) -> Double? { mark == .point ? point : comma }

  init?(_ bytes: Span<UInt8>) {
    var body = 0..<bytes.count
    guard let isNegative = trim(bytes, &body), !body.isEmpty else { return nil }
    let first = bytes[body.lowerBound]
    guard first &- UInt8(ascii: "0") < 10 || first == UInt8(ascii: ".") || first == UInt8(ascii: ","),
      Self.mayBeNumber(bytes, body)
    else { return nil }
    point = read(bytes, body, isNegative, decimal: UInt8(ascii: "."), group: UInt8(ascii: ","))
    comma = read(bytes, body, isNegative, decimal: UInt8(ascii: ","), group: UInt8(ascii: "."))
    if point == nil && comma == nil { return nil }
  }
}

extension NumberText {
  /// Takes off spaces, signs and units. Returns whether the number is negative; nil for what cannot be one.
  private mutating func trim(_ bytes: Span<UInt8>, _ body: inout Range<Int>) -> Bool? {
    Self.trimSpaces(bytes, &body)
    guard let first = body.first.map({ bytes[$0] }), Self.mayBegin(first), Self.hasDigit(bytes, body) else {
      return nil
    }
    var signs = 0
    var isNegative = false
    while let byte = body.isEmpty ? nil : bytes[body.lowerBound] {
      if body.count > 2, byte == UInt8(ascii: "("), bytes[body.upperBound - 1] == UInt8(ascii: ")") {
        body = body.lowerBound + 1..<body.upperBound - 1
        (isNegative, hasUnusualMinus) = (true, true)
      } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
        isNegative = isNegative || byte == UInt8(ascii: "-")
        body = body.dropFirst()
      } else if byte >= 0x80 && (Self.starts(bytes, body, "−") || Self.starts(bytes, body, "–")) {
        (isNegative, hasUnusualMinus) = (true, true)
        body = body.dropFirst(3)
      } else {
        guard currency == nil, Self.mayBeginCurrency(byte),
          let unit = Self.currencies.firstIndex(where: { Self.starts(bytes, body, $0) })
        else { break }
        currency = UInt8(unit)
        body = body.dropFirst(Self.currencies[unit].utf8CodeUnitCount)
        Self.trimSpaces(bytes, &body)
        continue
      }
      signs += 1
      if signs > 1 { return nil }
      Self.trimSpaces(bytes, &body)
    }
    if let last = body.isEmpty ? nil : bytes[body.upperBound - 1], last == UInt8(ascii: "%") {
      hasPercent = true
      body = body.dropLast()
    } else if currency == nil, let last = body.last.map({ bytes[$0] }), Self.mayEndCurrency(last),
      let unit = Self.currencies.firstIndex(where: { Self.ends(bytes, body, $0) })
    {
      currency = UInt8(unit)
      body = body.dropLast(Self.currencies[unit].utf8CodeUnitCount)
    }
    Self.trimSpaces(bytes, &body)
    return hasPercent && currency != nil ? nil : isNegative
  }

  private static let currencies: [StaticString] = [
    "US$", "CA$", "AU$", "NZ$", "HK$", "R$", "A$", "C$", "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₪", "₫", "₴", "฿",
    "USD",
    "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "CNY", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL",
    "MXN",
    "ZAR", "TRY", "RUB", "KRW", "SGD", "HKD", "kr",
  ]

  /// Whether a number may begin with this byte.
  private static func mayBegin(_ byte: UInt8) -> Bool { byte < UInt8(ascii: ":") || mayBeginCurrency(byte) }

  private static func hasDigit(_ bytes: Span<UInt8>, _ body: Range<Int>) -> Bool {
    for index in body where bytes[index] &- UInt8(ascii: "0") < 10 { return true }
    return false
  }

  /// Whether there is no byte that no number has: most texts are refused here.
  private static func mayBeNumber(_ bytes: Span<UInt8>, _ body: Range<Int>) -> Bool {
    for index in body {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "'"),
        UInt8(ascii: " "), UInt8(ascii: "e"), UInt8(ascii: "E"), 0x80...:
        continue
      case UInt8(ascii: "-"), UInt8(ascii: "+"):
        guard index > body.lowerBound, bytes[index - 1] | 0x20 == UInt8(ascii: "e") else { return false }
      default: return false
      }
    }
    return true
  }

  /// Whether a currency may end with this byte.
  private static func mayEndCurrency(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "r") || "DRPFYKNLBC".utf8.contains(byte)
  }

  /// Whether a currency may begin with this byte.
  private static func mayBeginCurrency(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "k") || byte &- UInt8(ascii: "A") < 26
  }

  /// The number in the body, all of it; nil where it cannot be read with these marks.
  private mutating func read(
    _ bytes: Span<UInt8>, _ body: Range<Int>, _ isNegative: Bool, decimal: UInt8, group: UInt8
  ) -> Double? {
    var digits: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    var position = body.lowerBound
    var groups: [Int] = []
    var separator: Int?
    while true {
      let start = position
      while position < body.upperBound, bytes[position] &- UInt8(ascii: "0") < 10 {
        digits.append(bytes[position])
        position += 1
      }
      groups.append(position - start)
      guard let mark = Self.separator(bytes, position..<body.upperBound, group),
        separator == nil || separator == mark.kind
      else { break }
      separator = mark.kind
      position += mark.count
    }
    if groups.count > 1 && !Self.areThousands(groups, isZero: bytes[body.lowerBound] == UInt8(ascii: "0")) {
      return nil
    }
    var isFraction = false
    if position < body.upperBound, bytes[position] == decimal {
      isFraction = true
      digits.append(UInt8(ascii: "."))
      position += 1
      while position < body.upperBound, bytes[position] &- UInt8(ascii: "0") < 10 {
        digits.append(bytes[position])
        position += 1
      }
    }
    if groups.count == 1, position < body.upperBound, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isFraction = true
      for index in position..<body.upperBound { digits.append(bytes[index]) }
      position = body.upperBound
    }
    guard position == body.upperBound,
      let number = DecimalNumber(scanning: digits.span, in: 0..<digits.count), number.end == digits.count
    else { return nil }
    hasGroups = hasGroups || groups.count > 1
    self.isFraction = self.isFraction || isFraction
    isLongInteger = isLongInteger || number.form == .longInteger
    return number.value
  }

  /// Groups of three digits behind a first of one to three; in India of two digits, and a last one of three.
  private static func areThousands(_ groups: [Int], isZero: Bool) -> Bool {
    guard (1...3).contains(groups[0]), !isZero, groups.last == 3 else { return false }
    let middle = groups.dropFirst().dropLast()
    return middle.allSatisfy { $0 == 3 } || (groups[0] <= 2 && middle.allSatisfy { $0 == 2 })
  }

  /// The separator that comes next with a digit behind it, as a number that tells its kind, and how long it is.
  private static func separator(_ bytes: Span<UInt8>, _ rest: Range<Int>, _ group: UInt8) -> (kind: Int, count: Int)? {
    guard let byte = rest.isEmpty ? nil : bytes[rest.lowerBound] else { return nil }
    var count = 1
    let kind: Int
    if byte == group {
      kind = 0
    } else if byte == UInt8(ascii: "'") {
      kind = 1
    } else if byte == UInt8(ascii: " ") {
      kind = 2
    } else if starts(bytes, rest, "’") {
      (kind, count) = (1, 3)
    } else {
      count = wideSpace(bytes, rest)
      kind = 2
    }
    let next = rest.lowerBound + count
    return count > 0 && next < rest.upperBound && bytes[next] &- UInt8(ascii: "0") < 10 ? (kind, count) : nil
  }

  /// Length of the space beyond ASCII that comes next; 0 where there is none.
  private static func wideSpace(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Int {
    if starts(bytes, rest, "\u{a0}") { return 2 }
    return starts(bytes, rest, "\u{202f}") || starts(bytes, rest, "\u{2009}") ? 3 : 0
  }

  private static func trimSpaces(_ bytes: Span<UInt8>, _ body: inout Range<Int>) {
    while !body.isEmpty {
      let byte = bytes[body.lowerBound]
      let count = byte == UInt8(ascii: " ") || byte == 9 ? 1 : byte < 0x80 ? 0 : wideSpace(bytes, body)
      if count == 0 { break }
      body = body.dropFirst(count)
    }
    while !body.isEmpty {
      let byte = bytes[body.upperBound - 1]
      if byte == UInt8(ascii: " ") || byte == 9 {
        body = body.dropLast()
      } else if byte >= 0x80, ends(bytes, body, "\u{a0}") {
        body = body.dropLast(2)
      } else if byte >= 0x80, ends(bytes, body, "\u{202f}") || ends(bytes, body, "\u{2009}") {
        body = body.dropLast(3)
      } else {
        break
      }
    }
  }

  private static func starts(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard range.count >= count else { return false }
    return word.withUTF8Buffer { letters in
      for offset in 0..<count { if unsafe bytes[range.lowerBound + offset] != letters[offset] { return false } }
      return true
    }
  }

  private static func ends(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count >= word.utf8CodeUnitCount else { return false }
    return starts(bytes, range.upperBound - word.utf8CodeUnitCount..<range.upperBound, word)
  }
}
