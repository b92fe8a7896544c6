internal import Linalg

/// What becomes of a right answer to `nodes` where GitHub fails at some of them.
struct GraphQLSpoiler {
  let fault: Fault
  /// Draws which ones fail.
  let random: RandomStream

  /// The answer's data and its errors.
  func spoiled(_ data: JSONValue, _ errors: [JSONValue]) -> (JSONValue, [JSONValue]) {
    guard case .object(var fields) = data, let at = fields.firstIndex(where: { $0.0 == "nodes" }),
      case .array(var nodes) = fields[at].1
    else { return (data, errors) }
    if fault == .nodesNull {
      fields[at].1 = .null
      return (.object(fields), [Self.error("SERVICE_UNAVAILABLE", "Something went wrong.", [.string("nodes")])])
    }
    var errors = errors
    var random = random
    var failed = nodes.indices.filter {
      fault == .forbiddenNodes
        ? nodes[$0].number("databaseId").map { $0 / 7 % 10 == 0 } ?? false : random.uniform() < 0.5
    }
    if failed.isEmpty, fault != .forbiddenNodes, !nodes.isEmpty { failed = [0] }
    for place in failed {
      let path: [JSONValue] = [.string("nodes"), .number(place)]
      switch fault {
      case .failedField:
        nodes[place] = nodes[place].replacing("readme", by: .null)
        errors.append(Self.error("SERVICE_UNAVAILABLE", "Something went wrong.", path + [.string("readme")]))
      case .forbiddenNodes:
        nodes[place] = .null
        errors.append(Self.error("FORBIDDEN", "Resource protected by organization SAML enforcement.", path))
      default:
        nodes[place] = .null
        errors.append(Self.error("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.", path))
      }
    }
    fields[at].1 = .array(nodes)
    return (.object(fields), errors)
  }

  static func error(_ type: String, _ message: String, _ path: [JSONValue]) -> JSONValue {
    .object([("type", .string(type)), ("path", .array(path)), ("message", .string(message))])
  }
}

extension JSONValue {
  fileprivate func number(_ name: String) -> Int? {
    guard case .object(let fields) = self, case .number(let number)? = fields.first(where: { $0.0 == name })?.1 else {
      return nil
    }
    return number
  }

  fileprivate func replacing(_ name: String, by value: JSONValue) -> JSONValue {
    guard case .object(let fields) = self else { return self }
    return .object(fields.map { $0.0 == name ? (name, value) : $0 })
  }
}

extension Fault {
  /// Only answers of GraphQL's can have it.
  package var isOfGraphQL: Bool {
    [.partialNodes, .failedField, .nodesNull, .forbidden, .insufficientScopes, .forbiddenNodes].contains(self)
  }
}
