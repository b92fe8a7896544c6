extension JSONCursor {
  /// Reads an object; `member` reads the value behind each key.
  package mutating func object(
    _ bytes: Span<UInt8>, _ member: (String, inout JSONCursor) throws(JSONFlaw) -> Void
  ) throws(JSONFlaw) {
    guard take(UInt8(ascii: "{"), bytes) else { throw unexpected(bytes, wanted: "an object", kind: .value) }
    skipSpace(bytes)
    if take(UInt8(ascii: "}"), bytes) { return }
    repeat {
      let key = try key(bytes)
      try member(key, &self)
    } while try hasNext(before: UInt8(ascii: "}"), bytes)
  }

  /// Reads an array; `element` reads each element.
  @inlinable
  package mutating func array(
    _ bytes: Span<UInt8>, _ element: (inout JSONCursor) throws(JSONFlaw) -> Void
  ) throws(JSONFlaw) {
    guard take(UInt8(ascii: "["), bytes) else { throw unexpected(bytes, wanted: "an array", kind: .value) }
    skipSpace(bytes)
    if take(UInt8(ascii: "]"), bytes) { return }
    repeat { try element(&self) } while try hasNext(before: UInt8(ascii: "]"), bytes)
  }

  package mutating func requireText(_ bytes: Span<UInt8>, _ name: String) throws(JSONFlaw) -> String {
    guard isAt(UInt8(ascii: "\""), bytes) else { throw unexpected(bytes, wanted: "a text as “\(name)”", kind: .value) }
    let (range, hasEscapes) = try string(bytes)
    return try text(bytes, range, hasEscapes: hasEscapes)
  }

  package mutating func skipObject(_ bytes: Span<UInt8>) throws(JSONFlaw) {
    guard isAt(UInt8(ascii: "{"), bytes) else { throw unexpected(bytes, wanted: "an object", kind: .value) }
    try skipValue(bytes)
  }

  /// Steps over a value of any kind.
  package mutating func skipValue(_ bytes: Span<UInt8>, depth: Int = 0) throws(JSONFlaw) {
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
}
