/// A graph while it is written: operators in the order in which they are worked through.
///
/// Names of inputs and of the output are the caller's; all others are made here and are none of them.
internal struct GraphBuilder {
  /// What an operator or a constant gives: its name in the graph.
  struct Value: Hashable, Sendable {
    let name: String
  }

  enum Domain: String {
    case standard = ""
    case machineLearning = "ai.onnx.ml"
  }

  private var taken: Set<String>
  private var count = 0
  private var nodes: [ProtobufMessage] = []
  private var constants: [ProtobufMessage] = []
  private var inputs: [ProtobufMessage] = []
  private var outputs: [ProtobufMessage] = []
  /// Operators that are used, with the domain before them.
  private(set) var operators: Set<String> = []

  /// - Parameter reserving: names that are the caller's.
  init(reserving names: some Sequence<String>) { taken = Set(names) }

  private mutating func newName(_ stem: String) -> String {
    while true {
      count += 1
      let name = "\(stem)_\(count)"
      if taken.insert(name).inserted { return name }
    }
  }

  // MARK: What goes in and comes out

  /// - Parameter columns: of a matrix whose number of rows is free.
  mutating func input(_ name: String, _ element: Tensor.Element, columns: Int) -> Value {
    inputs.append(Self.valueInfo(name, element, columns: columns))
    return Value(name: name)
  }

  mutating func output(_ value: Value, as name: String, _ element: Tensor.Element, columns: Int) {
    addNode("Identity", [value], [], .standard, output: name)
    outputs.append(Self.valueInfo(name, element, columns: columns))
  }

  private static func valueInfo(_ name: String, _ element: Tensor.Element, columns: Int) -> ProtobufMessage {
    var (rows, width) = (ProtobufMessage(), ProtobufMessage())
    rows.add(2, "rows")
    width.add(1, columns)
    var shape = ProtobufMessage()
    shape.add(1, rows)
    shape.add(1, width)
    var tensor = ProtobufMessage()
    tensor.add(1, element.rawValue)
    tensor.add(2, shape)
    var type = ProtobufMessage()
    type.add(1, tensor)
    var info = ProtobufMessage()
    info.add(1, name)
    info.add(2, type)
    return info
  }

  // MARK: Operators

  mutating func constant(_ tensor: Tensor) -> Value {
    let name = newName("constant")
    constants.append(tensor.message(named: name))
    return Value(name: name)
  }

  mutating func constant(_ number: Double) -> Value { constant(Tensor([number], shape: [])) }

  mutating func apply(
    _ type: String, _ inputs: [Value], _ attributes: [Attribute] = [], domain: Domain = .standard
  ) -> Value {
    let name = newName(type.lowercased())
    addNode(type, inputs, attributes, domain, output: name)
    return Value(name: name)
  }

  private mutating func addNode(
    _ type: String, _ inputs: [Value], _ attributes: [Attribute], _ domain: Domain, output: String
  ) {
    var node = ProtobufMessage()
    for input in inputs { node.add(1, input.name) }
    node.add(2, output)
    node.add(3, "\(type.lowercased()) to \(output)")
    node.add(4, type)
    for attribute in attributes { node.add(5, attribute.message) }
    if domain != .standard { node.add(7, domain.rawValue) }
    nodes.append(node)
    operators.insert(domain == .standard ? type : "\(domain.rawValue).\(type)")
  }

  // MARK: The whole

  /// A `GraphProto`.
  func message(named name: String) -> ProtobufMessage {
    var graph = ProtobufMessage()
    for node in nodes { graph.add(1, node) }
    graph.add(2, name)
    for constant in constants { graph.add(5, constant) }
    for input in inputs { graph.add(11, input) }
    for output in outputs { graph.add(12, output) }
    return graph
  }
}
