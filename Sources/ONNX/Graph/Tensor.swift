/// Numbers of one type in a shape, as they lie in an ONNX file.
internal struct Tensor: Sendable {
  /// The numbers of `TensorProto.DataType`.
  enum Element: Int, Sendable {
    case float = 1
    case uint8 = 2
    case int64 = 7
    case string = 8
    case double = 11
  }

  let element: Element
  let shape: [Int]
  private let content: [UInt8]

  private init(_ element: Element, _ shape: [Int], count: Int, _ content: [UInt8]) {
    precondition(shape.reduce(1, *) == count, "Tensor: \(count) numbers in the shape \(shape)")
    self.element = element
    self.shape = shape
    self.content = content
  }

  /// - Parameter shape: that of a list where nothing is said.
  init(_ numbers: [Double], shape: [Int]? = nil) {
    self.init(.double, shape ?? [numbers.count], count: numbers.count, Self.bytes(numbers.lazy.map(\.bitPattern)))
  }

  init(_ numbers: [Float], shape: [Int]? = nil) {
    self.init(.float, shape ?? [numbers.count], count: numbers.count, Self.bytes(numbers.lazy.map(\.bitPattern)))
  }

  init(_ numbers: [Int], shape: [Int]? = nil) {
    self.init(.int64, shape ?? [numbers.count], count: numbers.count, Self.bytes(numbers.lazy.map { Int64($0) }))
  }

  init(_ numbers: [UInt8], shape: [Int]? = nil) {
    self.init(.uint8, shape ?? [numbers.count], count: numbers.count, numbers)
  }

  private static func bytes<Number: FixedWidthInteger>(_ numbers: some Collection<Number>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * Number.bitWidth / 8)
    for number in numbers { bytes.append(littleEndian: number) }
    return bytes
  }

  /// A `TensorProto`.
  func message(named name: String) -> ProtobufMessage {
    var message = ProtobufMessage()
    for length in shape { message.add(1, length) }
    message.add(2, element.rawValue)
    message.add(8, name)
    message.add(9, content)
    return message
  }
}
