extension JSONCursor {
  /// Bytes of a number that is read as a double: 17 digits decide any.
  @inlinable package static var longestNumber: Int { 128 }

  /// The number that comes next; nil where something else does.
  /// - Throws: for one that JSON or the range of a double does not allow, and for one that is too long.
  @inlinable
  @inline(__always)
  package mutating func number(_ bytes: Span<UInt8>) throws(JSONFlaw) -> Double? {
    let start = position
    guard let number = try decimal(bytes) else { return nil }
    guard number.end - start <= Self.longestNumber else { throw numberFlaw(.length, at: start) }
    guard number.value.isFinite else { throw numberFlaw(.range, at: start) }
    return number.value
  }

  /// The number that comes next, of any length, with the form in which it is written; nil where something else comes.
  @inlinable
  @inline(__always)
  package mutating func decimal(_ bytes: Span<UInt8>) throws(JSONFlaw) -> DecimalNumber? {
    guard position < end else { return nil }
    var first = position
    if bytes[first] == UInt8(ascii: "-") { first += 1 }
    guard first < end, bytes[first] &- UInt8(ascii: "0") < 10 else { return nil }
    guard let number = DecimalNumber(scanning: bytes, in: position..<end) else { return nil }
    try checkGrammar(bytes, first..<number.end, number)
    position = number.end
    return number
  }

  /// What `DecimalNumber` reads and JSON does not allow: leading zeros, and a point without digits behind it.
  @inlinable
  @inline(__always)
  package func checkGrammar(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ number: DecimalNumber
  ) throws(JSONFlaw) {
    let zero = UInt8(ascii: "0")
    if bytes[range.lowerBound] == zero, range.count > 1, bytes[range.lowerBound + 1] &- zero < 10 {
      throw numberFlaw(.zeros, at: range.lowerBound)
    }
    guard number.hasBarePoint else { return }
    throw numberFlaw(.point, at: range.first { bytes[$0] == UInt8(ascii: ".") } ?? range.lowerBound)
  }

  @usableFromInline package enum NumberFault { case zeros, point, length, range }

  @usableFromInline
  package func numberFlaw(_ fault: NumberFault, at offset: Int) -> JSONFlaw {
    let what =
      switch fault {
      case .zeros: "a number begins with 0"
      case .point: "a number ends with its point"
      case .length: "a number is longer than \(Self.longestNumber) characters"
      case .range: "a number is beyond the range of double precision"
      }
    return JSONFlaw(what: what, offset: offset)
  }
}
