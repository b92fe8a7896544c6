internal import Learners

/// The tensors of a request as rows of features.
struct InferenceTensors {
  private let reader: InstanceReader
  private let limit: Int

  init(_ reader: InstanceReader, limit: Int) {
    self.reader = reader
    self.limit = limit
  }

  /// Datatypes of numbers, with the least and largest value where they are whole.
  private static let ranges: [String: ClosedRange<Double>?] = [
    "BOOL": 0...1, "UINT8": 0...255, "UINT16": 0...65_535, "UINT32": 0...4_294_967_295, "UINT64": 0...0x1p64,
    "INT8": -128...127, "INT16": -32_768...32_767, "INT32": -2_147_483_648...2_147_483_647, "INT64": -0x1p63...0x1p63,
    "FP16": nil, "FP32": nil, "FP64": nil,
  ]

  /// - Throws: `Problem` 400 that names the input.
  func instances(_ request: InferenceRequest, _ bytes: Span<UInt8>) throws(Problem) -> Instances {
    let featureCount = reader.features.count
    var instances = Instances()
    var isGiven = [Bool](repeating: false, count: featureCount)
    var rowCount: Int?
    for (index, tensor) in request.inputs.enumerated() {
      let (input, rows) = try header(of: tensor, index)
      let name = self.name(of: input)
      let places = Self.places(of: input)
      guard !places.contains(where: { isGiven[$0] }) else { throw Self.problem(name, "is given twice") }
      for place in places { isGiven[place] = true }
      guard rows == rowCount ?? rows else {
        throw Self.problem(name, "has \(rows) rows, the inputs before it \(rowCount!)")
      }
      guard rows <= limit else {
        throw Problem(413, "too-large", "input “\(name)” has \(rows) rows: at most \(limit) fit into a request")
      }
      if rowCount == nil {
        rowCount = rows
        instances.values = [Double](repeating: .nan, count: rows * featureCount)
      }
      let values = try self.values(of: tensor, input, count: rows, bytes, &instances)
      for row in 0..<rows {
        switch input {
        case .feature(let feature): instances.values[row * featureCount + feature] = values[row]
        case .date(let date):
          for part in date.values(values[row]) { instances.values[row * featureCount + part.feature] = part.value }
        }
      }
    }
    instances.rowCount = rowCount ?? 0
    if isGiven.contains(false) { instances.missingCounts = isGiven.map { $0 ? 0 : instances.rowCount } }
    return instances
  }

  private static func problem(_ input: String, _ what: String) -> Problem {
    Problem(400, "invalid-input", "input “\(input.prefix(100))” \(what)")
  }

  private func name(of input: InstanceReader.Input) -> String {
    switch input {
    case .feature(let feature): reader.features[feature].name
    case .date(let date): date.name
    }
  }

  /// The features that an input gives.
  private static func places(of input: InstanceReader.Input) -> [Int] {
    switch input {
    case .feature(let feature): [feature]
    case .date(let date): date.parts.map(\.feature)
    }
  }

  /// Whether an input may be texts, and whether it may be numbers.
  private func kinds(of input: InstanceReader.Input) -> (text: Bool, number: Bool) {
    guard case .feature(let feature) = input else { return (true, true) }
    let isText = reader.features[feature].levels != nil
    return (isText, !isText)
  }

  /// What a tensor is, and its number of rows.
  private func header(
    of tensor: InferenceRequest.Tensor, _ index: Int
  ) throws(Problem) -> (input: InstanceReader.Input, rows: Int) {
    guard let name = tensor.name else { throw Problem(400, "invalid-input", "inputs[\(index)] has no name") }
    guard let input = reader.input(named: name) else {
      throw Self.problem(name, "is no feature of the model: see its metadata")
    }
    guard let shape = tensor.shape, let datatype = tensor.datatype, tensor.data != nil || tensor.binary != nil
    else {
      throw Self.problem(name, "needs shape, datatype and data")
    }
    guard shape.count == 1 || (shape.count == 2 && shape[1] == 1) else {
      throw Self.problem(name, "must have the shape [rows] or [rows, 1]")
    }
    let (mayBeText, mayBeNumber) = kinds(of: input)
    guard (mayBeText && datatype == "BYTES") || (mayBeNumber && Self.ranges[datatype] != nil) else {
      throw Self.problem(name, "must be \(mayBeText ? "BYTES" : "numbers such as FP64"), not \(datatype.prefix(20))")
    }
    return (input, shape[0])
  }

