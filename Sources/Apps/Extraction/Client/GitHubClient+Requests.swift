internal import HTTPClient
internal import Learners

extension GitHubClient {
  /// A page of a search, most stars first.
  internal func search(
    _ query: String, page: Int = 1, perPage: Int = 100, etag: String? = nil
  ) throws(ExtractionError) -> Outcome<SearchPage> {
    var headers = Self.headers
    if let etag { headers.append(HTTPHeader("If-None-Match", etag)) }
    let url = searchURL(query, page: page, perPage: perPage)
    return try ask(.search, HTTPRequest("GET", url, headers: headers)) { answer throws(DataError) in
      let page = try SearchPage(answer.body)
      return page.isIncomplete ? .incomplete(page) : .whole(page)
    }
  }

  internal func searchURL(_ query: String, page: Int, perPage: Int = 100) -> String {
    "\(settings.api)/search/repositories?q=\(percentEncoded(query))&sort=stars&order=desc&per_page=\(perPage)&page=\(page)"
  }

  internal func details(of asked: [NodeToAsk]) throws(ExtractionError) -> Outcome<DetailsPage> {
    let headers = Self.headers + [HTTPHeader("Content-Type", "application/json")]
    let request = HTTPRequest("POST", graphQLURL, headers: headers, body: DetailsQuery.body(nodes: asked.map(\.node)))
    return try ask(.graphQL, request) { answer throws(DataError) in
      .whole(try DetailsPage(answer.body, answering: asked.map(\.id), named: asked.map(\.node)))
    }
  }

  internal var graphQLURL: String { graphQLAddress(of: settings.api) }

  private static let headers = [
    HTTPHeader("Accept", "application/vnd.github+json"), HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
  ]
}

/// GitHub Enterprise has its interfaces under /api/v3 and /api/graphql.
package func graphQLAddress(of api: String) -> String {
  api.hasSuffix("/api/v3") ? api.dropLast(2) + "graphql" : api + "/graphql"
}
