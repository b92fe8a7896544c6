internal import Learners

/// `{"repositories": ["owner/name", …]}`; with `instances` in its place, `repositories` is nil and nothing else is read.
struct RankRequest {
  /// Of one request: each may take a second of GitHub's.
  private static let mostRepositories = 20

  var repositories: [RepositoryName]?

  init(reading bytes: Span<UInt8>) throws(Problem) {
    try checkEncoding(bytes)
    var cursor = JSONCursor(bytes)
    var texts: [String]?
    var hasInstances = false
    do throws(JSONFlaw) {
      cursor.skipSpace(bytes)
      guard cursor.position < cursor.end else { throw cursor.unexpected(bytes, wanted: "an object") }
      try cursor.object(bytes) { key, cursor throws(JSONFlaw) in
        switch key {
        case "repositories":
          var list: [String] = []
          try cursor.array(bytes) { cursor throws(JSONFlaw) in
            list.append(try cursor.requireText(bytes, "owner/name"))
          }
          texts = list
        case "instances":
          hasInstances = true
          try cursor.skipValue(bytes)
        default:
          throw JSONFlaw(kind: .value, what: "“\(key.prefix(100))” is neither repositories nor instances", offset: 0)
        }
      }
      try cursor.expectEnd(bytes)
    } catch {
      throw error.problem(at: "repositories")
    }
    if hasInstances && texts == nil { return }
    repositories = try Self.names(texts, hasInstances: hasInstances)
  }

  private static func names(_ texts: [String]?, hasInstances: Bool) throws(Problem) -> [RepositoryName] {
    guard let texts, !hasInstances else {
      throw Problem(422, "invalid-value", at: "repositories", "give repositories or instances, one of them")
    }
    guard !texts.isEmpty else { throw Problem(422, "invalid-value", at: "repositories", "there is none") }
    guard texts.count <= mostRepositories else {
      throw Problem(422, "invalid-value", at: "repositories", "at most \(mostRepositories) at a time")
    }
    var names: [RepositoryName] = []
    for (index, text) in texts.enumerated() {
      guard let name = RepositoryName(text) else {
        throw Problem(422, "invalid-value", at: "repositories[\(index)]", "is not owner/name")
      }
      if !names.contains(where: { $0.key == name.key }) { names.append(name) }
    }
    return names
  }
}
