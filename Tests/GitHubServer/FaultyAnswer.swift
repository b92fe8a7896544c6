internal import Linalg

extension FaultDrawing.Drawn {
  /// Whether the server answers at once, without looking at the request.
  var isInstead: Bool {
    switch fault {
    case .status500, .status502, .status503, .status504, .secondary403, .secondary429, .secondarySilent, .primary403,
      .primary429, .silence, .cut, .endlessRedirect, .page, .unauthorized, .forbidden, .insufficientScopes:
      true
    default: false
    }
  }

  /// The answer in place of the right one.
  func answer(_ request: WebRequest, _ plan: FaultPlan) -> WebAnswer {
    switch fault {
    case .status500: return WebAnswer(status: 500, message: "Server Error")
    case .status502, .status503, .status504: return broken
    case .secondary403, .secondarySilent: return secondary(status: 403, plan)
    case .secondary429: return secondary(status: 429, plan)
    case .primary403, .primary429:
      return RateLimits.exceeded(request.resource, status: fault == .primary403 ? 403 : 429)
    case .silence: return delivered(.silent(.seconds(plan.silence)))
    case .endlessRedirect: return redirect(request)
    case .page: return page
    case .unauthorized: return WebAnswer(status: 401, message: "Bad credentials")
    case .forbidden, .insufficientScopes: return refusal
    default: return delivered(.cut(after: nil))
    }
  }

  private func delivered(_ delivery: WebAnswer.Delivery) -> WebAnswer {
    var answer = WebAnswer(status: 200, json: [])
    answer.delivery = delivery
    return answer
  }

  /// What GraphQL says with status 200.
  private var refusal: WebAnswer {
    let error =
      fault == .forbidden
      ? GraphQLSpoiler.error("FORBIDDEN", "Resource not accessible by personal access token", [.string("nodes")])
      : GraphQLSpoiler.error("INSUFFICIENT_SCOPES", "Your token has not been granted the required scopes.", [])
    return WebAnswer(
      status: 200, json: JSONValue.object([("data", .null), ("errors", .array([error]))]).bytes)
  }

  /// What the faults of single nodes need.
  func spoiler(_ request: WebRequest) -> GraphQLSpoiler? {
    guard [.partialNodes, .failedField, .nodesNull, .forbiddenNodes].contains(fault) else { return nil }
    return GraphQLSpoiler(fault: fault, random: random)
  }

  private var broken: WebAnswer {
    var answer = page
    answer.status = fault == .status502 ? 502 : fault == .status503 ? 503 : 504
    return answer
  }

  /// A page for people where JSON should be.
  private var page: WebAnswer {
    var answer = WebAnswer(status: 200, json: Array("<!DOCTYPE html><html><body>Unicorn!</body></html>".utf8))
    answer.headers = [("Content-Type", "text/html; charset=utf-8")]
    return answer
  }

  private func secondary(status: Int, _ plan: FaultPlan) -> WebAnswer {
    var answer = WebAnswer(
      status: status,
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
    if fault != .secondarySilent { answer.headers = [("Retry-After", String(plan.wait))] }
    return answer
  }

  private func redirect(_ request: WebRequest) -> WebAnswer {
    var answer = WebAnswer(status: 301, message: "Moved Permanently")
    let step = request.query["step"].flatMap { Int($0) } ?? 0
    answer.headers = [("Location", "\(request.base)\(request.path)?step=\(step &+ 1)")]
    return answer
  }

  /// What becomes of the right answer.
  mutating func spoil(_ answer: inout WebAnswer, _ plan: FaultPlan) {
    answer.etag = nil
    switch fault {
    case .cutBody: answer.delivery = .cut(after: answer.body.count / 2)
    case .truncatedJSON: answer.body.removeLast(max(1, answer.body.count / 3))
    case .invalidJSON: answer.body = Array("{\"items\": [}{".utf8) + answer.body
    case .emptyBody: answer.body = []
    case .invalidUTF8:
      replace(["full_name", "login", "name"], in: &answer) { _, _ in [0x22, 0xFF, 0xC0, 0xAF, 0xED, 0x22] }
    case .slowDrip: answer.delivery = .drip(every: .milliseconds(100))
    case .endlessBody:
      answer.body = Array(repeating: UInt8(ascii: " "), count: 1 << 16)
      answer.delivery = .endless(bytes: 10 << 30)
    case .hugeHeader: answer.headers.append(("X-Padding", String(repeating: "a", count: 1 << 20)))
    case .nulText: replace(["description"], in: &answer) { _, _ in Array(#""\u0000nul\u0000""#.utf8) }
    case .wrongType: replace(plan.field.map { [$0] }, in: &answer, by: SpoiledJSON.wrongType)
    case .hugeNumber:
      replace(plan.field.map { [$0] }, in: &answer) { _, _ in
        [UInt8(ascii: "1")] + Array(repeating: UInt8(ascii: "0"), count: 400)
      }
    case .deepNesting:
      replace(plan.field.map { [$0] }, in: &answer) { _, _ in
        Array(repeating: UInt8(ascii: "["), count: 100_000) + Array(repeating: UInt8(ascii: "]"), count: 100_000)
      }
    default: break
    }
  }

  /// Spoils one of the fields that are there.
  private mutating func replace(_ fields: [String]?, in answer: inout WebAnswer, by value: (UInt8, Int) -> [UInt8]) {
    var candidates = fields ?? SpoiledJSON.fields
    while !candidates.isEmpty {
      let field = candidates.remove(at: random.uniform(below: candidates.count))
      let choice = random.uniform(below: 60)
      if let spoiled = SpoiledJSON.replacing(field, in: answer.body, by: { value($0, choice) }) {
        answer.body = spoiled
        return
      }
    }
  }
}

extension RateLimits {
  /// GraphQL tells of its limit in an answer with status 200.
  static func exceeded(_ resource: Resource, status: Int) -> WebAnswer {
    guard resource == .graphql else {
      return WebAnswer(status: status, message: "API rate limit exceeded for user ID 1.")
    }
    return WebAnswer(
      status: 200,
      json: Array(#"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded for user ID 1."}]}"#.utf8))
  }
}
