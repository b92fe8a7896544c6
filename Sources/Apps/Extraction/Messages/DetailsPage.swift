package import Learners
package import Repositories

/// What GitHub's GraphQL tells about one repository.
package struct RepositoryNode: Sendable {
  package let id: Int64
  package let details: RepositoryDetails
  /// Bytes by language, the largest first.
  package let languages: [(name: String, bytes: Int64)]
  package let topics: [String]
  package let license: String?
}

/// An answer to `DetailsQuery`: nodes in the order in which they were asked for.
package struct DetailsPage: Sendable {
  /// nil for what does not exist any more or may not be seen.
  package let nodes: [RepositoryNode?]
  /// Points that the query cost.
  package let cost: Int

  /// - Parameter asked: the numbers of the repositories that were asked about.
  /// - Throws: `DataError` where a field is not what GitHub gives, or the answer is about others.
  package init(_ body: [UInt8], answering asked: [Int64]) throws(DataError) {
    let reply = try InputFile(name: "graphql", bytes: body).json(Reply.self)
    nodes = reply.data.nodes
    guard nodes.count == asked.count, zip(nodes, asked).allSatisfy({ $0 == nil || $0?.id == $1 }) else {
      throw DataError(.invalid, "the nodes are not those that were asked for", advice: "ask again")
    }
    cost = reply.data.rateLimit?.cost ?? 1
  }

  private struct Reply: Decodable { let data: Content }

  private struct Content: Decodable {
    let nodes: [RepositoryNode?]
    let rateLimit: Points?
  }

  private struct Points: Decodable { let cost: Int? }
}

private struct Count: Decodable { let totalCount: Double? }

private struct Branch: Decodable {
  struct Target: Decodable { let history: Count? }
  let target: Target?
}

private struct Languages: Decodable {
  struct Edge: Decodable {
    let size: Int64
    let node: Named
  }
  let totalCount: Double?
  let totalSize: Double?
  let edges: [Edge]?
}

private struct Named: Decodable { let name: String }

private struct Topics: Decodable {
  struct Node: Decodable { let topic: Named }
  let nodes: [Node]?
}

private struct Readme: Decodable { let byteSize: Double? }

private struct LicenseReference: Decodable { let spdxId: String? }

extension RepositoryNode: Decodable {
  private enum Key: String, CodingKey {
    case databaseId, watchers, mentionableUsers, defaultBranchRef, openIssues, closedIssues, openPullRequests
    case closedPullRequests, releases, languages, repositoryTopics, readme, licenseInfo
  }

  /// Every field but the number may be absent or null.
  package init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    id = try object.decode(Int64.self, forKey: .databaseId)
    let count = { (key: Key) throws -> Double? in
      let count: Count? = try object.value(key)
      return count?.totalCount
    }
    let branch: Branch? = try object.value(.defaultBranchRef)
    let spoken: Languages? = try object.value(.languages)
    let readme: Readme? = try object.value(.readme)
    let topics: Topics? = try object.value(.repositoryTopics)
    let license: LicenseReference? = try object.value(.licenseInfo)
    languages = spoken?.edges?.map { ($0.node.name, $0.size) } ?? []
    self.topics = topics?.nodes?.map(\.topic.name) ?? []
    self.license = license?.spdxId
    var details = RepositoryDetails()
    details.watchers = try count(.watchers)
    details.commits = branch?.target?.history?.totalCount
    details.openIssues = try count(.openIssues)
    details.closedIssues = try count(.closedIssues)
    details.openPullRequests = try count(.openPullRequests)
    details.closedPullRequests = try count(.closedPullRequests)
    details.releases = try count(.releases)
    details.mentionableUsers = try count(.mentionableUsers)
    details.languagesCount = spoken?.totalCount
    details.codeBytes = spoken?.totalSize
    details.mainLanguageBytes = languages.first.map { Double($0.bytes) }
    details.readmeBytes = readme?.byteSize ?? 0
    self.details = details
  }
}
