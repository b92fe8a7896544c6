/// What an operator is told beside its inputs.
internal struct Attribute: Sendable {
  /// An `AttributeProto`.
  let message: ProtobufMessage

  /// The numbers of `AttributeProto.AttributeType`.
  private enum Kind: Int {
    case int = 2
    case tensor = 4
    case ints = 7
    case strings = 8
  }

  private init(_ name: String, _ kind: Kind, _ fill: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    message.add(1, name)
    fill(&message)
    message.add(20, kind.rawValue)
    self.message = message
  }

  static func int(_ name: String, _ value: Int) -> Attribute { Attribute(name, .int) { $0.add(3, value) } }

  static func ints(_ name: String, _ values: [Int]) -> Attribute {
    Attribute(name, .ints) { $0.add(8, packed: values) }
  }

  static func strings(_ name: String, _ values: [String]) -> Attribute {
    Attribute(name, .strings) { for value in values { $0.add(9, value) } }
  }

  static func tensor(_ name: String, _ value: Tensor) -> Attribute {
    Attribute(name, .tensor) { $0.add(5, value.message(named: name)) }
  }
}
