internal import Learners

/// The raw data of a tensor, as Triton's binary tensor extension has it: little-endian numbers one behind the other, texts
/// each behind its length in four bytes.
struct BinaryTensor {
  private var position: Int
  private let end: Int
  private let datatype: String

  init(_ range: Range<Int>, datatype: String) {
    (position, end, self.datatype) = (range.lowerBound, range.upperBound, datatype)
  }

  /// Bytes of a number.
  private static let sizes = [
    "BOOL": 1, "UINT8": 1, "UINT16": 2, "UINT32": 4, "UINT64": 8, "INT8": 1, "INT16": 2, "INT32": 4, "INT64": 8,
    "FP16": 2,
    "FP32": 4, "FP64": 8,
  ]

  var isAtEnd: Bool { position == end }

  /// The next number; NaN is a missing one. nil where its bytes are cut off, or an infinity.
  mutating func number(_ bytes: Span<UInt8>) -> Double? {
    guard let size = Self.sizes[datatype], end - position >= size else { return nil }
    var bits: UInt64 = 0
    for place in 0..<size { bits |= UInt64(bytes[position + place]) << UInt64(8 * place) }
    position += size
    let value: Double =
      switch datatype {
      case "INT8": Double(Int8(truncatingIfNeeded: bits))
      case "INT16": Double(Int16(truncatingIfNeeded: bits))
      case "INT32": Double(Int32(truncatingIfNeeded: bits))
      case "INT64": Double(Int64(truncatingIfNeeded: bits))
      case "FP16": Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
      case "FP32": Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      case "FP64": Double(bitPattern: bits)
      default: Double(bits)
      }
    return value.isInfinite ? nil : value
  }

  /// Where the next text is; nil where it is cut off.
  mutating func text(_ bytes: Span<UInt8>) -> Range<Int>? {
    guard end - position >= 4 else { return nil }
    var count = 0
    for place in 0..<4 { count |= Int(bytes[position + place]) << (8 * place) }
    let start = position + 4
    guard end - start >= count else { return nil }
    position = start + count
    return start..<position
  }
}
