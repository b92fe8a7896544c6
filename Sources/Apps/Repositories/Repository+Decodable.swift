extension RepositoryRecord: Decodable {
  /// Reads a repository of GitHub's REST API. Every field may be absent or null.
  public init(from decoder: any Decoder) throws {
    // One container for all: to make one costs as much as to read what is needed of it.
    let object = try decoder.container(keyedBy: Repository.Key.self)
    id = try object.value(.id)
    nodeID = try object.value(.nodeID)
    fullName = try object.value(.fullName)
    stars = try object.value(.stars)
    repository = try Repository(object)
  }
}

extension Repository: Decodable {
  fileprivate enum Key: String, CodingKey {
    case id
    case nodeID = "node_id"
    case stars = "stargazers_count"
    case name, description, homepage, owner, language, license, topics, forks, size, archived, fork, details
    case fullName = "full_name"
    case defaultBranch = "default_branch"
    case forksCount = "forks_count"
    case subscribersCount = "subscribers_count"
    case openIssuesCount = "open_issues_count"
    case openIssues = "open_issues"
    case createdAt = "created_at"
    case pushedAt = "pushed_at"
    case updatedAt = "updated_at"
    case hasIssues = "has_issues"
    case hasProjects = "has_projects"
    case hasWiki = "has_wiki"
    case hasPages = "has_pages"
    case hasDiscussions = "has_discussions"
    case hasDownloads = "has_downloads"
    case isTemplate = "is_template"
  }

  private struct Owner: Decodable { var type: String? }
  private struct LicenseReference: Decodable {
    var identifier: String?
    var key: String?

    enum CodingKeys: String, CodingKey {
      case identifier = "spdx_id"
      case key
    }
  }

  /// Reads a repository of GitHub's REST API. Every field may be absent or null.
  public init(from decoder: any Decoder) throws { try self.init(decoder.container(keyedBy: Key.self)) }

  fileprivate init(_ object: KeyedDecodingContainer<Key>) throws {
    name = try object.value(.name, or: .fullName).map(nameWithoutOwner)
    description = try object.value(.description)
    homepage = try object.value(.homepage)
    let owner: Owner? = try object.value(.owner)
    ownerType = owner?.type
    language = try object.value(.language)
    let reference: LicenseReference? = try object.value(.license)
    license = (reference?.identifier ?? reference?.key).flatMap(License.identifier)
    defaultBranch = try object.value(.defaultBranch)
    topics = try object.value(.topics)
    forksCount = try object.value(.forksCount, or: .forks)
    subscribersCount = try object.value(.subscribersCount)
    openIssuesCount = try object.value(.openIssuesCount, or: .openIssues)
    size = try object.value(.size)
    createdAt = try object.timestamp(.createdAt)
    pushedAt = try object.timestamp(.pushedAt)
    updatedAt = try object.timestamp(.updatedAt)
    hasIssues = try object.value(.hasIssues)
    hasProjects = try object.value(.hasProjects)
    hasWiki = try object.value(.hasWiki)
    hasPages = try object.value(.hasPages)
    hasDiscussions = try object.value(.hasDiscussions)
    hasDownloads = try object.value(.hasDownloads)
    isArchived = try object.value(.archived)
    isTemplate = try object.value(.isTemplate)
    isFork = try object.value(.fork)
    if let details: RepositoryDetails = try object.value(.details) { details.tell(&self) }
  }
}

extension KeyedDecodingContainer {
  /// nil where the field is absent or null. The decoder's errors that do not say where they are get the key's place.
  package func value<Value: Decodable>(_ key: Key) throws -> Value? {
    do {
      return try decodeIfPresent(Value.self, forKey: key)
    } catch let error where !(error is DecodingError) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "is a number out of range or a damaged text")
    }
  }

  internal func value<Value: Decodable>(_ key: Key, or alternative: Key) throws -> Value? {
    let value: Value? = try value(key)
    return try value ?? self.value(alternative)
  }

  internal func timestamp(_ key: Key) throws -> Timestamp? {
    let text: String? = try value(key)
    return try text.map { text in
      if let moment = Timestamp(iso8601: text) { return moment }
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self,
        debugDescription: "“\(text.prefix(40))” is not a timestamp such as 2025-05-15T11:31:28Z")
    }
  }
}

/// "name" of "owner/name".
internal func nameWithoutOwner(_ text: String) -> String {
  text.lastIndex(of: "/").map { String(text[text.index(after: $0)...]) } ?? text
}
