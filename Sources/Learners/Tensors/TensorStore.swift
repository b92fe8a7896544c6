/// Named arrays of numbers: what a fitted value becomes in a model file, and what it is made from again.
///
/// Reading checks type, shape and finiteness, because a file may be damaged or hostile. What the numbers mean (an index
/// in range, a sorted list) is for the reader of the tensor to check.
public struct TensorStore: Sendable, Equatable {
  /// The numbers of one tensor, row-major.
  public enum Elements: Sendable, Equatable {
    case float64([Double])
    case float32([Float])
    case int32([Int32])
    case uint64([UInt64])
    case uint8([UInt8])

    public var count: Int {
      switch self {
      case .float64(let elements): elements.count
      case .float32(let elements): elements.count
      case .int32(let elements): elements.count
      case .uint64(let elements): elements.count
      case .uint8(let elements): elements.count
      }
    }
  }

  public struct Tensor: Sendable, Equatable {
    public let shape: [Int]
    public let elements: Elements

    public init(shape: [Int], elements: Elements) {
      precondition(
        shape.reduce(1, *) == elements.count, "Tensor: \(elements.count) elements cannot have shape \(shape)")
      self.shape = shape
      self.elements = elements
    }
  }

  public private(set) var tensors: [String: Tensor] = [:]

  public init() {}

  /// Adds a tensor. Traps where the name is taken.
  public mutating func set(_ name: String, shape: [Int], _ elements: Elements) {
    let before = tensors.updateValue(Tensor(shape: shape, elements: elements), forKey: name)
    precondition(before == nil, "TensorStore: \(name) is set twice")
  }

  /// A single number, stored with shape [1].
  public mutating func set(_ name: String, _ value: Double) { set(name, shape: [1], .float64([value])) }

  /// Adds all tensors of another store under names that begin with a prefix.
  public mutating func add(_ other: TensorStore, prefix: String) {
    for (name, tensor) in other.tensors { set(prefix + name, shape: tensor.shape, tensor.elements) }
  }

  /// The tensors whose names begin with a prefix, under what follows it.
  public func part(_ prefix: String) -> TensorStore {
    var part = TensorStore()
    for (name, tensor) in tensors where name.hasPrefix(prefix) {
      part.set(String(name.dropFirst(prefix.count)), shape: tensor.shape, tensor.elements)
    }
    return part
  }

  /// - Parameter shape: expected extents; nil where any will do.
  public func float64(_ name: String, shape: [Int?], finite: Bool = true) throws(ModelFileError) -> [Double] {
    let tensor = try tensor(name, shape: shape)
    guard case .float64(let elements) = tensor.elements else { throw .wrongType(tensor: name, expected: "F64") }
    if finite, let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw .invalidValue(tensor: name, index: index, reason: "is not finite")
    }
    return elements
  }

  public func float32(_ name: String, shape: [Int?], finite: Bool = true) throws(ModelFileError) -> [Float] {
    let tensor = try tensor(name, shape: shape)
    guard case .float32(let elements) = tensor.elements else { throw .wrongType(tensor: name, expected: "F32") }
    if finite, let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw .invalidValue(tensor: name, index: index, reason: "is not finite")
    }
    return elements
  }

  public func int32(_ name: String, shape: [Int?]) throws(ModelFileError) -> [Int32] {
    guard case .int32(let elements) = try tensor(name, shape: shape).elements else {
      throw .wrongType(tensor: name, expected: "I32")
    }
    return elements
  }

  public func uint64(_ name: String, shape: [Int?]) throws(ModelFileError) -> [UInt64] {
    guard case .uint64(let elements) = try tensor(name, shape: shape).elements else {
      throw .wrongType(tensor: name, expected: "U64")
    }
    return elements
  }

  public func uint8(_ name: String, shape: [Int?]) throws(ModelFileError) -> [UInt8] {
    guard case .uint8(let elements) = try tensor(name, shape: shape).elements else {
      throw .wrongType(tensor: name, expected: "U8")
    }
    return elements
  }

  /// A single finite number.
  public func finiteDouble(_ name: String) throws(ModelFileError) -> Double {
    try float64(name, shape: [1])[0]
  }

  /// The tensor with this name, if its shape is the expected one.
  public func tensor(_ name: String, shape: [Int?]) throws(ModelFileError) -> Tensor {
    guard let tensor = tensors[name] else { throw .missingTensor(name) }
    guard tensor.shape.count == shape.count, zip(shape, tensor.shape).allSatisfy({ $0 == nil || $0 == $1 }) else {
      throw .wrongShape(tensor: name, expected: shape, found: tensor.shape)
    }
    return tensor
  }
}
