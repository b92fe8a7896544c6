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

/// Reads a line that holds one JSON object, without making a tree of it: objects in it are members with longer names.
struct JSONLine {
  static let largestDepth = 64
  /// In bytes, with the keys that lead to it: without a limit, a small file of long nested keys has names of any size.
  static let longestKey = 1024

  private let number: Int
  private var cursor: JSONCursor

  init(_ bytes: Span<UInt8>, in range: Range<Int>, number: Int) {
    cursor = JSONCursor(bytes, in: range)
    self.number = number
  }

  /// Reads all of the line as one object.
  mutating func object<Visitor: JSONVisitor>(_ bytes: Span<UInt8>, _ visitor: inout Visitor) throws(JSONFault) {
    cursor.skipSpace(bytes)
    guard cursor.take(UInt8(ascii: "{"), bytes) else { throw JSONFault(what: "the line does not begin with “{”") }
    try members(bytes, prefix: "", depth: 1, &visitor)
    cursor.skipSpace(bytes)
    guard cursor.position == cursor.end else { throw JSONFault(what: "there is something after the object") }
  }

  /// Reads what follows the opening brace of an object, up to the closing one.
  private mutating func members<Visitor: JSONVisitor>(
    _ bytes: Span<UInt8>, prefix: String, depth: Int, _ visitor: inout Visitor
  ) throws(JSONFault) {
    guard depth <= Self.largestDepth else {
      throw JSONFault(what: "objects are nested deeper than \(Self.largestDepth)", advice: "write flat objects")
    }
    cursor.skipSpace(bytes)
    if cursor.take(UInt8(ascii: "}"), bytes) { return }
    repeat {
      let key = try key(bytes, prefix: prefix)
      if cursor.take(UInt8(ascii: "{"), bytes) {
        try members(bytes, prefix: key + ".", depth: depth + 1, &visitor)
      } else {
        let start = cursor.position
        let cell = try scalar(bytes, key)
        try visitor.visit(key, cell, start..<cursor.position, number)
      }
      cursor.skipSpace(bytes)
    } while cursor.take(UInt8(ascii: ","), bytes)
    guard cursor.take(UInt8(ascii: "}"), bytes) else { throw expected("“,” or “}”", bytes) }
  }

  /// A key with its colon, behind those that lead to it.
  private mutating func key(_ bytes: Span<UInt8>, prefix: String) throws(JSONFault) -> String {
    cursor.skipSpace(bytes)
    guard cursor.isAt(UInt8(ascii: "\""), bytes) else { throw expected("a key in quotes", bytes) }
    let name = try text(bytes, of: nil)
    guard !name.isEmpty else { throw JSONFault(what: "a key is empty", advice: "name every value") }
    let key = prefix.isEmpty ? name : prefix + name
    guard key.utf8.count <= Self.longestKey else {
      throw JSONFault(what: "a key is longer than \(Self.longestKey) bytes", advice: "use shorter keys")
    }
    cursor.skipSpace(bytes)
    guard cursor.take(UInt8(ascii: ":"), bytes) else { throw expected("“:”", bytes, key: key) }
    cursor.skipSpace(bytes)
    return key
  }

  private mutating func scalar(_ bytes: Span<UInt8>, _ key: String) throws(JSONFault) -> JSONCell {
    if cursor.isAt(UInt8(ascii: "\""), bytes) {
      let text = try text(bytes, of: key)
      return MissingText.matches(text) ? .missing : .text(text)
    }
    if let number = try? cursor.decimal(bytes) { return .number(number) }
    if cursor.take(UInt8(ascii: "["), bytes) {
      let text = try texts(bytes, key).joined(separator: ";")
      return text.isEmpty ? .missing : .text(text)
    }
    if cursor.take(word: "null", bytes) { return .missing }
    if cursor.take(word: "true", bytes) { return .boolean(true) }
    if cursor.take(word: "false", bytes) { return .boolean(false) }
    throw JSONFault(
      what: "\(found(bytes)) is no JSON value", advice: "write null if it is missing, and text in quotes", key: key)
  }

  /// Reads what follows the opening bracket of an array of strings, up to the closing one.
  private mutating func texts(_ bytes: Span<UInt8>, _ key: String) throws(JSONFault) -> [String] {
    cursor.skipSpace(bytes)
    if cursor.take(UInt8(ascii: "]"), bytes) { return [] }
    var texts: [String] = []
    repeat {
      cursor.skipSpace(bytes)
      guard cursor.isAt(UInt8(ascii: "\""), bytes) else {
        throw JSONFault(
          what: "the array holds \(found(bytes)), not only strings", advice: "give each number a key of its own",
          key: key)
      }
      texts.append(try text(bytes, of: key))
      cursor.skipSpace(bytes)
    } while cursor.take(UInt8(ascii: ","), bytes)
    guard cursor.take(UInt8(ascii: "]"), bytes) else { throw expected("“,” or “]”", bytes, key: key) }
    return texts
  }

  /// The string that comes next.
  /// - Parameter key: of the value; nil for a key.
  private mutating func text(_ bytes: Span<UInt8>, of key: String?) throws(JSONFault) -> String {
    do throws(JSONFlaw) {
      let (range, hasEscapes) = try cursor.string(bytes)
      guard Self.isUTF8(bytes.extracting(range)) else {
        throw JSONFlaw(kind: .value, what: "the text is not UTF-8", offset: range.lowerBound)
      }
      return try cursor.text(bytes, range, hasEscapes: hasEscapes)
    } catch {
      let advice = error.kind == .value ? "save the file as UTF-8" : "correct the text: quotes and escapes are JSON's"
      throw JSONFault(what: error.what, advice: advice, key: key)
    }
  }

  private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    do { _ = try UTF8Span(validating: bytes) } catch { return false }
    return true
  }

  // MARK: Messages

  private func expected(_ wanted: String, _ bytes: Span<UInt8>, key: String? = nil) -> JSONFault {
    JSONFault(what: "\(wanted) is expected, found \(found(bytes))", key: key)
  }

  /// What comes next, as it is written.
  private func found(_ bytes: Span<UInt8>) -> String {
    let (position, end) = (cursor.position, cursor.end)
    guard position < end else { return "the end of the line" }
    var stop = position + 1
    while stop < end && stop - position < 20 && isWord(bytes[stop]) { stop += 1 }
    var text: [UInt8] = []
    for index in position..<stop { text.append(bytes[index]) }
    return quoted(String(decoding: text, as: UTF8.self))
  }

  private func isWord(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || byte >= 0x80 || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }
}
