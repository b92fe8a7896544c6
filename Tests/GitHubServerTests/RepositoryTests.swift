import Foundation
import GitHubServer
import HTTPClient
import Testing

@Suite struct RepositoryTests {
  @Test func unchangedAnswersAreNotSentAgain() throws {
    let conversation = try Conversation { $0.limits = LimitOptions() }
    let first = try conversation.get("/search/repositories?q=stars:%3E5")
    let tag = try #require(first.headers["etag"])
    #expect(first.headers["x-ratelimit-remaining"] == "29")
    // As a violation of the gap would be noted here, core requests follow.
    let name = try #require(try first.items().first?["full_name"] as? String)
    let whole = try conversation.get("/repos/\(name)")
    let own = try #require(whole.headers["etag"])
    let again = try conversation.get("/repos/\(name)", headers: [HTTPHeader("If-None-Match", own)])
    #expect(again.status == 304 && again.body.isEmpty)
    #expect(again.headers["x-ratelimit-remaining"] == whole.headers["x-ratelimit-remaining"])
    let strong = String(own.dropFirst(2))
    #expect(
      try conversation.get("/repos/\(name)", headers: [HTTPHeader("If-None-Match", "\"a\", \(strong)")]).status == 304)
    #expect(try conversation.get("/repos/\(name)", headers: [HTTPHeader("If-None-Match", tag)]).status == 200)
    #expect(conversation.server.report.notModified == 2)
    #expect(conversation.server.report.violations == [])
  }

  @Test func someHaveGoneOrMoved() throws {
    let conversation = try Conversation {
      $0.population.renamedPerThousand = 300
      $0.population.missingPerThousand = 300
      $0.population.blockedPerThousand = 300
    }
    var statuses: Set<Int> = []
    var renamed = 0
    for item in try conversation.get("/search/repositories?q=stars:%3E5&per_page=50").items() {
      let name = try #require(item["full_name"] as? String)
      let response = try conversation.get("/repos/\(name)")
      statuses.insert(response.status)
      guard response.status == 200 else { continue }
      #expect(try response.object()["id"] as? Int == item["id"] as? Int)
      if response.url.contains("/repositories/") {
        renamed += 1
        #expect(try response.object()["full_name"] as? String == name + "-renamed")
      }
    }
    #expect(statuses == [200, 404, 451])
    #expect(renamed > 0)
  }

  @Test func starsGrowFromDayToDay() throws {
    func stars(day: Int) throws -> [Int: Int] {
      let items = try Conversation { $0.population.day = day }.get(
        "/search/repositories?q=created:%3C2020-01-01&sort=forks&per_page=100"
      ).items()
      return Dictionary(
        uniqueKeysWithValues: items.compactMap { ($0["id"] as? Int ?? 0, $0["stargazers_count"] as? Int ?? 0) })
    }
    let (before, after) = (try stars(day: 0), try stars(day: 7))
    #expect(before.keys == after.keys)
    #expect(before.allSatisfy { after[$0.key] ?? 0 >= $0.value })
    #expect(before != after)
  }

  @Test func tokensAreChecked() throws {
    #expect(try Conversation { $0.token = "another" }.get("/rate_limit").status == 401)
    #expect(try Conversation { $0.token = "test" }.get("/rate_limit").status == 200)
  }

  @Test func detailsComeByGraphQL() throws {
    let conversation = try Conversation()
    let items = try conversation.get("/search/repositories?q=stars:%3E5&per_page=2").items()
    let names = items.compactMap { ($0["full_name"] as? String)?.split(separator: "/") }
    let fields = """
      nameWithOwner watchers { totalCount } defaultBranchRef { target { ... on Commit { history(first: 0) { totalCount } } } }
      open: issues(states: OPEN) { totalCount } closed: issues(states: [CLOSED]) { totalCount }
      pullRequests(states: [OPEN]) { totalCount } releases { totalCount } mentionableUsers { totalCount }
      languages(first: 10, orderBy: {field: SIZE, direction: DESC}) { totalSize edges { size node { name } } }
      repositoryTopics(first: 20) { nodes { topic { name } } } licenseInfo { spdxId }
      object(expression: "HEAD:README.md") { ... on Blob { byteSize } }
      """
    let query =
      names.enumerated().map {
        "r\($0): repository(owner: \"\($1[0])\", name: \"\($1[1])\") { ...Details }"
      }.joined(separator: "\n")
      + " r9: repository(owner: \"nobody\", name: \"nothing\") { id } rateLimit { cost remaining resetAt }"
    let answer = try conversation.query("query { \(query) } fragment Details on Repository { \(fields) }")
    let data = try #require(answer["data"] as? [String: Any])
    let first = try #require(data["r0"] as? [String: Any])
    #expect(first["nameWithOwner"] as? String == names[0].joined(separator: "/"))
    #expect((first["watchers"] as? [String: Any])?["totalCount"] is Int)
    #expect((first["closed"] as? [String: Any])?["totalCount"] is Int)
    #expect(data["r9"] is NSNull)
    #expect((data["rateLimit"] as? [String: Any])?["cost"] as? Int == 1)
    let errors = try #require(answer["errors"] as? [[String: Any]])
    #expect(
      errors.count == 1 && errors[0]["type"] as? String == "NOT_FOUND" && errors[0]["path"] as? [String] == ["r9"])
    #expect(try conversation.query("{ rateLimit { price } }")["errors"] != nil)
    #expect(try conversation.query("{ rateLimit {")["errors"] != nil)
  }
}
