/// Elements in a shape: numbers of any type as doubles, or texts.
struct Elements {
  var shape: [Int]
  var numbers: [Double]
  var texts: [String] = []

  init(_ numbers: [Double], _ shape: [Int]) {
    (self.numbers, self.shape) = (numbers, shape)
    precondition(shape.reduce(1, *) == numbers.count, "\(numbers.count) numbers in \(shape)")
  }

  init(texts: [String]) { (self.texts, numbers, shape) = (texts, [], [texts.count, 1]) }

  /// A `TensorProto`.
  init(_ message: ProtobufReader) {
    let bytes = Array(message.bytes(9).first ?? [])
    func read<Number: FixedWidthInteger>(_: Number.Type) -> [Number] {
      let width = Number.bitWidth / 8
      return stride(from: 0, to: bytes.count, by: width).map { start in
        (0..<width).reduce(Number(0)) { $0 | Number(truncatingIfNeeded: UInt64(bytes[start + $1]) << UInt64(8 * $1)) }
      }
    }
    let numbers: [Double] =
      switch message.numbers(2)[0] {
      case 1: read(UInt32.self).map { Double(Float(bitPattern: $0)) }
      case 2: bytes.map { Double($0) }
      case 7: read(Int64.self).map { Double($0) }
      case 11: read(UInt64.self).map { Double(bitPattern: $0) }
      default: preconditionFailure("a tensor of the type \(message.numbers(2))")
      }
    self.init(numbers, message.numbers(1))
  }
}

/// A `ModelProto`, read with no more than what is known of its fields.
struct GraphReader {
  struct Node {
    let type: String
    let domain: String
    let inputs: [String]
    let outputs: [String]
    let attributes: [String: ProtobufReader]

    func int(_ name: String) -> Int { attributes[name]?.numbers(3).first ?? 0 }
    func ints(_ name: String) -> [Int] { attributes[name]?.packed(8) ?? [] }
    func texts(_ name: String) -> [String] { attributes[name]?.texts(9) ?? [] }
    func tensor(_ name: String) -> [Double] { attributes[name].map { Elements($0.messages(5)[0]).numbers } ?? [] }
  }

  let form: Int
  /// Domain to version.
  let versions: [String: Int]
  let nodes: [Node]
  let constants: [String: Elements]
  let inputs: [(name: String, element: Int, columns: Int)]
  let outputs: [(name: String, element: Int, columns: Int)]

  init(_ bytes: [UInt8]) {
    let model = ProtobufReader(bytes[...])
    form = model.numbers(1)[0]
    versions = Dictionary(uniqueKeysWithValues: model.messages(8).map { ($0.text(1), $0.numbers(2)[0]) })
    let graph = model.messages(7)[0]
    nodes = graph.messages(1).map { node in
      Node(
        type: node.text(4), domain: node.text(7), inputs: node.texts(1), outputs: node.texts(2),
        attributes: Dictionary(uniqueKeysWithValues: node.messages(5).map { ($0.text(1), $0) }))
    }
    constants = Dictionary(uniqueKeysWithValues: graph.messages(5).map { ($0.text(8), Elements($0)) })
    inputs = graph.messages(11).map(Self.info)
    outputs = graph.messages(12).map(Self.info)
  }

  private static func info(_ message: ProtobufReader) -> (name: String, element: Int, columns: Int) {
    let tensor = message.messages(2)[0].messages(1)[0]
    return (message.text(1), tensor.numbers(1)[0], tensor.messages(2)[0].messages(1)[1].numbers(1)[0])
  }
}
