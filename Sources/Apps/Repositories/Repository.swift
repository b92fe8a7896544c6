/// What is known about a repository before its stars are: the only thing that features are computed from.
///
/// Neither the stars nor anything that GitHub derives from them (`watchers`, `watchers_count`, `score`) has a property
/// here, so no feature can be made of them. Every property may be unknown.
public struct Repository: Sendable, Hashable {
  /// Without the owner.
  public var name: String?
  public var description: String?
  public var homepage: String?
  /// "User" or "Organization".
  public var ownerType: String?
  public var language: String?
  /// SPDX identifier; NOASSERTION where GitHub found a licence that it could not name.
  public var license: String?
  public var defaultBranch: String?
  public var topics: [String]?

  public var forksCount: Double?
  /// Who watches the repository, which GitHub calls subscribers. Not in search answers.
  public var subscribersCount: Double?
  /// Includes pull requests.
  public var openIssuesCount: Double?
  /// In KB.
  public var size: Double?

  public var createdAt: Timestamp?
  public var pushedAt: Timestamp?
  public var updatedAt: Timestamp?

  public var hasIssues: Bool?
  public var hasProjects: Bool?
  public var hasWiki: Bool?
  public var hasPages: Bool?
  public var hasDiscussions: Bool?
  public var hasDownloads: Bool?
  public var isArchived: Bool?
  public var isTemplate: Bool?
  public var isFork: Bool?

  // What only a question about the repository itself tells, see `RepositoryField.isInSearchAnswers`.

  /// On the default branch.
  public var commitsCount: Double?
  /// Without pull requests, as the next one.
  public var openIssuesOnlyCount: Double?
  public var closedIssuesCount: Double?
  public var openPullRequestsCount: Double?
  /// Closed or merged.
  public var closedPullRequestsCount: Double?
  public var releasesCount: Double?
  public var languagesCount: Double?
  /// Bytes of all languages.
  public var codeBytes: Double?
  /// Bytes of the language with the most.
  public var mainLanguageBytes: Double?
  /// 0 where there is none.
  public var readmeBytes: Double?
  /// Accounts that can be mentioned in it: who contributes or took part.
  public var mentionableUsersCount: Double?

  /// A repository of which nothing is known.
  public init() {}

  /// The latest of its timestamps.
  internal var latestTimestamp: Timestamp? { [createdAt, pushedAt, updatedAt].compactMap(\.self).max() }
}

/// One repository of a list: who it is, what is known about it, and how many stars it has.
public struct RepositoryRecord: Sendable, Hashable {
  /// GitHub's number of the repository, which stays the same when it is renamed.
  public var id: Int64?
  /// What GraphQL calls it.
  public var nodeID: String?
  /// "owner/name".
  public var fullName: String?
  public var repository: Repository
  /// How many users starred it: the target. Unknown in a list that is to be predicted.
  public var stars: Double?

  public init(
    id: Int64? = nil, nodeID: String? = nil, fullName: String? = nil, repository: Repository, stars: Double? = nil
  ) {
    self.id = id
    self.nodeID = nodeID
    self.fullName = fullName
    self.repository = repository
    self.stars = stars
  }
}