  private func values(
    of tensor: InferenceRequest.Tensor, _ input: InstanceReader.Input, count: Int, _ bytes: Span<UInt8>,
    _ instances: inout Instances
  ) throws(Problem) -> [Double] {
    if let binary = tensor.binary {
      return try self.values(of: binary, tensor.datatype ?? "", input, count: count, bytes, &instances)
    }
    var values: [Double] = []
    values.reserveCapacity(count)
    var cursor = JSONCursor(bytes)
    cursor.position = tensor.data ?? 0
    let range = Self.ranges[tensor.datatype ?? ""] ?? nil
    let mayNest = tensor.shape?.count == 2
    var isNested = false
    do throws(JSONFlaw) {
      try cursor.array(bytes) { cursor throws(JSONFlaw) in
        guard values.count < count else { throw cursor.flaw("there is more data than its shape has") }
        // Data is flat or nested as the shape is: both are the same values in the same order.
        let opens = mayNest && cursor.position < cursor.end && bytes[cursor.position] == UInt8(ascii: "[")
        if values.isEmpty { isNested = opens }
        guard opens == isNested else {
          throw cursor.flaw("must be \(isNested ? "an array" : "a value") as those before it are")
        }
        if opens {
          values.append(try only(input, range, bytes, &cursor, &instances))
        } else {
          values.append(try value(of: input, range, bytes, &cursor, &instances))
        }
      }
    } catch {
      let name = name(of: input).prefix(100)
      throw Problem(400, "invalid-input", "input “\(name)”, data[\(values.count)]: \(error.what)")
    }
    guard values.count == count else {
      throw Self.problem(name(of: input), "has \(values.count) values for \(count) rows")
    }
    return values
  }

  /// Values that lie behind the JSON.
  private func values(
    of range: Range<Int>, _ datatype: String, _ input: InstanceReader.Input, count: Int, _ bytes: Span<UInt8>,
    _ instances: inout Instances
  ) throws(Problem) -> [Double] {
    let name = name(of: input)
    let isText = datatype == "BYTES"
    var tensor = BinaryTensor(range, datatype: datatype)
    var values: [Double] = []
    values.reserveCapacity(min(count, range.count))
    for _ in 0..<count {
      var value: Double?
      switch input {
      case .feature(let feature):
        value =
          isText ? tensor.text(bytes).map { reader.level($0, of: feature, bytes, &instances) } : tensor.number(bytes)
      case .date(let date):
        let text = isText ? tensor.text(bytes).map { JSONCursor.plainText(bytes, $0) } : nil
        let number = isText ? nil : tensor.number(bytes)
        value = text.flatMap(date.moment) ?? number.flatMap(date.moment)
        if value == nil && (text != nil || number != nil) {
          throw Self.problem(name, "must be \(date.wanted.replacing(" or null", with: "")) in row \(values.count)")
        }
      }
      guard let value else {
        throw Self.problem(name, "has data for \(values.count) of \(count) rows, or an infinite number")
      }
      values.append(value)
    }
    guard tensor.isAtEnd else { throw Self.problem(name, "has more data than its shape") }
    return values
  }

  /// The value of a row that is an array of one.
  private func only(
    _ input: InstanceReader.Input, _ range: ClosedRange<Double>?, _ bytes: Span<UInt8>, _ cursor: inout JSONCursor,
    _ instances: inout Instances
  ) throws(JSONFlaw) -> Double {
    var found: Double?
    try cursor.array(bytes) { cursor throws(JSONFlaw) in
      guard found == nil else { throw cursor.flaw("must hold one value, as its shape says") }
      found = try value(of: input, range, bytes, &cursor, &instances)
    }
    guard let found else { throw cursor.flaw("must hold one value, as its shape says") }
    return found
  }

  private func value(
    of input: InstanceReader.Input, _ range: ClosedRange<Double>?, _ bytes: Span<UInt8>, _ cursor: inout JSONCursor,
    _ instances: inout Instances
  ) throws(JSONFlaw) -> Double {
    guard case .feature(let feature) = input else {
      guard case .date(let date) = input else { return .nan }
      return try date.moment(bytes, &cursor)
    }
    let value = try reader.value(of: feature, bytes, &cursor, &instances)
    if let range, !value.isNaN, !(range.contains(value) && value == value.rounded()) {
      throw cursor.flaw("is none of its datatype")
    }
    return value
  }
}

extension JSONCursor {
  /// What is wrong with a value.
  fileprivate func flaw(_ what: String) -> JSONFlaw { JSONFlaw(kind: .value, what: what, offset: position) }
}
