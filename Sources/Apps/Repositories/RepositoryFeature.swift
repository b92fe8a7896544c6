/// One thing that a learner is told about a repository.
///
/// `all` is the one table of them: what training learns from, what the server sends, and the page in the docs.
public struct RepositoryFeature: Sendable {
  /// How it is computed from a repository; nil is missing. Days are counted to the moment of collection, which is
  /// unknown only where no repository has a timestamp.
  public enum Value: Sendable {
    case numeric(@Sendable (Repository, _ collectedAt: Timestamp?) -> Double?)
    case categorical(@Sendable (Repository) -> String?)
  }

  public let name: String
  /// "KB", "days", "0 or 1", "level", or what is counted.
  public let unit: String
  public let meaning: String
  /// The fields of GitHub's that it is computed from. A table that lacks one of them has no such feature.
  public let fields: [RepositoryField]
  public let value: Value

  /// What is predicted. In GitHub's JSON the column is called `stars`, in an export it keeps GitHub's name.
  public static let target = "stars"
  /// GitHub's name of the target.
  public static let exportedTarget = "stargazers_count"

  /// Whether a column of this name holds the stars, as GitHub or as an export calls them.
  public static func isStars(_ name: String) -> Bool { ColumnName.stars.contains(ColumnName.plain(name)) }

  public static let all: [RepositoryFeature] = counts + days + texts + flags + levels + details

  private static let counts: [RepositoryFeature] = [
    number("forks", "forks", "copies of the repository under other accounts", .forksCount) { $0.forksCount },
    number("subscribers", "accounts", "who watches the repository (not in search answers)", .subscribersCount) {
      $0.subscribersCount
    },
    number("open_issues", "issues", "open issues, which includes open pull requests", .openIssuesCount) {
      $0.openIssuesCount
    },
    number("size_kb", "KB", "size of the Git repository on GitHub's disk", .size) { $0.size },
    number("topics_count", "topics", "topics that the owner chose", .topics) { ($0.topics?.count).map(Double.init) },
  ]

  /// What `extract --details graphql` finds out.
  private static let details: [RepositoryFeature] = [
    number("commits", "commits", "commits on the default branch", .commits) { $0.commitsCount },
    number("issues_open", "issues", "open issues without pull requests", .openIssuesOnly) { $0.openIssuesOnlyCount },
    number("issues_closed", "issues", "closed issues without pull requests", .closedIssues) { $0.closedIssuesCount },
    number("pull_requests_open", "pull requests", "open pull requests", .openPullRequests) {
      $0.openPullRequestsCount
    },
    number("pull_requests_closed", "pull requests", "closed or merged pull requests", .closedPullRequests) {
      $0.closedPullRequestsCount
    },
    number("releases", "releases", "releases", .releases) { $0.releasesCount },
    number("languages_count", "languages", "languages that GitHub sees in it", .languagesCount) { $0.languagesCount },
    number("code_bytes", "bytes", "code in all languages", .codeBytes) { $0.codeBytes },
    number(
      "main_language_share", "0 to 1", "share of the language with the most code", .codeBytes, .mainLanguageBytes
    ) { repository in
      guard let all = repository.codeBytes, let main = repository.mainLanguageBytes, all > 0 else { return nil }
      return main / all
    },
    number("readme_bytes", "bytes", "size of README.md; 0 when there is none", .readmeBytes) { $0.readmeBytes },
    number(
      "mentionable_users", "accounts", "who can be mentioned in it: contributors and who took part",
      .mentionableUsers
    ) { $0.mentionableUsersCount },
  ]

