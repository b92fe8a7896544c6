/// The element types that the project's tensors have, in the words of the safetensors format.
internal enum ElementType: String {
  case float64 = "F64"
  case float32 = "F32"
  case int32 = "I32"
  case uint64 = "U64"
  case uint8 = "U8"

  internal init(of elements: TensorStore.Elements) {
    self =
      switch elements {
      case .float64: .float64
      case .float32: .float32
      case .int32: .int32
      case .uint64: .uint64
      case .uint8: .uint8
      }
  }

  /// Bytes per element.
  internal var width: Int {
    switch self {
    case .float64, .uint64: 8
    case .float32, .int32: 4
    case .uint8: 1
    }
  }

  /// The elements in little-endian bytes that need not be aligned. `data` holds a whole number of them.
  internal func decode(_ data: RawSpan) -> TensorStore.Elements {
    switch self {
    case .float64: .float64(Self.decode(data) { Double(bitPattern: UInt64(littleEndian: $0)) })
    case .float32: .float32(Self.decode(data) { Float(bitPattern: UInt32(littleEndian: $0)) })
    case .int32: .int32(Self.decode(data) { Int32(littleEndian: $0) })
    case .uint64: .uint64(Self.decode(data) { UInt64(littleEndian: $0) })
    case .uint8: .uint8(Self.decode(data) { (byte: UInt8) in byte })
    }
  }

  internal static func append(_ elements: TensorStore.Elements, to bytes: inout [UInt8]) {
    switch elements {
    case .float64(let elements): append(elements, to: &bytes)
    case .float32(let elements): append(elements, to: &bytes)
    case .int32(let elements): append(elements, to: &bytes)
    case .uint64(let elements): append(elements, to: &bytes)
    case .uint8(let elements): bytes += elements
    }
  }

  private static func decode<Word: BitwiseCopyable, Element>(
    _ data: RawSpan, _ element: (Word) -> Element
  ) -> [Element] {
    let width = MemoryLayout<Word>.size
    var elements: [Element] = []
    elements.reserveCapacity(data.byteCount / width)
    for offset in stride(from: 0, to: data.byteCount, by: width) {
      elements.append(element(unsafe data.unsafeLoadUnaligned(fromByteOffset: offset, as: Word.self)))
    }
    return elements
  }

  #if _endian(big)
    #error("Numbers would have to be turned round one by one.")
  #endif

  /// The numbers as they lie in memory, which is little-endian.
  private static func append<Number: BitwiseCopyable>(_ numbers: [Number], to bytes: inout [UInt8]) {
    unsafe numbers.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
}
