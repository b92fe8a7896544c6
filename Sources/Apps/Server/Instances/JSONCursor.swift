internal import Learners

/// Why bytes are not the JSON that they have to be.
struct JSONFlaw: Error {
  enum Kind {
    /// It is no JSON at all.
    case syntax
    /// It is JSON, but not of the form or type that is due there.
    case value
    /// There is more of something than may be.
    case excess
  }

  var kind = Kind.syntax
  let what: String
  /// The byte at which it was noticed.
  let offset: Int

  /// - Parameter path: of the value that is wrong, where it is known.
  func problem(at path: String) -> Problem {
    switch kind {
    case .syntax:
      Problem(
        400, "invalid-json", "the body is not JSON: \(what), at byte \(offset)",
        faults: path.isEmpty ? [] : [.init(path: path, detail: what)])
    case .value: path.isEmpty ? Problem(422, "invalid-value", what) : Problem(422, "invalid-value", at: path, what)
    case .excess: path.isEmpty ? Problem(413, "too-large", what) : Problem(413, "too-large", at: path, what)
    }
  }
}

/// Walks through JSON (RFC 8259, strictly) without making anything of it: what is of use is taken where it is met.
///
/// It holds a position only; every method gets the same bytes. The bytes must be UTF-8 throughout.
struct JSONCursor {
  /// Arrays and objects within each other, in what is stepped over.
  static let largestDepth = 32
  /// Bytes of a number: 17 digits decide any double.
  static let longestNumber = 128

  var position = 0
  let end: Int

  init(_ bytes: Span<UInt8>, at position: Int = 0) {
    end = bytes.count
    self.position = position
  }

