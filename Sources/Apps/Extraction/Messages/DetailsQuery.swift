internal import FoundationEssentials

/// The GraphQL query for what a search does not tell. It asks for nothing that is, or follows from, the stars.
package enum DetailsQuery {
  /// Repositories per query: GitHub takes 100 nodes and stops what takes it longer than 10 seconds.
  internal static let largestBatch = 100

  internal static let text = """
    query($ids:[ID!]!){nodes(ids:$ids){...on Repository{id databaseId watchers{totalCount} \
    mentionableUsers{totalCount} defaultBranchRef{target{...on Commit{history{totalCount}}}} \
    openIssues:issues(states:OPEN){totalCount} closedIssues:issues(states:CLOSED){totalCount} \
    openPullRequests:pullRequests(states:OPEN){totalCount} \
    closedPullRequests:pullRequests(states:[CLOSED,MERGED]){totalCount} releases{totalCount} \
    languages(first:100,orderBy:{field:SIZE,direction:DESC}){totalCount totalSize edges{size node{name}}} \
    repositoryTopics(first:100){nodes{topic{name}}} readme:object(expression:"HEAD:README.md"){...on Blob{byteSize}} \
    licenseInfo{spdxId}}} rateLimit{cost remaining resetAt}}
    """

  /// The body of the request for some repositories.
  package static func body(nodes: [String]) -> [UInt8] {
    struct Request: Encodable {
      let query: String
      let variables: [String: [String]]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(Request(query: text, variables: ["ids": nodes])) else {
      preconditionFailure("a list of texts has no JSON form")
    }
    return Array(bytes)
  }
}
