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
  /// What is known of a repository after the answer.
  package enum Fate: Sendable, Equatable {
    case told
    /// GitHub says that there is no such repository, or none that may be seen.
    case gone
    /// GitHub did not tell, or not all of it: the repository lives, as far as anybody knows.
    /// - Parameter isRefused: asked again, it will be refused again.
    case failed(String, isRefused: Bool)
  }

  /// nil for what is gone or failed.
  package let nodes: [RepositoryNode?]
  /// One a node.
  package let fates: [Fate]
  /// Points that the query cost.
  package let cost: Int

  /// - Parameters:
  ///   - asked: the numbers of the repositories that were asked about.
  ///   - names: what GraphQL calls them, which its errors may say.
  /// - Throws: `DataError` where a field is not what GitHub gives, or the answer is about others.
  package init(_ body: [UInt8], answering asked: [Int64], named names: [String] = []) throws(DataError) {
    let reply = try InputFile(name: "graphql", bytes: body).json(Reply.self)
    let problems = GraphQLErrors(body)?.errors ?? []
    let slots = reply.data.nodes
    guard slots.count == asked.count else { throw Self.others }
    var nodes: [RepositoryNode?] = []
    var fates: [Fate] = []
    for (place, slot) in slots.enumerated() {
      let problem = Self.problem(of: place, name: place < names.count ? names[place] : nil, in: problems)
      switch (slot, problem) {
      case (.node(let node), nil):
        guard node.id == asked[place] else { throw Self.others }
        nodes.append(node)
        fates.append(.told)
      case (.unreadable(let error), nil): throw error
      case (.null, let problem?) where problem.isNotFound:
        nodes.append(nil)
        fates.append(.gone)
      case (_, let problem):
        nodes.append(nil)
        fates.append(
          .failed(problem?.says ?? "GitHub's GraphQL says nothing about it", isRefused: problem?.isRefusal ?? false))
      }
    }
    self.nodes = nodes
    self.fates = fates
    cost = reply.data.rateLimit?.cost ?? 1
  }

  /// Errors without a place are about what is not there: a node that is whole is not touched by them.
  private static func problem(
    of place: Int, name: String?, in problems: [GraphQLErrors.Problem]
  ) -> GraphQLErrors.Problem? {
    let own = problems.filter { problem in
      problem.node == place || (problem.path.isEmpty && name.map { problem.message.contains("'\($0)'") } ?? false)
    }
    // A repository of which a field failed is not gone, whatever else is said of it.
    return own.first { !$0.isNotFound || $0.path.count > 2 } ?? own.first
  }

  private static let others = DataError(.invalid, "the nodes are not those that were asked for", advice: "ask again")

  private struct Reply: Decodable { let data: Content }

  private struct Content: Decodable {
    let nodes: [Slot]
    let rateLimit: Points?
  }

  /// A node whose fields failed may hold null where there is always a value.
  private enum Slot: Decodable {
    case null
    case node(RepositoryNode)
    case unreadable(DataError)

    init(from decoder: any Decoder) throws {
      if try decoder.singleValueContainer().decodeNil() {
        self = .null
        return
      }
      do { self = .node(try RepositoryNode(from: decoder)) } catch {
        self = .unreadable(DataError(.invalid, "a node is not what GitHub gives", advice: "ask again"))
      }
    }
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
