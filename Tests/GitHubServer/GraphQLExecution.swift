/// Something with fields.
struct GraphQLObject {
  let type: String
  let resolve: (GraphQLArguments) throws(GraphQLProblem) -> GraphQLResult
}

enum GraphQLResult {
  case value(JSONValue)
  case object(GraphQLObject)
  case list([GraphQLObject])
  /// A list in which null stands for what fails, with an entry among the errors.
  case slots([Result<GraphQLObject, GraphQLProblem>])
  /// null, with an entry among the errors.
  case missing(GraphQLProblem)

  static var null: GraphQLResult { .value(.null) }
}

/// A field that is asked for, its variables replaced.
struct GraphQLArguments {
  let field: String
  let values: [String: GraphQLValue]

  func string(_ name: String) -> String? {
    if case .string(let text)? = values[name] { return text }
    return nil
  }

  func int(_ name: String) -> Int? {
    if case .int(let number)? = values[name] { return number }
    return nil
  }

  /// One word or a list of words, such as `OPEN` or `[OPEN]`.
  func words(_ name: String) -> [String]? {
    switch values[name] {
    case .word(let word)?: [word]
    case .string(let word)?: [word]
    case .list(let list)?:
      list.compactMap {
        switch $0 {
        case .word(let word), .string(let word): word
        default: nil
        }
      }
    default: nil
    }
  }
}

/// Answers one document from a root.
struct GraphQLExecution {
  private let document: GraphQLDocument
  private let variables: [String: GraphQLValue]
  private(set) var errors: [JSONValue] = []
  /// Fields that are lists of something; GitHub charges a point for a hundred of them.
  private(set) var connections = 0

  init(_ document: GraphQLDocument, variables: [String: GraphQLValue]) {
    self.document = document
    self.variables = variables
  }

  mutating func run(_ root: GraphQLObject) throws(GraphQLProblem) -> JSONValue {
    try answer(document.selections, of: root, path: [])
  }

  private mutating func answer(
    _ selections: [GraphQLSelection], of object: GraphQLObject, path: [String]
  ) throws(GraphQLProblem) -> JSONValue {
    guard !selections.isEmpty else { throw GraphQLProblem(message: "Field must have selections ('\(object.type)')") }
    var fields: [(String, JSONValue)] = []
    try collect(selections, of: object, path: path, into: &fields)
    return .object(fields)
  }

  private mutating func collect(
    _ selections: [GraphQLSelection], of object: GraphQLObject, path: [String], into fields: inout [(String, JSONValue)]
  ) throws(GraphQLProblem) {
    guard path.count < 50 else { throw GraphQLProblem(message: "Query is too deep") }
    for selection in selections {
      switch selection {
      case .field(let field): fields.append((field.alias, try answer(field, of: object, path: path + [field.alias])))
      case .inline(let type, let inner):
        if type == nil || type == object.type { try collect(inner, of: object, path: path, into: &fields) }
      case .spread(let name):
        guard let fragment = document.fragments[name] else {
          throw GraphQLProblem(message: "Fragment \(name) was used, but not defined")
        }
        if fragment.type == object.type { try collect(fragment.selections, of: object, path: path, into: &fields) }
      }
    }
  }

  private mutating func answer(
    _ field: GraphQLField, of object: GraphQLObject, path: [String]
  ) throws(GraphQLProblem) -> JSONValue {
    if field.name == "__typename" { return .string(object.type) }
    var values: [String: GraphQLValue] = [:]
    for (name, value) in field.arguments { values[name] = replaced(value) }
    switch try object.resolve(GraphQLArguments(field: field.name, values: values)) {
    case .value(let value):
      guard field.selections.isEmpty || value.isNull else {
        throw GraphQLProblem(message: "Selections can't be made on scalars (field '\(field.name)')")
      }
      return value
    case .object(let inner):
      if inner.type.hasSuffix("Connection") { connections += 1 }
      return try answer(field.selections, of: inner, path: path)
    case .list(let list):
      var items: [JSONValue] = []
      for item in list { items.append(try answer(field.selections, of: item, path: path)) }
      return .array(items)
    case .slots(let slots):
      var items: [JSONValue] = []
      for (place, slot) in slots.enumerated() {
        switch slot {
        case .success(let item): items.append(try answer(field.selections, of: item, path: path))
        case .failure(let problem):
          note(problem, at: path.map { .string($0) } + [.number(place)])
          items.append(.null)
        }
      }
      return .array(items)
    case .missing(let problem):
      note(problem, at: path.map { .string($0) })
      return .null
    }
  }

  private mutating func note(_ problem: GraphQLProblem, at path: [JSONValue]) {
    errors.append(
      .object([("type", .text(problem.type)), ("path", .array(path)), ("message", .string(problem.message))]))
  }

  private func replaced(_ value: GraphQLValue) -> GraphQLValue {
    switch value {
    case .variable(let name): variables[name] ?? .null
    case .list(let values): .list(values.map(replaced))
    case .object(let fields): .object(fields.mapValues(replaced))
    default: value
    }
  }
}

extension JSONValue {
  fileprivate var isNull: Bool {
    if case .null = self { return true }
    return false
  }
}

/// Makes an object of fields that have no arguments.
func plainObject(_ type: String, _ fields: [String: JSONValue]) -> GraphQLObject {
  GraphQLObject(type: type) { arguments throws(GraphQLProblem) in
    guard let value = fields[arguments.field] else { throw .undefined(arguments.field, on: type) }
    return .value(value)
  }
}

extension GraphQLProblem {
  static func undefined(_ field: String, on type: String) -> GraphQLProblem {
    GraphQLProblem(message: "Field '\(field)' doesn't exist on type '\(type)'")
  }
}
