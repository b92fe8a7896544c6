/// What a value of a JSON object says to a table.
enum JSONCell {
  case missing
  case boolean(Bool)
  case number(DecimalNumber)
  case text(String)
}

/// Why a line is not the flat JSON object that it has to be.
struct JSONFault: Error {
  let what: String
  var advice = "write one JSON object a line"
  /// Path of the value that is wrong.
  var key: String?
}

/// Gets the values of an object, one after the other.
protocol JSONVisitor {
  /// - Parameter key: the keys that lead to the value, with points between them.
  /// - Parameter range: the value's bytes.
  mutating func visit(_ key: String, _ cell: JSONCell, _ range: Range<Int>, _ line: Int) throws(JSONFault)
}

/// Reads one JSON object (RFC 8259, strictly) without making a tree of it.
struct JSONScanner {
  static let largestDepth = 64
  /// In bytes, with the keys that lead to it: without a limit, a small file of long nested keys has names of any size.
  static let longestKey = 1024

  let line: Int
  private var position: Int
  private let end: Int

  init(_ range: Range<Int>, line: Int) {
    position = range.lowerBound
    end = range.upperBound
    self.line = line
  }

  /// Reads all of the range as one object.
  mutating func object<Visitor: JSONVisitor>(_ bytes: Span<UInt8>, _ visitor: inout Visitor) throws(JSONFault) {
    skipSpace(bytes)
    guard take("{", bytes) else { throw JSONFault(what: "the line does not begin with “{”") }
    try members(bytes, prefix: "", depth: 1, &visitor)
    skipSpace(bytes)
    guard position == end else { throw JSONFault(what: "there is something after the object") }
  }

  /// Reads what follows the opening brace of an object, up to the closing one.
  private mutating func members<Visitor: JSONVisitor>(
    _ bytes: Span<UInt8>, prefix: String, depth: Int, _ visitor: inout Visitor
  ) throws(JSONFault) {
    guard depth <= Self.largestDepth else {
      throw JSONFault(what: "objects are nested deeper than \(Self.largestDepth)", advice: "write flat objects")
    }
    skipSpace(bytes)
    if take("}", bytes) { return }
    repeat {
      skipSpace(bytes)
      guard take("\"", bytes) else { throw JSONFault(what: "a key in quotes is expected, found \(found(bytes))") }
      let name = try string(bytes, key: nil)
      guard !name.isEmpty else { throw JSONFault(what: "a key is empty", advice: "name every value") }
      let key = prefix + name
      guard key.utf8.count <= Self.longestKey else {
        throw JSONFault(what: "a key is longer than \(Self.longestKey) bytes", advice: "use shorter keys")
      }
      skipSpace(bytes)
      guard take(":", bytes) else { throw JSONFault(what: "“:” is expected, found \(found(bytes))", key: key) }
      skipSpace(bytes)
      if take("{", bytes) {
        try members(bytes, prefix: key + ".", depth: depth + 1, &visitor)
      } else {
        let start = position
        let cell = try scalar(bytes, key)
        try visitor.visit(key, cell, start..<position, line)
      }
      skipSpace(bytes)
    } while take(",", bytes)
    guard take("}", bytes) else { throw JSONFault(what: "“,” or “}” is expected, found \(found(bytes))") }
  }

  private mutating func scalar(_ bytes: Span<UInt8>, _ key: String) throws(JSONFault) -> JSONCell {
    if take("\"", bytes) {
      let text = try string(bytes, key: key)
      return text.isEmpty ? .missing : .text(text)
    }
    if take("[", bytes) {
      let text = try texts(bytes, key).joined(separator: ";")
      return text.isEmpty ? .missing : .text(text)
    }
    if take("null", bytes) { return .missing }
    if take("true", bytes) { return .boolean(true) }
    if take("false", bytes) { return .boolean(false) }
    if let number = number(bytes) { return .number(number) }
    throw JSONFault(
      what: "\(found(bytes)) is no JSON value", advice: "write null if it is missing, and text in quotes", key: key)
  }

  /// Reads what follows the opening bracket of an array of strings, up to the closing one.
  private mutating func texts(_ bytes: Span<UInt8>, _ key: String) throws(JSONFault) -> [String] {
    skipSpace(bytes)
    if take("]", bytes) { return [] }
    var texts: [String] = []
    repeat {
      skipSpace(bytes)
      guard take("\"", bytes) else {
        throw JSONFault(
          what: "the array holds \(found(bytes)), not only strings", advice: "give each number a key of its own",
          key: key)
      }
      texts.append(try string(bytes, key: key))
      skipSpace(bytes)
    } while take(",", bytes)
    guard take("]", bytes) else { throw JSONFault(what: "“,” or “]” is expected, found \(found(bytes))", key: key) }
    return texts
  }

