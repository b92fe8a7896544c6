/// What only a question about a repository itself tells, as `extract` writes it behind what the search told.
public struct RepositoryDetails: Sendable, Hashable, Codable {
  /// Who watches the repository, which the REST interface calls subscribers.
  public var watchers: Double?
  public var commits: Double?
  public var openIssues: Double?
  public var closedIssues: Double?
  public var openPullRequests: Double?
  public var closedPullRequests: Double?
  public var releases: Double?
  public var languagesCount: Double?
  public var codeBytes: Double?
  public var mainLanguageBytes: Double?
  public var readmeBytes: Double?
  public var mentionableUsers: Double?

  public init() {}

  /// The names under `details` in JSON and in the store.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case watchers, commits, releases
    case openIssues = "open_issues"
    case closedIssues = "closed_issues"
    case openPullRequests = "open_pull_requests"
    case closedPullRequests = "closed_pull_requests"
    case languagesCount = "languages_count"
    case codeBytes = "code_bytes"
    case mainLanguageBytes = "main_language_bytes"
    case readmeBytes = "readme_bytes"
    case mentionableUsers = "mentionable_users"

    package var path: WritableKeyPath<RepositoryDetails, Double?> {
      switch self {
      case .watchers: \.watchers
      case .commits: \.commits
      case .openIssues: \.openIssues
      case .closedIssues: \.closedIssues
      case .openPullRequests: \.openPullRequests
      case .closedPullRequests: \.closedPullRequests
      case .releases: \.releases
      case .languagesCount: \.languagesCount
      case .codeBytes: \.codeBytes
      case .mainLanguageBytes: \.mainLanguageBytes
      case .readmeBytes: \.readmeBytes
      case .mentionableUsers: \.mentionableUsers
      }
    }
  }

  /// Every value may be absent or null.
  public init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: CodingKeys.self)
    for key in CodingKeys.allCases { self[keyPath: key.path] = try object.value(key) }
  }

  /// Adds what the details say to what is known.
  package func tell(_ repository: inout Repository) {
    repository.subscribersCount = watchers ?? repository.subscribersCount
    repository.commitsCount = commits
    repository.openIssuesOnlyCount = openIssues
    repository.closedIssuesCount = closedIssues
    repository.openPullRequestsCount = openPullRequests
    repository.closedPullRequestsCount = closedPullRequests
    repository.releasesCount = releases
    repository.languagesCount = languagesCount
    repository.codeBytes = codeBytes
    repository.mainLanguageBytes = mainLanguageBytes
    repository.readmeBytes = readmeBytes
    repository.mentionableUsersCount = mentionableUsers
  }
}
