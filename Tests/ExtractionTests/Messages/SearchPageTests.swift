import Extraction
import Foundation
import Learners
import Repositories
import Testing

@Suite struct SearchPageTests {
  /// Where each item's JSON is, whatever stands between them.
  @Test func itemsAreFoundInTheirBytes() throws {
    let text = #"""
      {"x": [[1, {"items": [9]}], "items"], "items": [ {"id": 1, "stargazers_count": 5, "description": "a \"]},{ b"} ,
      {"id":2,"stargazers_count":4,"owner":{"type":"User"},"topics":["a","b"]}
      ], "total_count": 2, "incomplete_results": false}
      """#
    let bytes = Array(text.utf8)
    let page = try SearchPage(bytes)
    #expect(page.items.map(\.id) == [1, 2])
    for item in page.items {
      let list = try RepositoryList(parsing: [
        InputFile(name: "item", bytes: Array("[".utf8) + bytes[item.range] + Array("]".utf8))
      ])
      #expect(list.records == [item.record])
    }
    #expect(ItemRanges.of(Array("{}".utf8).span).isEmpty)
  }

  @Test(arguments: [
    #"{"total_count":1,"incomplete_results":false,"items":[{"id":1}]}"#,
    #"{"total_count":1,"incomplete_results":false,"items":[{"stargazers_count":1}]}"#,
    #"{"total_count":-1,"incomplete_results":false,"items":[]}"#,
    #"{"total_count":9999999999999,"incomplete_results":false,"items":[]}"#,
    #"{"total_count":1e400,"incomplete_results":false,"items":[]}"#,
    #"{"incomplete_results":false,"items":[]}"#, #"{"total_count":0,"items":[]}"#,
    #"{"total_count":0,"incomplete_results":false}"#,
    #"{"total_count":1,"incomplete_results":false,"items":[{"id":1,"stargazers_count":1,"size":1e400}]}"#,
    #"{"total_count":1,"incomplete_results":false,"items":[{"id":1,"stargazers_count":1,"topics":[1]}]}"#,
    #"{"total_count":1,"incomplete_results":false,"items":[{"id":1,"stargazers_count":1.5}]}"#,
  ])
  func whatGitHubDoesNotGiveIsAnError(text: String) {
    #expect(throws: DataError.self) { try SearchPage(Array(text.utf8)) }
  }

  @Test func depthIsNoStackOverflow() {
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    let text = #"{"total_count":0,"incomplete_results":false,"items":[],"x":\#(deep)}"#
    #expect(throws: DataError.self) { try SearchPage(Array(text.utf8)) }
  }

  @Test func nodesAreReadAsGraphQLGivesThem() throws {
    let text = #"""
      {"data":{"nodes":[{"databaseId":7,"watchers":{"totalCount":3},"readme":null,
      "languages":{"totalCount":2,"totalSize":50,"edges":[{"size":40,"node":{"name":"C"}},{"size":10,"node":{"name":"D"}}]},
      "defaultBranchRef":{"target":{"history":{"totalCount":12}}},"licenseInfo":{"spdxId":"MIT"}},null],
      "rateLimit":{"cost":2}}}
      """#
    let page = try DetailsPage(Array(text.utf8), answering: [7, 8])
    #expect(page.cost == 2 && page.nodes[1] == nil)
    let node = try #require(page.nodes[0])
    #expect(node.details.watchers == 3 && node.details.commits == 12 && node.details.readmeBytes == 0)
    #expect(node.details.codeBytes == 50 && node.details.mainLanguageBytes == 40 && node.license == "MIT")
    #expect(throws: DataError.self) { try DetailsPage(Array(text.utf8), answering: [7]) }
    #expect(throws: DataError.self) { try DetailsPage(Array(text.utf8), answering: [9, 8]) }
  }
}
