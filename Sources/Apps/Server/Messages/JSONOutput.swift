internal import FoundationEssentials
package import NIOCore

/// The JSON of a value, with sorted keys: the same value gives the same bytes.
package func jsonBytes(_ value: some Encodable) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let bytes = try? encoder.encode(value) else { preconditionFailure("a value has no JSON form") }
  return Array(bytes)
}

extension ByteBuffer {
  /// A string of JSON, quotes included.
  package mutating func writeJSON(_ text: String) {
    writeInteger(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        writeInteger(UInt8(ascii: "\\"))
        writeInteger(byte)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        writeStaticString("\\u00")
        writeInteger(digits[Int(byte >> 4)])
        writeInteger(digits[Int(byte & 15)])
      default: writeInteger(byte)
      }
    }
    writeInteger(UInt8(ascii: "\""))
  }

  /// The shortest number that reads back as the same; JSON has no NaN and no infinity, they become null.
  package mutating func writeJSON(_ number: Double) {
    guard number.isFinite else {
      writeStaticString("null")
      return
    }
    writeString(number.description)
  }

  /// The bytes, read to the end.
  package var allBytes: [UInt8] { Array(readableBytesView) }
}
