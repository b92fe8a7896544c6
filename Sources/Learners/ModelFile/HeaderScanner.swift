/// A strict reader of the JSON that a safetensors header is made of: objects, strings, and arrays of whole numbers.
///
/// What JSON allows beyond these is an error here, and so is a key that occurs twice. No recursion, so no text can
/// exhaust the stack.
internal struct HeaderScanner {
  private let bytes: [UInt8]
  private var position = 0

  internal init(_ bytes: [UInt8]) throws(ModelFileError) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .malformedHeader(reason: "it is not UTF-8") }
    self.bytes = bytes
  }

  /// Reads `{ … }`: `member` is called after each key and its colon, and reads the value.
  internal mutating func object(
    _ member: (String, inout HeaderScanner) throws(ModelFileError) -> Void
  ) throws(ModelFileError) {
    try expect("{")
    guard !skip("}") else { return }
    var keys: Set<String> = []
    repeat {
      let key = try string()
      guard keys.insert(key).inserted else { throw problem("\(key) occurs twice") }
      try expect(":")
      try member(key, &self)
    } while skip(",")
    try expect("}")
  }

  /// Reads an array of integers that are not negative.
  internal mutating func integers() throws(ModelFileError) -> [Int] {
    try expect("[")
    guard !skip("]") else { return [] }
    var numbers: [Int] = []
    repeat { numbers.append(try integer()) } while skip(",")
    try expect("]")
    return numbers
  }

  private mutating func integer() throws(ModelFileError) -> Int {
    skipSpace()
    let start = position
    var number = 0
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
      let (tens, isLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = tens.addingReportingOverflow(Int(bytes[position] - UInt8(ascii: "0")))
      guard !isLarge && !isLarger else { throw problem("a number is too large") }
      number = sum
      position += 1
    }
    let digits = position - start
    guard digits == 1 || digits > 1 && bytes[start] != UInt8(ascii: "0") else {
      throw problem("a whole number is expected")
    }
    return number
  }

  internal mutating func string() throws(ModelFileError) -> String {
    try expect("\"")
    var content: [UInt8] = []
    while position < bytes.count {
      let next = bytes[position]
      position += 1
      switch next {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content.append(contentsOf: String(try escaped()).utf8)
      case 0..<0x20: throw problem("a string holds a control character")
      default: content.append(next)
      }
    }
    throw problem("a string does not end")
  }

  /// What follows a backslash.
  private mutating func escaped() throws(ModelFileError) -> Unicode.Scalar {
    guard position < bytes.count else { throw problem("a string does not end") }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try escapedUnicode()
    default: throw problem("a string holds an unknown escape")
    }
  }

  /// Four hexadecimal digits, or two times four for a character beyond the first 65 536.
  private mutating func escapedUnicode() throws(ModelFileError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\") else {
      throw problem("half a character")
    }
    position += 1
    guard bytes[position] == UInt8(ascii: "u") else { throw problem("half a character") }
    position += 1
    let second = try hexadecimal()
    guard second >= 0xDC00 && second < 0xE000,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + second - 0xDC00)
    else { throw problem("half a character") }
    return scalar
  }

  private mutating func hexadecimal() throws(ModelFileError) -> UInt32 {
    var number: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw problem("four hexadecimal digits are expected")
      }
      number = number << 4 | UInt32(digit)
      position += 1
    }
    return number
  }

  /// Throws unless nothing but white space is left.
  internal mutating func end() throws(ModelFileError) {
    skipSpace()
    guard position == bytes.count else { throw problem("something follows the last brace") }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(ModelFileError) {
    guard skip(character) else { throw problem("\(character) is expected") }
  }

  /// Skips white space and then `character`, if it is there.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private func problem(_ reason: String) -> ModelFileError {
    .malformedHeader(reason: "\(reason) at byte \(position)")
  }
}