  private static let days: [RepositoryFeature] = [
    .init("age_days", "days", "since the repository was created", [.createdAt]) { days(from: $0.createdAt, to: $1) },
    .init("days_since_push", "days", "since the last push; missing when nothing was ever pushed", [.pushedAt]) {
      days(from: $0.pushedAt, to: $1)
    },
    .init(
      "days_since_update", "days", "since GitHub last touched the record, which settings do and new stars too",
      [.updatedAt]
    ) {
      days(from: $0.updatedAt, to: $1)
    },
    number("days_to_last_push", "days", "from creation to the last push", .createdAt, .pushedAt) {
      days(from: $0.createdAt, to: $0.pushedAt)
    },
    number("days_to_last_update", "days", "from creation to the last update", .createdAt, .updatedAt) {
      days(from: $0.createdAt, to: $0.updatedAt)
    },
  ]

  private static let texts: [RepositoryFeature] = [
    number("name_length", "characters", "length of the name without its owner", .name) {
      ($0.name?.unicodeScalars.count).map(Double.init)
    },
    number("description_length", "characters", "length of the description; 0 when there is none", .description) {
      Double($0.description?.unicodeScalars.count ?? 0)
    },
    number("has_homepage", "0 or 1", "a homepage is given", .homepage) { $0.homepage?.isEmpty ?? true ? 0 : 1 },
  ]

  private static let flags: [RepositoryFeature] = [
    flag("has_issues", "issues are switched on", .hasIssues) { $0.hasIssues },
    flag("has_projects", "projects are switched on", .hasProjects) { $0.hasProjects },
    flag("has_wiki", "the wiki is switched on", .hasWiki) { $0.hasWiki },
    flag("has_pages", "GitHub Pages serves a site from it", .hasPages) { $0.hasPages },
    flag("has_discussions", "discussions are switched on", .hasDiscussions) { $0.hasDiscussions },
    flag("has_downloads", "downloads are switched on", .hasDownloads) { $0.hasDownloads },
    flag("archived", "the owner made it read-only", .archived) { $0.isArchived },
    flag("is_template", "new repositories can be made from it", .isTemplate) { $0.isTemplate },
    flag("fork", "it is itself a fork", .fork) { $0.isFork },
  ]

  private static let levels: [RepositoryFeature] = [
    level("owner_type", "User or Organization", .ownerType) { $0.ownerType },
    level("language", "the language with the most code; missing when GitHub sees none", .language) { $0.language },
    level(
      "license", "SPDX identifier; NOASSERTION when GitHub cannot name it; missing when there is none", .license
    ) { $0.license },
    level("default_branch", "main, master, develop or other", .defaultBranch) { repository in
      repository.defaultBranch.map { ["main", "master", "develop"].contains($0) ? $0 : "other" }
    },
  ]
}

extension RepositoryFeature {
  private init(
    _ name: String, _ unit: String, _ meaning: String, _ fields: [RepositoryField],
    _ value: @escaping @Sendable (Repository, Timestamp?) -> Double?
  ) {
    self.init(name: name, unit: unit, meaning: meaning, fields: fields, value: .numeric(value))
  }

  private static func number(
    _ name: String, _ unit: String, _ meaning: String, _ fields: RepositoryField...,
    value: @escaping @Sendable (Repository) -> Double?
  ) -> RepositoryFeature {
    .init(name, unit, meaning, fields) { repository, _ in value(repository) }
  }

  private static func flag(
    _ name: String, _ meaning: String, _ field: RepositoryField, value: @escaping @Sendable (Repository) -> Bool?
  ) -> RepositoryFeature {
    number(name, "0 or 1", meaning, field) { repository in value(repository).map { $0 ? 1 : 0 } }
  }

  private static func level(
    _ name: String, _ meaning: String, _ field: RepositoryField, value: @escaping @Sendable (Repository) -> String?
  ) -> RepositoryFeature {
    .init(name: name, unit: "level", meaning: meaning, fields: [field], value: .categorical(value))
  }

  /// Never negative: a clock that is behind GitHub's, or a history that was pushed before the repository was moved
  /// here, is no time at all.
  private static func days(from start: Timestamp?, to end: Timestamp?) -> Double? {
    guard let start, let end else { return nil }
    return max(0, end.days(since: start))
  }
}
