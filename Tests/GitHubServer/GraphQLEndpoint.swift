internal import FoundationEssentials

/// `POST /graphql`.
struct GraphQLEndpoint {
  struct Outcome {
    let answer: WebAnswer
    let cost: Int
  }

  private struct Question: Decodable {
    var query: String
    var variables: [String: GraphQLValue]?
  }

  let population: Population
  /// What goes wrong with single nodes.
  var spoiler: GraphQLSpoiler?

  /// - Parameters:
  ///   - remaining: points that are left before this query; `reset`: when the window ends.
  func outcome(_ request: WebRequest, search: Search, remaining: Int, reset: String) -> Outcome {
    guard request.method == "POST", let question = try? JSONDecoder().decode(Question.self, from: Data(request.body))
    else {
      return Outcome(answer: WebAnswer(status: 400, message: "Problems parsing JSON"), cost: 1)
    }
    do throws(GraphQLProblem) {
      let document = try GraphQLDocument(question.query)
      var execution = GraphQLExecution(document, variables: question.variables ?? [:])
      // The cost is known only afterwards, and the query may ask for it: the first run counts.
      _ = try execution.run(root(search: search, cost: 1, remaining: remaining, reset: reset))
      let cost = max(1, execution.connections / 100)
      execution = GraphQLExecution(document, variables: question.variables ?? [:])
      let data = try execution.run(root(search: search, cost: cost, remaining: max(0, remaining - cost), reset: reset))
      let (content, problems) = spoiler?.spoiled(data, execution.errors) ?? (data, execution.errors)
      let errors = problems.isEmpty ? [] : [("errors", JSONValue.array(problems))]
      return Outcome(
        answer: WebAnswer(status: 200, json: JSONValue.object([("data", content)] + errors).bytes), cost: cost)
    } catch {
      let problem = JSONValue.object([("message", .string(error.message))])
      return Outcome(
        answer: WebAnswer(status: 200, json: JSONValue.object([("errors", .array([problem]))]).bytes), cost: 1)
    }
  }

  private func root(search: Search, cost: Int, remaining: Int, reset: String) -> GraphQLObject {
    GraphQLObject(type: "Query") { arguments throws(GraphQLProblem) in
      switch arguments.field {
      case "rateLimit":
        return .object(
          plainObject(
            "RateLimit",
            [
              "cost": .number(cost), "remaining": .number(remaining), "limit": .number(5000), "used": .number(cost),
              "resetAt": .string(reset), "nodeCount": .number(0),
            ]))
      case "repository":
        let name = (arguments.string("owner") ?? "") + "/" + (arguments.string("name") ?? "")
        return repository(population.position(of: name), "Could not resolve to a Repository with the name '\(name)'.")
      case "node":
        let id = arguments.string("id") ?? ""
        return repository(position(ofNode: id), "Could not resolve to a node with the global id of '\(id)'")
      case "nodes":
        let ids = arguments.words("ids") ?? []
        return .slots(
          ids.map { id in
            guard let position = position(ofNode: id) else {
              return .failure(
                GraphQLProblem(message: "Could not resolve to a node with the global id of '\(id)'", type: "NOT_FOUND"))
            }
            return .success(population.repositories[position].renamed.graphQLObject)
          })
      case "search":
        var search = search
        do throws(SearchProblem) {
          let count = try search.count(arguments.string("query") ?? "")
          return .object(plainObject("SearchResultItemConnection", ["repositoryCount": .number(count)]))
        } catch { throw GraphQLProblem(message: error.message) }
      default: throw .undefined(arguments.field, on: "Query")
      }
    }
  }

  private func position(ofNode id: String) -> Int? {
    id.hasPrefix("R_kgDO") ? Int(id.dropFirst(6)).flatMap(population.position(ofID:)) : nil
  }

  private func repository(_ position: Int?, _ problem: String) -> GraphQLResult {
    guard let repository = position.map({ population.repositories[$0] }),
      ![.missing, .blocked].contains(repository.fate)
    else { return .missing(GraphQLProblem(message: problem, type: "NOT_FOUND")) }
    return .object(repository.renamed.graphQLObject)
  }
}

extension GraphQLValue: Decodable {
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? value.decode(Int.self) {
      self = .int(number)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let list = try? value.decode([GraphQLValue].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: GraphQLValue].self))
    }
  }
}
