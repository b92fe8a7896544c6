import Extraction
import Foundation
import HTTPClient
import Repositories
import TestSupport
import Testing

/// A server that sends the token back: nothing of it may be stored.
@Suite struct TokenSecrecyTests {
  private static let secret = "ghp_0123456789"
  /// As JSON may write it: decoded, it is the token.
  private static let escaped = #"\u0067hp\u005f01234\u0035\u0036789"#

  @Test func aTokenThatComesBackIsNotStored() throws {
    let clock = JumpingClock()
    let exchange = ScriptedExchange(clock) { _, _ in
      let item =
        #"{"id":1,"node_id":"N","full_name":"a/b","stargazers_count":90,"description":"is \#(Self.escaped)","#
        + #""homepage":"https://a/\#(Self.secret)","topics":["\#(Self.escaped)"]}"#
      return HTTPResponse(
        200, ["ETag": "\"\(Self.secret)\""],
        body: #"{"total_count":1,"incomplete_results":false,"items":[\#(item)]}"#)
    }
    let folder = try TemporaryFolder()
    let client = GitHubClient(
      exchange: exchange, token: try Token(Self.secret, from: "test"), settings: .init(), clock: clock, observer: nil)
    var json: [UInt8] = []
    do {
      let store = try Store(writing: folder.path("a.sqlite"))
      let extractor = try Extractor(store: store, client: client, settings: .init(), observer: nil)
      let report = try extractor.run()
      #expect(report.found == 1)
      try extractor.writeJSON(of: report) { json += $0 }
    }
    for name in folder.files() {
      #expect(try folder.read(name).firstRange(of: Array(Self.secret.utf8)) == nil, "\(name)")
    }
    let decoded = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [[String: Any]])
    let description = try #require(decoded.first?["description"] as? String)
    #expect(description.hasPrefix("is x") && !description.contains(Self.secret))
    #expect(!"\(decoded)".contains(Self.secret))
    let record = try #require(try StoredSnapshot(reading: folder.path("a.sqlite")).records.first)
    #expect(!"\(record)".contains(Self.secret) && record.repository.topics == [String(repeating: "x", count: 34)])
  }
}
