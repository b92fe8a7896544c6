import Extraction
import Testing

/// Who is gone, who failed, and who was told of: only GitHub's NOT_FOUND makes a repository gone.
@Suite struct DetailsPageTests {
  private func fates(_ nodes: String, _ errors: String, count: Int = 2) throws -> [String] {
    let body = #"{"data":{"nodes":[\#(nodes)]},"errors":[\#(errors)]}"#
    let asked = (1...count).map { Int64($0) }
    return try DetailsPage(Array(body.utf8), answering: asked, named: asked.map { "R_\($0)" }).fates.map { fate in
      switch fate {
      case .told: "told"
      case .gone: "gone"
      case .failed(_, let isRefused): isRefused ? "refused" : "failed"
      }
    }
  }

  private static let one = #"{"databaseId":1,"readme":null}"#

  @Test func eachErrorIsAboutItsNode() throws {
    let notFound = #"{"type":"NOT_FOUND","path":["nodes",1],"message":"no"}"#
    #expect(try fates("\(Self.one),null", notFound) == ["told", "gone"])
    #expect(try fates("\(Self.one),null", "") == ["told", "failed"])
    #expect(
      try fates("\(Self.one),null", #"{"type":"FORBIDDEN","path":["nodes",1],"message":"SAML"}"#) == [
        "told", "refused",
      ])
    #expect(
      try fates("\(Self.one),null", #"{"type":"RESOURCE_LIMITS_EXCEEDED","path":["nodes",1]}"#) == ["told", "failed"])
    // A field that failed makes all of the node unknown, also where it may not be null.
    let field = #"{"type":"X","path":["nodes",0,"readme"],"message":"m"}"#
    #expect(try fates("\(Self.one),null", field + "," + notFound) == ["failed", "gone"])
    #expect(try fates(#"{"databaseId":null},null"#, field + "," + notFound) == ["failed", "gone"])
    // NOT_FOUND of something in the repository is not the repository.
    #expect(
      try fates("\(Self.one),null", #"{"type":"NOT_FOUND","path":["nodes",0,"readme"]},\#(notFound)"#) == [
        "failed", "gone",
      ])
  }

  @Test func errorsWithoutAPlaceAreAboutWhatIsNotThere() throws {
    #expect(try fates("\(Self.one),null", #"{"message":"Something went wrong"}"#) == ["told", "failed"])
    #expect(
      try fates(
        "\(Self.one),null",
        #"{"type":"NOT_FOUND","message":"Could not resolve to a node with the global id of 'R_2'"}"#) == [
          "told", "gone",
        ])
  }

  @Test func anAnswerAboutOthersIsNone() {
    #expect(throws: (any Error).self) { try fates(#"{"databaseId":7}"#, "", count: 1) }
    #expect(throws: (any Error).self) { try fates(Self.one, "", count: 2) }
    #expect(throws: (any Error).self) { try fates(#"{"databaseId":null}"#, "", count: 1) }
  }
}
