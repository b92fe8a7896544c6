/// A message in protobuf's wire format, field after field.
///
/// Only what ONNX needs of it: whole numbers, numbers of 4 bytes, bytes, messages within messages. Fields are written in the order
/// of the calls; those that repeat are called for again.
/// Source: https://protobuf.dev/programming-guides/encoding.
package struct ProtobufMessage: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  private enum WireType: UInt64 {
    case varint = 0
    case lengthDelimited = 2
    case fourBytes = 5
  }

  package mutating func add(_ field: Int, _ number: Int) {
    addTag(field, .varint)
    bytes.append(varint: UInt64(bitPattern: Int64(number)))
  }

  package mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  package mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

  package mutating func add(_ field: Int, _ content: [UInt8]) {
    addTag(field, .lengthDelimited)
    bytes.append(varint: UInt64(content.count))
    bytes += content
  }

  package mutating func add(_ field: Int, _ number: Float) {
    addTag(field, .fourBytes)
    bytes.append(littleEndian: number.bitPattern)
  }

  /// Whole numbers side by side: a list of them in one field.
  package mutating func add(_ field: Int, packed numbers: [Int]) {
    var content: [UInt8] = []
    content.reserveCapacity(2 * numbers.count)
    for number in numbers { content.append(varint: UInt64(bitPattern: Int64(number))) }
    add(field, content)
  }

  private mutating func addTag(_ field: Int, _ type: WireType) {
    bytes.append(varint: UInt64(field) << 3 | type.rawValue)
  }
}

extension [UInt8] {
  /// Seven bits a byte, the lowest first; the top bit says that more follow.
  fileprivate mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  internal mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    var rest = number
    for _ in 0..<Number.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }
}
