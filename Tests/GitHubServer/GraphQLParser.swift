/// A query that is no GraphQL or asks for what is not there, worded as GitHub does.
struct GraphQLProblem: Error {
  let message: String
  var type: String?
}

indirect enum GraphQLValue: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case string(String)
  case word(String)
  case list([GraphQLValue])
  case object([String: GraphQLValue])
  case variable(String)
}

struct GraphQLField {
  let alias: String
  let name: String
  let arguments: [String: GraphQLValue]
  let selections: [GraphQLSelection]
}

enum GraphQLSelection {
  case field(GraphQLField)
  /// `... on Type { … }`
  case inline(type: String?, [GraphQLSelection])
  /// `...name`
  case spread(String)
}

/// One query and its fragments.
struct GraphQLDocument {
  private(set) var selections: [GraphQLSelection] = []
  private(set) var fragments: [String: (type: String, selections: [GraphQLSelection])] = [:]

  init(_ text: String) throws(GraphQLProblem) {
    var parser = GraphQLParser(text)
    while let token = parser.peek() {
      if token == "fragment" {
        parser.skip()
        let name = try parser.name()
        try parser.expect("on")
        let type = try parser.name()
        fragments[name] = (type, try parser.selectionSet())
      } else {
        try parser.operationHead()
        selections += try parser.selectionSet()
      }
    }
    guard !selections.isEmpty else { throw GraphQLProblem(message: "A query attribute must be specified.") }
  }
}

/// Recursive descent over the part of GraphQL that a query needs; depth is bounded.
private struct GraphQLParser {
  private var tokens: ArraySlice<String>
  private var depth = 0

  init(_ text: String) { tokens = GraphQLParser.tokens(of: text)[...] }

  func peek() -> String? { tokens.first }
  mutating func skip() { tokens = tokens.dropFirst() }

  mutating func take(_ token: String) -> Bool {
    guard tokens.first == token else { return false }
    skip()
    return true
  }

  mutating func expect(_ token: String) throws(GraphQLProblem) {
    guard take(token) else {
      throw GraphQLProblem(message: "Parse error on \"\(tokens.first ?? "end of text")\", expected \"\(token)\"")
    }
  }

  mutating func name() throws(GraphQLProblem) -> String {
    guard let token = tokens.first, token.first?.isLetter == true || token.first == "_" else {
      throw GraphQLProblem(message: "Parse error on \"\(tokens.first ?? "end of text")\", expected a name")
    }
    skip()
    return token
  }

  /// `query Name($a: Type!)`; types of variables are not checked.
  mutating func operationHead() throws(GraphQLProblem) {
    guard take("query") else { return }
    if tokens.first != "{" && tokens.first != "(" { _ = try name() }
    guard take("(") else { return }
    while !take(")") {
      guard tokens.first != nil else { throw GraphQLProblem(message: "Parse error: variables without an end") }
      skip()
    }
  }

  mutating func selectionSet() throws(GraphQLProblem) -> [GraphQLSelection] {
    try expect("{")
    depth += 1
    defer { depth -= 1 }
    guard depth < 50 else { throw GraphQLProblem(message: "Query is too deep") }
    var selections: [GraphQLSelection] = []
    while !take("}") { selections.append(try selection()) }
    return selections
  }

  private mutating func selection() throws(GraphQLProblem) -> GraphQLSelection {
    if take("...") {
      if take("on") {
        let type = try name()
        return .inline(type: type, try selectionSet())
      }
      return tokens.first == "{" ? .inline(type: nil, try selectionSet()) : .spread(try name())
    }
    let first = try name()
    let name = take(":") ? try self.name() : first
    var arguments: [String: GraphQLValue] = [:]
    if take("(") {
      while !take(")") {
        let argument = try self.name()
        try expect(":")
        arguments[argument] = try value()
      }
    }
    let selections = tokens.first == "{" ? try selectionSet() : []
    return .field(GraphQLField(alias: first, name: name, arguments: arguments, selections: selections))
  }

  private mutating func value() throws(GraphQLProblem) -> GraphQLValue {
    depth += 1
    defer { depth -= 1 }
    guard depth < 50, let token = tokens.first else { throw GraphQLProblem(message: "Parse error: a value is missing") }
    skip()
    switch token {
    case "[":
      var values: [GraphQLValue] = []
      while !take("]") { values.append(try value()) }
      return .list(values)
    case "{":
      var fields: [String: GraphQLValue] = [:]
      while !take("}") {
        let field = try name()
        try expect(":")
        fields[field] = try value()
      }
      return .object(fields)
    case "$": return .variable(try name())
    case "true", "false": return .bool(token == "true")
    case "null": return .null
    default:
      if token.hasPrefix("\"") { return .string(String(token.dropFirst())) }
      if let number = Int(token) { return .int(number) }
      guard token.first?.isLetter == true else { throw GraphQLProblem(message: "Parse error on \"\(token)\"") }
      return .word(token)
    }
  }

  /// Marks, words and numbers; a string is its text behind a quote. Commas and comments have no meaning.
  private static func tokens(of text: String) -> [String] {
    var tokens: [String] = []
    var rest = Array(text.unicodeScalars)[...]
    func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
      scalar == "_" || scalar == "-"
        || (scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil))
    }
    while let scalar = rest.first {
      if isWordScalar(scalar) {
        let word = rest.prefix(while: isWordScalar)
        tokens.append(String(String.UnicodeScalarView(word)))
        rest = rest.dropFirst(word.count)
      } else if scalar == "\"" {
        tokens.append("\"" + takeString(from: &rest))
      } else if scalar == "#" {
        rest = rest.drop { $0 != "\n" }
      } else if rest.starts(with: "...".unicodeScalars) {
        tokens.append("...")
        rest = rest.dropFirst(3)
      } else {
        if !scalar.properties.isWhitespace && scalar != "," { tokens.append(String(scalar)) }
        rest = rest.dropFirst()
      }
    }
    return tokens
  }

  private static func takeString(from rest: inout ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    rest = rest.dropFirst()
    while let scalar = rest.popFirst(), scalar != "\"" {
      if scalar == "\\", let escaped = rest.popFirst() {
        text.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
