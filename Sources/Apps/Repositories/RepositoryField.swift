/// A field of GitHub's that features are computed from. The raw value is its name in GitHub's REST answers.
public enum RepositoryField: String, CaseIterable, Sendable {
  case name
  case description
  case homepage
  case ownerType = "owner.type"
  case language
  case license
  case defaultBranch = "default_branch"
  case topics
  case forksCount = "forks_count"
  case subscribersCount = "subscribers_count"
  case openIssuesCount = "open_issues_count"
  case size
  case createdAt = "created_at"
  case pushedAt = "pushed_at"
  case updatedAt = "updated_at"
  case hasIssues = "has_issues"
  case hasProjects = "has_projects"
  case hasWiki = "has_wiki"
  case hasPages = "has_pages"
  case hasDiscussions = "has_discussions"
  case hasDownloads = "has_downloads"
  case archived
  case isTemplate = "is_template"
  case fork
  case commits = "details.commits"
  case openIssuesOnly = "details.open_issues"
  case closedIssues = "details.closed_issues"
  case openPullRequests = "details.open_pull_requests"
  case closedPullRequests = "details.closed_pull_requests"
  case releases = "details.releases"
  case languagesCount = "details.languages_count"
  case codeBytes = "details.code_bytes"
  case mainLanguageBytes = "details.main_language_bytes"
  case readmeBytes = "details.readme_bytes"
  case mentionableUsers = "details.mentionable_users"

  /// The names of the field in exported tables. Of several that a table has, the first is read.
  public var columnNames: [String] {
    switch self {
    case .name: ["name", "reponame", "full_name"]
    case .ownerType: ["owner.type", "owner_type", "type"]
    case .license: ["license.spdx_id", "license", "license.key", "license.name"]
    case .forksCount: ["forks_count", "forks"]
    case .openIssuesCount: ["open_issues_count", "open_issues"]
    case .subscribersCount: ["subscribers_count", "details.watchers"]
    default: [rawValue]
    }
  }

  /// The same as `ColumnName.plain` has them. In camel case `openIssues` are those without pull requests.
  internal var plainNames: [String] {
    switch self {
    case .openIssuesCount: ["open_issues_count"]
    case .archived: ["archived", "is_archived"]
    case .fork: ["fork", "is_fork"]
    case .language: ["language", "main_language", "primary_language"]
    case .name: ["name", "reponame", "repo_name", "full_name"]
    default: columnNames
    }
  }

  /// A search answer and a list of repositories leave out what only the answer about a single one has.
  public var isInSearchAnswers: Bool { self != .subscribersCount && !rawValue.hasPrefix("details.") }

  /// A column of this name hardly means anything else than this field of GitHub's. Those that describe other things
  /// as well (`name`, `size`, `language`, `created_at`, …) are not.
  internal var isTelling: Bool {
    switch self {
    case .forksCount, .subscribersCount, .openIssuesCount, .pushedAt, .defaultBranch, .hasIssues, .hasProjects,
      .hasWiki, .hasPages, .hasDiscussions, .hasDownloads:
      true
    default: false
    }
  }

  /// What the cells of the field's column are, and where they go.
  package enum Form {
    case number(WritableKeyPath<Repository, Double?>)
    case flag(WritableKeyPath<Repository, Bool?>)
    case timestamp(WritableKeyPath<Repository, Timestamp?>)
    case text(WritableKeyPath<Repository, String?>)
    case name, license, topics
  }

  package var form: Form {
    switch self {
    case .name: .name
    case .description: .text(\.description)
    case .homepage: .text(\.homepage)
    case .ownerType: .text(\.ownerType)
    case .language: .text(\.language)
    case .license: .license
    case .defaultBranch: .text(\.defaultBranch)
    case .topics: .topics
    case .forksCount: .number(\.forksCount)
    case .subscribersCount: .number(\.subscribersCount)
    case .openIssuesCount: .number(\.openIssuesCount)
    case .size: .number(\.size)
    case .createdAt: .timestamp(\.createdAt)
    case .pushedAt: .timestamp(\.pushedAt)
    case .updatedAt: .timestamp(\.updatedAt)
    case .hasIssues: .flag(\.hasIssues)
    case .hasProjects: .flag(\.hasProjects)
    case .hasWiki: .flag(\.hasWiki)
    case .hasPages: .flag(\.hasPages)
    case .hasDiscussions: .flag(\.hasDiscussions)
    case .hasDownloads: .flag(\.hasDownloads)
    case .archived: .flag(\.isArchived)
    case .isTemplate: .flag(\.isTemplate)
    case .fork: .flag(\.isFork)
    case .commits: .number(\.commitsCount)
    case .openIssuesOnly: .number(\.openIssuesOnlyCount)
    case .closedIssues: .number(\.closedIssuesCount)
    case .openPullRequests: .number(\.openPullRequestsCount)
    case .closedPullRequests: .number(\.closedPullRequestsCount)
    case .releases: .number(\.releasesCount)
    case .languagesCount: .number(\.languagesCount)
    case .codeBytes: .number(\.codeBytes)
    case .mainLanguageBytes: .number(\.mainLanguageBytes)
    case .readmeBytes: .number(\.readmeBytes)
    case .mentionableUsers: .number(\.mentionableUsersCount)
    }
  }
}

/// GitHub's fields that are never features, and why.
public struct ExcludedField: Sendable, Hashable {
  public let name: String
  public let reason: String

  /// Fields that tell the stars, or that say nothing which another field does not say.
  public static let all: [ExcludedField] = [
    .init(name: "watchers_count", reason: "equals the stars in GitHub's answers"),
    .init(name: "watchers", reason: "equals the stars in GitHub's answers"),
    .init(name: "score", reason: "is how well the search matched, which may follow the stars"),
    .init(name: "network_count", reason: "repeats the forks"),
    .init(name: "network", reason: "repeats the forks"),
  ]
}
