import Foundation
import GitHubServer
import HTTPClient
import Testing

/// A server and a client that talks to it as one should.
struct Conversation {
  let server: GitHubServer
  let client: HTTPClient

  init(timeout: Duration = .seconds(10), _ change: (inout ServerOptions) -> Void = { _ in }) throws {
    var options = ServerOptions()
    options.limits = .none
    change(&options)
    server = try GitHubServer(options)
    var configuration = HTTPConfiguration(userAgent: "learners-test")
    configuration.totalTimeout = timeout
    configuration.credentials = [
      HTTPCredential(origin: server.url, header: HTTPHeader("Authorization", "Bearer test"))
    ]
    client = try HTTPClient(configuration: configuration)
  }

  func get(_ target: String, headers: [HTTPHeader] = []) throws -> HTTPResponse {
    try client.send(
      HTTPRequest(
        "GET", server.url + target, headers: [HTTPHeader("Accept", "application/vnd.github+json")] + headers))
  }

  func query(_ text: String) throws -> [String: Any] {
    let body = try JSONSerialization.data(withJSONObject: ["query": text])
    return try client.send(HTTPRequest("POST", server.url + "/graphql", body: Array(body))).object()
  }
}

extension HTTPResponse {
  func object() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
  }

  func items() throws -> [[String: Any]] { try #require(try object()["items"] as? [[String: Any]]) }
}