  /// The number at `position`; nil where there is none that JSON allows.
  private mutating func number(_ bytes: Span<UInt8>) -> DecimalNumber? {
    var start = position
    if start < end && bytes[start] == UInt8(ascii: "-") { start += 1 }
    guard start < end, isDigit(bytes[start]) else { return nil }
    if bytes[start] == UInt8(ascii: "0") && start + 1 < end && isDigit(bytes[start + 1]) { return nil }
    guard let number = DecimalNumber(scanning: bytes, in: position..<end) else { return nil }
    var index = start
    while index < number.end && isDigit(bytes[index]) { index += 1 }
    let hasBarePoint =
      index < number.end && bytes[index] == UInt8(ascii: ".") && !(index + 1 < number.end && isDigit(bytes[index + 1]))
    if hasBarePoint { return nil }
    position = number.end
    return number
  }

  /// Reads what follows the opening quote of a string, up to the closing one.
  private mutating func string(_ bytes: Span<UInt8>, key: String?) throws(JSONFault) -> String {
    var content: [UInt8] = []
    var start = position
    while true {
      guard position < end else { throw JSONFault(what: "a string is not closed on its line", key: key) }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        try append(bytes, start..<position, to: &content, key)
        position += 1
        if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
        try escape(bytes, into: &content, key)
        start = position
      } else if byte < 0x20 {
        throw JSONFault(
          what: "a string holds a control character", advice: "write it as an escape such as \\n", key: key)
      } else {
        position += 1
      }
    }
  }

  private func append(
    _ bytes: Span<UInt8>, _ range: Range<Int>, to content: inout [UInt8], _ key: String?
  ) throws(JSONFault) {
    do { _ = try UTF8Span(validating: bytes.extracting(range)) } catch {
      throw JSONFault(what: "the text is not UTF-8", advice: "save the file as UTF-8", key: key)
    }
    content.reserveCapacity(content.count + range.count)
    for index in range { content.append(bytes[index]) }
  }

  /// Reads what follows a backslash.
  private mutating func escape(
    _ bytes: Span<UInt8>, into content: inout [UInt8], _ key: String?
  ) throws(JSONFault) {
    let fault = JSONFault(
      what: "a string holds an escape that JSON does not know", advice: "correct the escape", key: key)
    guard position < end else { throw fault }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "n"): content.append(10)
    case UInt8(ascii: "t"): content.append(9)
    case UInt8(ascii: "r"): content.append(13)
    case UInt8(ascii: "b"): content.append(8)
    case UInt8(ascii: "f"): content.append(12)
    case UInt8(ascii: "u"):
      guard let scalar = unicodeScalar(bytes) else { throw fault }
      content.append(contentsOf: Array(String(scalar).utf8))
    case let byte where byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/"):
      content.append(byte)
    default: throw fault
    }
  }

  /// The character after `\u`, of two such escapes where the first is half of a surrogate pair.
  private mutating func unicodeScalar(_ bytes: Span<UInt8>) -> Unicode.Scalar? {
    guard let high = codeUnit(bytes) else { return nil }
    guard high & 0xfc00 == 0xd800 else { return Unicode.Scalar(high) }
    guard take("\\u", bytes), let low = codeUnit(bytes), low & 0xfc00 == 0xdc00 else { return nil }
    return Unicode.Scalar(0x10000 + (high & 0x3ff) << 10 + low & 0x3ff)
  }

  private mutating func codeUnit(_ bytes: Span<UInt8>) -> UInt32? {
    guard end - position >= 4 else { return nil }
    var unit: UInt32 = 0
    for index in position..<position + 4 {
      guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    position += 4
    return unit
  }
}

extension JSONScanner {
  private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte >= 0x80 || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < end {
      let byte = bytes[position]
      guard byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") else { return }
      position += 1
    }
  }

  /// Steps over `word` if it comes next.
  private mutating func take(_ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
    let count = word.utf8CodeUnitCount
    guard end - position >= count else { return false }
    let isNext = word.withUTF8Buffer { letters in
      for offset in 0..<count { if unsafe bytes[position + offset] != letters[offset] { return false } }
      return true
    }
    if isNext { position += count }
    return isNext
  }

  /// What comes next, for a message.
  private func found(_ bytes: Span<UInt8>) -> String {
    guard position < end else { return "the end of the line" }
    var stop = position + 1
    while stop < end && stop - position < 20 && isWord(bytes[stop]) { stop += 1 }
    var text: [UInt8] = []
    for index in position..<stop { text.append(bytes[index]) }
    return quoted(String(decoding: text, as: UTF8.self))
  }
}
