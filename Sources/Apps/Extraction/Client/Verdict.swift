internal import FoundationEssentials

/// What an answer means for the one who asked.
package enum Verdict: Equatable, Sendable {
  /// The answer holds what was asked for.
  case content
  /// Nothing changed since the answer with the ETag that was sent.
  case notModified
  /// A limit is used up: nothing may be asked for `seconds`, or, where GitHub does not say, for a minute or longer.
  case limited(String, seconds: Double?)
  /// A fault that passes by itself.
  case passing(String)
  /// Too much was asked at once: a smaller question may be answered.
  case tooMuch(String)
  /// Waiting does not help.
  case refused(ExtractionError.Code, String, advice: String)
}

extension Verdict {
  /// The one place that knows what GitHub's answers mean.
  ///
  /// | status | and | means |
  /// |---|---|---|
  /// | 200 | no errors | content |
  /// | 200 | GraphQL error `RATE_LIMITED`, or its message says “rate limit” | limited |
  /// | 200 | GraphQL does not know a field of the query | refused |
  /// | 200 | GraphQL data and errors of single nodes | content: `DetailsPage` knows which are gone and which failed |
  /// | 200 | GraphQL refuses without data: `FORBIDDEN`, `INSUFFICIENT_SCOPES` | refused: no permission |
  /// | 200 | other GraphQL errors without data | too much |
  /// | 202 | | passing: it is being computed |
  /// | 301 302 303 307 308 | | refused: the HTTP client follows what may be followed |
  /// | 304 | | not modified |
  /// | 401 | | refused: bad credentials; once more in the middle of a run, see `GitHubClient` |
  /// | 403 429 | nothing remaining, retry-after, or a message about a limit | limited |
  /// | 403 | otherwise | refused: no permission |
  /// | 404 410 | | refused: no such thing under this address |
  /// | 408 409 425 | | passing |
  /// | 422 | “Only the first 1000 …” | too much |
  /// | 422 | otherwise | refused: the query |
  /// | 451 | | refused: for legal reasons |
  /// | 429 | otherwise | limited |
  /// | 502 504 | GraphQL | too much |
  /// | 5xx | | passing, not before retry-after |
  /// | anything else | | refused |
  package init(_ answer: Answer, from resource: Resource) {
    switch answer.status {
    case 200: self = resource == .graphQL ? .graphQL(answer) : .content
    case 202: self = .passing("GitHub is still computing the answer (202)")
    case 304: self = .notModified
    case 300..<400:
      self = .refused(.unavailable, "GitHub redirects to nowhere (\(answer.status))", advice: "check --api")
    case 403, 429: self = .forbidden(answer)
    case 408, 409, 425: self = .passing("GitHub could not answer now (\(answer.status))")
    case 422: self = .unprocessable(answer)
    case 500..<600: self = .serverFault(answer, resource)
    default: self = .final(answer)
    }
  }

  private static func graphQL(_ answer: Answer) -> Verdict {
    guard let reply = GraphQLErrors(answer.body) else { return .content }  // the reader says what is wrong with it
    guard let first = reply.errors.first else { return .content }
    if reply.errors.contains(where: \.isLimit) {
      return .limited("the hour's points of GraphQL are used up", seconds: answer.wait)
    }
    if first.message.contains("doesn't exist on type") || first.message.hasPrefix("Parse error") {
      return .refused(
        .unavailable, first.says, advice: "leave out --details graphql: this GitHub does not know the query")
    }
    // Errors of single nodes come with the data of the others: the reader tells them apart.
    if reply.hasData { return .content }
    if let refusal = reply.errors.first(where: \.isRefusal) {
      return .refused(
        .noPermission, refusal.says, advice: "check what the token may do, or leave out --details graphql")
    }
    return .tooMuch(first.says)
  }

  private static func forbidden(_ answer: Answer) -> Verdict {
    let message = Message(answer.body).text
    let text = message.lowercased()
    if text.contains("secondary rate limit") || text.contains("abuse detection") {
      return .limited("GitHub's secondary limit: too much in too short a time", seconds: answer.retryAfter)
    }
    if answer.remaining == 0 {
      return .limited("the requests that GitHub allows for now are used up", seconds: answer.wait)
    }
    if answer.retryAfter != nil || text.contains("rate limit") || answer.status == 429 {
      return .limited("GitHub asks to come back later (\(answer.status))", seconds: answer.retryAfter)
    }
    return .refused(
      .noPermission, "GitHub forbids it (\(answer.status)): \(shown(message))",
      advice: "check what the token may do, or leave it out")
  }

  private static func unprocessable(_ answer: Answer) -> Verdict {
    let message = Message(answer.body).text
    if message.hasPrefix("Only the first") { return .tooMuch("GitHub says “\(shown(message))”") }
    return .refused(
      .usage, "GitHub does not understand the query (422): \(shown(message))", advice: "correct --query")
  }

  private static func serverFault(_ answer: Answer, _ resource: Resource) -> Verdict {
    let reason = "GitHub has a fault (\(answer.status))"
    if let seconds = answer.retryAfter { return .limited(reason, seconds: seconds) }
    return resource == .graphQL && (answer.status == 502 || answer.status == 504) ? .tooMuch(reason) : .passing(reason)
  }

  private static func final(_ answer: Answer) -> Verdict {
    let says = "\(answer.status)): \(shown(Message(answer.body).text))"
    return switch answer.status {
    case 401: .refused(.noPermission, "GitHub does not know the token (" + says, advice: "make a new token")
    case 404, 410: .refused(.unavailable, "there is no such address (" + says, advice: "check --api")
    case 451: .refused(.unavailable, "GitHub may not show it for legal reasons (" + says, advice: "narrow --query")
    default: .refused(.unavailable, "GitHub refuses (" + says, advice: "check --api and --query")
    }
  }
}

extension Answer {
  /// Seconds until the limit is lifted; a second more than GitHub says, because its clock and its limiter may differ.
  fileprivate var wait: Double? { retryAfter ?? secondsToReset.map { $0 + 1 } }
}

/// The text of an error answer.
private struct Message: Decodable {
  var text = ""

  enum CodingKeys: String, CodingKey { case text = "message" }

  /// Empty where there is none: an error page of a proxy, say.
  init(_ body: [UInt8]) {
    guard body.count < 1 << 20, let message = try? JSONDecoder().decode(Message.self, from: Data(body)) else { return }
    self = message
  }
}
