/// What can be wrong with an answer.
package enum Fault: String, Sendable, CaseIterable, Codable {
  // What GitHub and networks do now and then.
  case status500, status502, status503, status504
  /// Secondary limits: 403 and 429 that say how long to wait, and 403 that does not.
  case secondary403, secondary429, secondarySilent
  /// A primary limit reached before its time, because others use the token too: 403 and 429. GraphQL says it with 200.
  case primary403, primary429
  /// No byte for some time, then the connection ends.
  case silence
  /// The connection ends before the head, within the head's promise of a body, or the body is half a document.
  case cut, cutBody, truncatedJSON, invalidJSON, emptyBody, page
  /// Search only: half of what there is, and the flag that says so.
  case incompleteResults
  /// GraphQL only: some nodes null, with an error each; a field of some null, with an error; all nodes null.
  case partialNodes, failedField, nodesNull

  // What GitHub does seldom, and what a client cannot wait for.
  /// 401 to a token that is right.
  case unauthorized
  /// GraphQL only: a refusal of the whole query, and of every tenth repository.
  case forbidden, insufficientScopes, forbiddenNodes
  /// Search only: a description begins with NUL.
  case nulText

  // What only a hostile server does.
  /// A field has another type, is a number with 400 digits, or 100,000 arrays in one another.
  case wrongType, hugeNumber, deepNesting
  /// 10 GB, endless redirects, a byte at a time, a head of 1 MB, bytes that are not UTF-8.
  case endlessBody, endlessRedirect, slowDrip, hugeHeader, invalidUTF8

  package static let ordinary = Array(allCases.prefix { $0 != .unauthorized })
  package static let hostile = Array(allCases.drop { $0 != .wrongType })
}
