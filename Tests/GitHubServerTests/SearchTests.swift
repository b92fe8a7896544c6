import Foundation
import GitHubServer
import HTTPClient
import Testing

@Suite struct SearchTests {
  @Test func aSearchShowsAThousandAtMost() throws {
    let conversation = try Conversation { $0.population.count = 3000 }
    var seen: [Int] = []
    var target: String? = "/search/repositories?q=stars:%3E%3D0&sort=stars&order=desc&per_page=100"
    while let next = target {
      let response = try conversation.get(next)
      #expect(try response.object()["total_count"] as? Int == 3000)
      seen += try response.items().compactMap { $0["stargazers_count"] as? Int }
      target = try link("next", response, conversation.server.url)
    }
    #expect(seen.count == 1000)
    #expect(seen == seen.sorted(by: >))
    let beyond = try conversation.get("/search/repositories?q=stars:%3E%3D0&per_page=100&page=11")
    #expect(beyond.status == 422)
    #expect(try beyond.object()["message"] as? String == "Only the first 1000 search results are available")
    #expect(conversation.server.report.violations == [])
  }

  /// The target of a link of the head.
  private func link(_ relation: String, _ response: HTTPResponse, _ base: String) throws -> String? {
    for entry in response.headers["link"]?.split(separator: ", ") ?? [] where entry.hasSuffix("rel=\"\(relation)\"") {
      let url = try #require(entry.split(separator: ">").first?.dropFirst())
      #expect(url.hasPrefix(base))
      return String(url.dropFirst(base.count))
    }
    return nil
  }

  /// Halves of a range, by stars and down to the second of creation, have no repository twice and none is lost.
  @Test func rangesCutTheWholeIntoParts() throws {
    let conversation = try Conversation {
      $0.population.count = 2000
      $0.population.burst = 300
    }
    func count(_ query: String) throws -> Int {
      let text = query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      return try #require(
        try conversation.get("/search/repositories?per_page=1&q=\(text)").object()["total_count"] as? Int)
    }
    let parts = ["stars:0..9", "stars:10", "stars:11..99", "stars:>=100"]
    #expect(try parts.map(count).reduce(0, +) == 2000)
    #expect(try count("stars:>9 stars:<=10") == count("stars:*..10"))
    let minute = "2020-03-15T12:00"
    #expect(try count("stars:10 created:\(minute):00Z..\(minute):59Z") >= 300)
    let halves =
      try count("stars:10 created:\(minute):00Z..\(minute):29Z")
      + count("stars:10 created:\(minute):30Z..\(minute):59Z")
    #expect(try halves == count("stars:10 created:\(minute):00Z..\(minute):59Z"))
    let days = try count("created:<2020-03-15") + count("created:2020-03-15") + count("created:>2020-03-15")
    #expect(days == 2000)
  }

  @Test func unknownWordsOfASearchAreRefused() throws {
    let conversation = try Conversation()
    for query in ["stars:many", "starz:1", "word", "", "created:2020-13-01", "stars:9..1"] {
      #expect(try conversation.get("/search/repositories?q=\(query)").status == 422)
    }
  }

  /// Every field of the real answers is there, with the same type.
  @Test func itemsLookLikeThoseOfGitHub() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/data/github")
    guard let real = try? Data(contentsOf: folder.appending(path: "search-2025/page-01.json")) else {
      return print("skipped: there is no ../shared/data/github/search-2025")
    }
    let pages = try #require(try JSONSerialization.jsonObject(with: real) as? [String: Any])
    let realItems = try #require(pages["items"] as? [[String: Any]])
    let madeItems = try Conversation().get("/search/repositories?q=stars:%3E0&per_page=100").items()
    func kinds(_ items: [[String: Any]]) -> [String: Set<String>] {
      var kinds: [String: Set<String>] = [:]
      for item in items {
        for (name, value) in item where !(value is NSNull) { kinds[name, default: []].insert(kind(value)) }
      }
      return kinds
    }
    let made = kinds(madeItems)
    // Mirrors are rare: the made-up ones have none.
    for (name, kinds) in kinds(realItems) where name != "mirror_url" { #expect(made[name] == kinds, "\(name)") }
    let (realOwner, madeOwner) = (realItems[0]["owner"] as? [String: Any], madeItems[0]["owner"] as? [String: Any])
    #expect(realOwner?.keys.sorted() == madeOwner?.keys.sorted())
  }

  private func kind(_ value: Any) -> String {
    switch value {
    case is String: "text"
    case is [Any]: "list"
    case is [String: Any]: "object"
    default: "number"
    }
  }
}
