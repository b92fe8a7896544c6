internal import Learners

/// A request of the Open Inference Protocol, V2: one tensor a feature, in JSON or, as Triton's extension has it, as raw
/// bytes behind the JSON.
///
/// Clients write members that they have no value for as null: that is the same as leaving them out.
struct InferenceRequest {
  struct Tensor {
    var name: String?
    var shape: [Int]?
    var datatype: String?
    /// Where its data begins in the JSON.
    var data: Int?
    /// Its data behind the JSON.
    var binary: Range<Int>?
    fileprivate var parameters = Parameters()
  }

  struct Output {
    let name: String
    /// nil: as the request wants all.
    let isBinary: Bool?
  }

  var id: String?
  var inputs: [Tensor] = []
  /// Those that are wanted; nil for all, which an empty list also means.
  var outputs: [Output]?
  var wantsBinary = false
  /// The share of targets that ranges are to hold; nil for no ranges.
  var level: Double?

  /// What is understood of parameters; others are for other servers.
  fileprivate struct Parameters {
    var binarySize: Int?
    var isBinary: Bool?
    var wantsBinary = false
    var level: Double?
  }

  /// - Parameter jsonLength: bytes of the JSON, where others follow it; nil where all of it is JSON.
  /// - Throws: `Problem` 400 for anything that is not of the protocol's form.
  init(reading bytes: Span<UInt8>, jsonLength: Int? = nil) throws(Problem) {
    let length = jsonLength ?? bytes.count
    guard (0...bytes.count).contains(length) else {
      throw Problem(
        400, "invalid-request", "Inference-Header-Content-Length is \(length), the body \(bytes.count) bytes")
    }
    try checkEncoding(bytes.extracting(0..<length))
    var cursor = JSONCursor(bytes, in: 0..<length)
    do throws(JSONFlaw) { try read(bytes, &cursor) } catch {
      throw Problem(400, "invalid-request", error.problem(at: "").detail)
    }
    try placeBinaryData(from: length, to: bytes.count)
  }

  private mutating func read(_ bytes: Span<UInt8>, _ cursor: inout JSONCursor) throws(JSONFlaw) {
    cursor.skipSpace(bytes)
    var hasInputs = false
    try cursor.object(bytes) { key, cursor throws(JSONFlaw) in
      guard !cursor.take(word: "null", bytes) else { return }
      switch key {
      case "id": id = try cursor.requireText(bytes, key)
      case "inputs":
        hasInputs = true
        try cursor.array(bytes) { cursor throws(JSONFlaw) in inputs.append(try Self.tensor(bytes, &cursor)) }
      case "outputs":
        var list: [Output] = []
        try cursor.array(bytes) { cursor throws(JSONFlaw) in
          let tensor = try Self.tensor(bytes, &cursor)
          list.append(Output(name: tensor.name ?? "", isBinary: tensor.parameters.isBinary))
        }
        outputs = list.isEmpty ? nil : list
      case "parameters":
        let parameters = try Self.parameters(bytes, &cursor)
        (wantsBinary, level) = (parameters.wantsBinary, parameters.level)
      // The path names the model; some clients say it here as well.
      case "model_name", "model_version": try cursor.skipValue(bytes)
      default: throw JSONFlaw(kind: .value, what: "“\(key.prefix(100))” is no member of a request", offset: 0)
      }
    }
    try cursor.expectEnd(bytes)
    guard hasInputs else { throw JSONFlaw(kind: .value, what: "“inputs” is missing", offset: 0) }
  }

  private static func tensor(_ bytes: Span<UInt8>, _ cursor: inout JSONCursor) throws(JSONFlaw) -> Tensor {
    var tensor = Tensor()
    try cursor.object(bytes) { key, cursor throws(JSONFlaw) in
      guard !cursor.take(word: "null", bytes) else { return }
      switch key {
      case "name": tensor.name = try cursor.requireText(bytes, key)
      case "datatype": tensor.datatype = try cursor.requireText(bytes, key)
      case "shape": tensor.shape = try shape(bytes, &cursor)
      case "data":
        tensor.data = cursor.position
        try cursor.skipValue(bytes)
      case "parameters": tensor.parameters = try parameters(bytes, &cursor)
      default: throw JSONFlaw(kind: .value, what: "“\(key.prefix(100))” is no member of a tensor", offset: 0)
      }
    }
    return tensor
  }

  private static func shape(_ bytes: Span<UInt8>, _ cursor: inout JSONCursor) throws(JSONFlaw) -> [Int] {
    var shape: [Int] = []
    try cursor.array(bytes) { cursor throws(JSONFlaw) in
      guard let number = try cursor.number(bytes), let size = Int(exactly: number), size >= 0 else {
        throw JSONFlaw(kind: .value, what: "a shape holds whole numbers", offset: cursor.position)
      }
      shape.append(size)
    }
    return shape
  }

  private static func parameters(_ bytes: Span<UInt8>, _ cursor: inout JSONCursor) throws(JSONFlaw) -> Parameters {
    var parameters = Parameters()
    try cursor.object(bytes) { key, cursor throws(JSONFlaw) in
      switch key {
      case "binary_data_size":
        guard let number = try cursor.number(bytes), let size = Int(exactly: number), size >= 0 else {
          throw JSONFlaw(kind: .value, what: "binary_data_size is a whole number", offset: cursor.position)
        }
        parameters.binarySize = size
      case "interval":
        guard let level = try cursor.number(bytes), level > 0, level < 1 else {
          throw JSONFlaw(
            kind: .value, what: "interval is a share between 0 and 1, such as 0.9", offset: cursor.position)
        }
        parameters.level = level
      case "binary_data", "binary_data_output":
        let isSo = cursor.take(word: "true", bytes)
        if !isSo { try cursor.skipValue(bytes) }
        if key == "binary_data" { parameters.isBinary = isSo } else { parameters.wantsBinary = isSo }
      default: try cursor.skipValue(bytes)
      }
    }
    return parameters
  }

  /// The data of tensors lies behind the JSON in their order, all of it.
  private mutating func placeBinaryData(from start: Int, to end: Int) throws(Problem) {
    var place = start
    for index in inputs.indices {
      guard let size = inputs[index].parameters.binarySize else { continue }
      guard size <= end - place else {
        throw Problem(
          400, "invalid-request",
          "input “\((inputs[index].name ?? "").prefix(100))” has \(size) bytes of data, \(end - place) are left")
      }
      inputs[index].binary = place..<place + size
      place += size
    }
    guard place == end else {
      throw Problem(400, "invalid-request", "\(end - place) bytes behind the JSON belong to no input")
    }
  }
}
