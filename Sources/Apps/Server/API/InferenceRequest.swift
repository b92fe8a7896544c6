internal import Learners

/// A request of the Open Inference Protocol, V2, as JSON: one tensor a feature.
struct InferenceRequest {
  struct Tensor {
    var name: String?
    var shape: [Int]?
    var datatype: String?
    /// Where its data begins.
    var data: Int?
  }

  var id: String?
  var inputs: [Tensor] = []
  /// Names of the outputs that are wanted; nil for all, which an empty list also means.
  var outputs: [String]?

  /// - Throws: `Problem` 400 for anything that is not of the protocol's form.
  init(reading bytes: Span<UInt8>) throws(Problem) {
    try checkEncoding(bytes)
    var cursor = JSONCursor(bytes)
    do throws(JSONFlaw) {
      cursor.skipSpace(bytes)
      var hasInputs = false
      try cursor.object(bytes) { key, cursor throws(JSONFlaw) in
        switch key {
        case "id": id = try cursor.requireText(bytes, key)
        case "inputs":
          hasInputs = true
          try cursor.array(bytes) { cursor throws(JSONFlaw) in inputs.append(try Self.tensor(bytes, &cursor)) }
        case "outputs":
          var names: [String] = []
          try cursor.array(bytes) { cursor throws(JSONFlaw) in
            names.append(try Self.tensor(bytes, &cursor).name ?? "")
          }
          outputs = names.isEmpty ? nil : names
        case "parameters": try cursor.skipObject(bytes)
        default: throw JSONFlaw(kind: .value, what: "“\(key.prefix(100))” is no member of a request", offset: 0)
        }
      }
      try cursor.expectEnd(bytes)
      guard hasInputs else { throw JSONFlaw(kind: .value, what: "“inputs” is missing", offset: 0) }
    } catch {
      throw Problem(400, "invalid-request", error.problem(at: "").detail)
    }
  }

  private static func tensor(_ bytes: Span<UInt8>, _ cursor: inout JSONCursor) throws(JSONFlaw) -> Tensor {
    var tensor = Tensor()
    try cursor.object(bytes) { key, cursor throws(JSONFlaw) in
      switch key {
      case "name": tensor.name = try cursor.requireText(bytes, key)
      case "datatype": tensor.datatype = try cursor.requireText(bytes, key)
      case "shape":
        var shape: [Int] = []
        try cursor.array(bytes) { cursor throws(JSONFlaw) in
          guard let number = try cursor.number(bytes), let size = Int(exactly: number), size >= 0 else {
            throw JSONFlaw(kind: .value, what: "a shape holds whole numbers", offset: cursor.position)
          }
          shape.append(size)
        }
        tensor.shape = shape
      case "data":
        tensor.data = cursor.position
        try cursor.skipValue(bytes)
      case "parameters": try cursor.skipObject(bytes)
      default: throw JSONFlaw(kind: .value, what: "“\(key.prefix(100))” is no member of a tensor", offset: 0)
      }
    }
    return tensor
  }
}