  @inline(__always)
  mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < end {
      let byte = bytes[position]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
      position += 1
    }
  }

  /// Steps over `byte` if it comes next.
  @inline(__always)
  mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  @inline(__always)
  mutating func expect(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONFlaw) {
    guard take(byte, bytes) else { throw unexpected(bytes, wanted: "“\(Character(Unicode.Scalar(byte)))”") }
  }

  /// After a member or an element: whether another one follows. Steps over `closing` otherwise.
  @inline(__always)
  mutating func hasNext(before closing: UInt8, _ bytes: Span<UInt8>) throws(JSONFlaw) -> Bool {
    skipSpace(bytes)
    if take(UInt8(ascii: ","), bytes) {
      skipSpace(bytes)
      return true
    }
    if take(closing, bytes) { return false }
    throw unexpected(bytes, wanted: "“,” or “\(Character(Unicode.Scalar(closing)))”")
  }

  /// Throws unless only white space is left.
  mutating func expectEnd(_ bytes: Span<UInt8>) throws(JSONFlaw) {
    skipSpace(bytes)
    guard position == end else { throw unexpected(bytes, wanted: "the end") }
  }

  /// The bytes between the quotes of the string that comes next, and whether any is an escape.
  @inline(__always)
  mutating func string(_ bytes: Span<UInt8>) throws(JSONFlaw) -> (range: Range<Int>, hasEscapes: Bool) {
    guard take(UInt8(ascii: "\""), bytes) else { throw unexpected(bytes, wanted: "a text in quotes") }
    let start = position
    var hasEscapes = false
    while position < end {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return (start..<position - 1, hasEscapes) }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        guard position < end else { break }
        position += 1
      } else if byte < 0x20 {
        throw JSONFlaw(what: "a text holds a control character, which has to be an escape", offset: position - 1)
      }
    }
    throw JSONFlaw(what: "a text is not closed", offset: start - 1)
  }

  /// The number that comes next; nil where something else does.
  @inline(__always)
  mutating func number(_ bytes: Span<UInt8>) throws(JSONFlaw) -> Double? {
    guard position < end else { return nil }
    var first = position
    if bytes[first] == UInt8(ascii: "-") { first += 1 }
    guard first < end, bytes[first] &- UInt8(ascii: "0") < 10 else { return nil }
    guard let number = DecimalNumber(scanning: bytes, in: position..<end) else { return nil }
    // A comparison with == would go through a table of functions of the other module.
    let hasFraction = if case .fraction = number.form { true } else { false }
    try checkGrammar(bytes, first..<number.end, hasFraction: hasFraction)
    guard number.value.isFinite else {
      throw JSONFlaw(what: "a number is beyond the range of double precision", offset: position)
    }
    position = number.end
    return number.value
  }

  /// What `DecimalNumber` reads and JSON does not allow: leading zeros, and a point without digits behind it.
  @inline(__always)
  private func checkGrammar(_ bytes: Span<UInt8>, _ range: Range<Int>, hasFraction: Bool) throws(JSONFlaw) {
    let zero = UInt8(ascii: "0")
    if bytes[range.lowerBound] == zero, range.count > 1, bytes[range.lowerBound + 1] &- zero < 10 {
      throw JSONFlaw(what: "a number begins with 0", offset: range.lowerBound)
    }
    guard range.count <= Self.longestNumber else {
      throw JSONFlaw(what: "a number is longer than \(Self.longestNumber) characters", offset: range.lowerBound)
    }
    guard hasFraction else { return }
    for index in range where bytes[index] == UInt8(ascii: ".") {
      guard index + 1 < range.upperBound, bytes[index + 1] &- zero < 10 else {
        throw JSONFlaw(what: "a number ends with its point", offset: index)
      }
    }
  }

  /// Steps over `null`, `true` or `false`, if it comes next.
  @inline(__always)
  mutating func take(word: StaticString, _ bytes: Span<UInt8>) -> Bool {
    let count = word.utf8CodeUnitCount
    guard end - position >= count else { return false }
    let isNext = word.withUTF8Buffer { letters in
      for offset in 0..<count { if unsafe bytes[position + offset] != letters[offset] { return false } }
      return true
    }
    if isNext { position += count }
    return isNext
  }

  /// Steps over a value of any kind.
  mutating func skipValue(_ bytes: Span<UInt8>, depth: Int = 0) throws(JSONFlaw) {
    guard position < end else { throw unexpected(bytes, wanted: "a value") }
    switch bytes[position] {
    case UInt8(ascii: "\""):
      let (range, hasEscapes) = try string(bytes)
      if hasEscapes { _ = try text(bytes, range, hasEscapes: true) }
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try skipContainer(bytes, depth: depth + 1)
    default:
      if take(word: "null", bytes) || take(word: "true", bytes) || take(word: "false", bytes) { return }
      guard try number(bytes) != nil else { throw unexpected(bytes, wanted: "a value") }
    }
  }

  private mutating func skipContainer(_ bytes: Span<UInt8>, depth: Int) throws(JSONFlaw) {
    guard depth <= Self.largestDepth else {
      throw JSONFlaw(what: "values are nested deeper than \(Self.largestDepth)", offset: position)
    }
    let isObject = bytes[position] == UInt8(ascii: "{")
    let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    position += 1
    skipSpace(bytes)
    if take(closing, bytes) { return }
    repeat {
      if isObject { _ = try key(bytes) }
      try skipValue(bytes, depth: depth)
    } while try hasNext(before: closing, bytes)
  }

  /// A key with its colon; the cursor is at the value then.
  mutating func key(_ bytes: Span<UInt8>) throws(JSONFlaw) -> String {
    let (range, hasEscapes) = try string(bytes)
    let key = try text(bytes, range, hasEscapes: hasEscapes)
    try colon(bytes)
    return key
  }

  @inline(__always)
  mutating func colon(_ bytes: Span<UInt8>) throws(JSONFlaw) {
    skipSpace(bytes)
    try expect(UInt8(ascii: ":"), bytes)
    skipSpace(bytes)
  }

  /// The text of a string.
  func text(_ bytes: Span<UInt8>, _ range: Range<Int>, hasEscapes: Bool) throws(JSONFlaw) -> String {
    guard hasEscapes else { return Self.plainText(bytes, range) }
    var content: [UInt8] = []
    content.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] == UInt8(ascii: "\\") {
        index = try unescape(bytes, index + 1, range.upperBound, into: &content)
      } else {
        content.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: content, as: UTF8.self)
  }

  static func plainText(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    let span = bytes.extracting(range)
    return unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Reads what follows a backslash; returns where it ends.
  private func unescape(
    _ bytes: Span<UInt8>, _ index: Int, _ end: Int, into content: inout [UInt8]
  ) throws(JSONFlaw) -> Int {
    let simple: [UInt8: UInt8] = [
      UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "b"): 8,
      UInt8(ascii: "f"): 12, UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
      UInt8(ascii: "/"): UInt8(ascii: "/"),
    ]
    let flaw = JSONFlaw(what: "a text holds an escape that JSON does not know", offset: index - 1)
    guard index < end else { throw flaw }
    if let byte = simple[bytes[index]] {
      content.append(byte)
      return index + 1
    }
    guard bytes[index] == UInt8(ascii: "u"), let high = codeUnit(bytes, index + 1, end) else { throw flaw }
    var (next, code) = (index + 5, high)
    if high & 0xfc00 == 0xd800 {
      guard next + 1 < end, bytes[next] == UInt8(ascii: "\\"), bytes[next + 1] == UInt8(ascii: "u"),
        let low = codeUnit(bytes, next + 2, end), low & 0xfc00 == 0xdc00
      else { throw JSONFlaw(what: "a text holds half of a surrogate pair", offset: index - 1) }
      code = 0x10000 + (high & 0x3ff) << 10 + low & 0x3ff
      next += 6
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw JSONFlaw(what: "a text holds half of a surrogate pair", offset: index - 1)
    }
    content.append(contentsOf: String(scalar).utf8)
    return next
  }

  private func codeUnit(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> UInt32? {
    guard end - index >= 4 else { return nil }
    var unit: UInt32 = 0
    for place in index..<index + 4 {
      guard let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue, bytes[place] < 0x80 else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// What kind of value comes next, for a message.
  func found(_ bytes: Span<UInt8>) -> String {
    guard position < end else { return "the end" }
    switch bytes[position] {
    case UInt8(ascii: "\""): return "a text"
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "an array"
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return "true or false"
    case UInt8(ascii: "n"): return "null"
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return "a number"
    case 0x21..<0x7f: return "“\(Character(Unicode.Scalar(bytes[position])))”"
    default: return "what is no JSON"
    }
  }

  func unexpected(_ bytes: Span<UInt8>, wanted: String) -> JSONFlaw {
    JSONFlaw(what: "\(wanted) is expected, \(found(bytes)) is there", offset: position)
  }
}
