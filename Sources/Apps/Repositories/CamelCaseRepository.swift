/// A repository as GraphQL and `gh --json` write it.
///
/// What they call `watchers` is who watches, the REST interface's subscribers; `watchersCount` of `gh search` is the stars and
/// not read. `issues` of `gh repo list` are the open ones without pull requests: only both together are what the REST interface
/// calls open issues. A field that was not asked for is unknown.
internal struct CamelCaseRepository: Decodable {
  internal let record: RepositoryRecord

  private enum Key: String, CodingKey {
    case databaseId, nameWithOwner, fullName, name, description, homepageUrl, homepage, owner, primaryLanguage, language
    case licenseInfo, license, defaultBranchRef, defaultBranch, repositoryTopics, stargazerCount, stargazersCount
    case forkCount, forksCount, forks, stargazers, diskUsage, size, watchers, issues, pullRequests, openIssuesCount
    case createdAt, pushedAt, updatedAt, isArchived, isFork, isTemplate
    case hasIssuesEnabled, hasProjectsEnabled, hasWikiEnabled, hasDiscussionsEnabled
    case hasIssues, hasProjects, hasWiki, hasPages, hasDownloads
  }

  private struct Named: Decodable { let name: String? }
  private struct Count: Decodable { let totalCount: Double? }
  private struct License: Decodable {
    let spdxId: String?
    let key: String?
    let name: String?
  }
  private struct Owner: Decodable {
    let typeName: String?
    let type: String?
    enum CodingKeys: String, CodingKey {
      case typeName = "__typename"
      case type
    }
  }

  internal init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    var repository = Repository()
    let fullName: String? = try object.value(.nameWithOwner, or: .fullName)
    repository.name = try object.value(.name) ?? fullName.map(nameWithoutOwner)
    repository.description = try object.value(.description)
    repository.homepage = try object.value(.homepageUrl, or: .homepage)
    let owner: Owner? = try object.value(.owner)
    repository.ownerType = owner?.typeName ?? owner?.type
    let primary: Named? = try object.value(.primaryLanguage)
    repository.language = try primary?.name ?? object.nonEmpty(.language)
    let license: License? = try object.value(.licenseInfo, or: .license)
    repository.license = (license?.spdxId ?? license?.key ?? license?.name).flatMap(Repositories.License.identifier)
    let branch: Named? = try object.value(.defaultBranchRef)
    repository.defaultBranch = try branch?.name ?? object.value(.defaultBranch)
    if object.contains(.repositoryTopics) {
      let topics: CamelCaseTopics? = try object.value(.repositoryTopics)
      repository.topics = topics.map(\.names) ?? []
    }
    try Self.read(object, into: &repository)
    let stargazers = try? object.decodeIfPresent(Count.self, forKey: .stargazers)
    let stars: Double? = try object.value(.stargazerCount, or: .stargazersCount) ?? stargazers?.totalCount
    record = RepositoryRecord(
      id: try object.value(.databaseId), fullName: fullName, repository: repository, stars: stars)
  }

  private static func read(_ object: KeyedDecodingContainer<Key>, into repository: inout Repository) throws {
    let forks = try? object.decodeIfPresent(Count.self, forKey: .forks)
    repository.forksCount = try object.value(.forkCount, or: .forksCount) ?? forks?.totalCount
    repository.size = try object.value(.diskUsage, or: .size)
    let watchers: Count? = try object.value(.watchers)
    repository.subscribersCount = watchers?.totalCount
    let issues: Count? = try object.value(.issues)
    let requests: Count? = try object.value(.pullRequests)
    repository.openIssuesCount = try object.value(.openIssuesCount)
    if let issues = issues?.totalCount, let requests = requests?.totalCount {
      repository.openIssuesCount = issues + requests
    }
    repository.createdAt = try object.timestamp(.createdAt)
    repository.pushedAt = try object.timestamp(.pushedAt)
    repository.updatedAt = try object.timestamp(.updatedAt)
    repository.isArchived = try object.value(.isArchived)
    repository.isFork = try object.value(.isFork)
    repository.isTemplate = try object.value(.isTemplate)
    repository.hasIssues = try object.value(.hasIssuesEnabled, or: .hasIssues)
    repository.hasProjects = try object.value(.hasProjectsEnabled, or: .hasProjects)
    repository.hasWiki = try object.value(.hasWikiEnabled, or: .hasWiki)
    repository.hasDiscussions = try object.value(.hasDiscussionsEnabled)
    repository.hasPages = try object.value(.hasPages)
    repository.hasDownloads = try object.value(.hasDownloads)
  }
}

/// `[{"name": …}]` of gh's, or `{"nodes": [{"topic": {"name": …}}]}` of GraphQL's.
private struct CamelCaseTopics: Decodable {
  let names: [String]

  private struct Named: Decodable { let name: String? }
  private struct Node: Decodable { let topic: Named? }
  private struct Nodes: Decodable { let nodes: [Node]? }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let list = try? value.decode([Named].self) {
      names = list.compactMap(\.name)
    } else {
      names = try value.decode(Nodes.self).nodes?.compactMap(\.topic?.name) ?? []
    }
  }
}

extension KeyedDecodingContainer {
  /// A text that is not empty: gh writes an empty one for none.
  fileprivate func nonEmpty(_ key: Key) throws -> String? {
    let text: String? = try value(key)
    return text?.isEmpty == true ? nil : text
  }
}
