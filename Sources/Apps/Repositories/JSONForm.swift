/// What the objects of a JSON list are, told from their keys.
internal enum JSONForm: Equatable {
  /// Repositories as the REST interface writes them.
  case rest
  /// Repositories as GraphQL and `gh --json` write them.
  case camelCase
  /// `{"starred_at": …, "repo": {…}}` of the REST interface.
  case starred
  /// `{"node": {…}}` of GraphQL's edges.
  case edges
  /// Anything else: rows of a table.
  case record

  private static let camelKeys: Set<String> = [
    "nameWithOwner", "stargazerCount", "forkCount", "diskUsage", "primaryLanguage", "licenseInfo", "repositoryTopics",
    "defaultBranchRef", "homepageUrl", "hasIssuesEnabled", "hasWikiEnabled", "stargazersCount", "forksCount",
  ]

  /// - Parameter keys: those of one object, with the byte that each value begins with.
  internal init(keys: [String: UInt8]) {
    func isNested(_ key: String) -> Bool {
      keys[key].map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "n") } ?? true
    }
    let names = Set(keys.keys)
    if keys["repo"] == UInt8(ascii: "{"), names.isSubset(of: ["starred_at", "repo"]) {
      self = .starred
    } else if keys["node"] == UInt8(ascii: "{"), names.isSubset(of: ["node", "cursor", "starredAt"]) {
      self = .edges
    } else if isNested("owner"), isNested("license"), Self.isREST(names) {
      self = .rest
    } else if names.intersection(Self.camelKeys).count >= 2 || names.contains("stargazerCount")
      || names.contains("nameWithOwner") || keys["stargazers"] == UInt8(ascii: "{")
    {
      self = .camelCase
    } else {
      self = .record
    }
  }

  /// A flat record with GitHub's names has none of these together: it is an export, and read as a table.
  private static func isREST(_ names: Set<String>) -> Bool {
    if names.contains("full_name") && (names.contains("owner") || names.contains("node_id") || names.contains("id")) {
      return true
    }
    return names.contains("full_name") && names.count <= 3
      || names.contains("node_id") && names.contains("stargazers_count")
  }
}
