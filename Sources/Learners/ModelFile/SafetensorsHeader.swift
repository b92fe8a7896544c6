/// The header of a safetensors file. A value that exists describes the rest of its file completely.
internal struct SafetensorsHeader {
  internal struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// Bytes, counted from the end of the header.
    let start: Int
    let end: Int
  }

  /// In the order of their data, which they cover without holes or overlaps.
  internal let entries: [Entry]
  internal let metadata: [String: String]
  /// Offset in the file of the first tensor's first byte.
  internal let dataStart: Int

  internal static let metadataKey = "__metadata__"
  /// The format's own bound.
  private static let largestHeader = 100_000_000

  /// Reads and checks the header of a whole file.
  internal init(decoding bytes: RawSpan) throws(ModelFileError) {
    guard bytes.byteCount >= 8 else {
      throw .truncated(reason: "\(bytes.byteCount) bytes cannot hold the length of a header")
    }
    let length = UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(as: UInt64.self))
    guard length <= Self.largestHeader else { throw .malformedHeader(reason: "its length is given as \(length) bytes") }
    guard length <= bytes.byteCount - 8 else {
      throw .truncated(reason: "the header should have \(length) bytes, there are \(bytes.byteCount - 8)")
    }
    dataStart = 8 + Int(length)
    (entries, metadata) = try Self.parse(
      (8..<dataStart).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) })
    try Self.checkCover(entries, dataLength: bytes.byteCount - dataStart)
  }

  /// Length, JSON and padding, for entries whose data follow each other.
  internal static func encode(entries: [Entry], metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key.utf8Bytes < $1.key.utf8Bytes }
      let pairs = texts.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",")
      members.append("\(quoted(metadataKey)):{\(pairs)}")
    }
    for entry in entries {
      let shape = entry.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(entry.start),\(entry.end)]}")
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
    return length + json
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        result += "\\\(scalar)"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

// MARK: - Reading

extension SafetensorsHeader {
  private static func parse(
    _ text: [UInt8]
  ) throws(ModelFileError) -> (entries: [Entry], metadata: [String: String]) {
    var scanner = try HeaderScanner(text)
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    try scanner.object { key, scanner throws(ModelFileError) in
      if key == metadataKey {
        try scanner.object { key, scanner throws(ModelFileError) in metadata[key] = try scanner.string() }
      } else {
        entries.append(try entry(named: key, &scanner))
      }
    }
    try scanner.end()
    return (entries.sorted { ($0.start, $0.end) < ($1.start, $1.end) }, metadata)
  }

  private static func entry(
    named name: String, _ scanner: inout HeaderScanner
  ) throws(ModelFileError) -> Entry {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { key, scanner throws(ModelFileError) in
      switch key {
      case "dtype":
        let word = try scanner.string()
        type = ElementType(rawValue: word)
        if type == nil { throw .malformedHeader(reason: "tensor \(name) has elements of unknown type \(word)") }
      case "shape": shape = try scanner.integers()
      case "data_offsets": offsets = try scanner.integers()
      default: throw .malformedHeader(reason: "tensor \(name) has an unknown property \(key)")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .malformedHeader(reason: "tensor \(name) lacks a right dtype, shape or data_offsets")
    }
    var size = type.width
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .malformedHeader(reason: "tensor \(name) is larger than any memory") }
      size = product
    }
    guard offsets[1] - offsets[0] == size else {
      throw .malformedHeader(reason: "tensor \(name) of \(size) bytes is said to have \(offsets[1] - offsets[0])")
    }
    return Entry(name: name, type: type, shape: shape, start: offsets[0], end: offsets[1])
  }

  private static func checkCover(_ entries: [Entry], dataLength: Int) throws(ModelFileError) {
    var covered = 0
    for entry in entries {
      guard entry.start == covered else {
        throw .malformedHeader(reason: "tensor \(entry.name) begins at byte \(entry.start), not at \(covered)")
      }
      covered = entry.end
    }
    guard covered == dataLength else {
      throw .truncated(reason: "the tensors should have \(covered) bytes, there are \(dataLength)")
    }
  }
}
