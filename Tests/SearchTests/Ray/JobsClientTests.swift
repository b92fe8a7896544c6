import Search
import Testing

/// What is told where Ray does not let us in, or is none.
@Suite struct JobsClientTests {
  private func cluster(_ url: String, token: String?) -> RayCluster {
    RayCluster(
      address: url, threads: 1, processes: nil, memory: nil, patience: .seconds(1),
      environment: token.map { ["RAY_AUTH_TOKEN": $0] } ?? [:])
  }

  private func failure(_ url: String, token: String?) -> SearchError? {
    #expect(throws: SearchError.self) { try cluster(url, token: token).connect() }
  }

  @Test func aTokenIsShownToWhoAsksForIt() throws {
    let server = try JobsServer(Scene()) { $0.token = "right" }
    let jobs = try cluster(server.url + "/", token: "right").connect()
    #expect(jobs.isGuarded && jobs.version == "2.60.0" && jobs.address == server.url)
    let open = try JobsServer(Scene())
    #expect(try cluster(open.url, token: "secret").connect().isGuarded == false)
    #expect(open.now.shown.isEmpty)
  }

  @Test func aWrongTokenAndNone() throws {
    let server = try JobsServer(Scene()) { $0.token = "right" }
    let wrong = failure(server.url, token: "wrong")
    #expect(wrong?.code == .noPermission && wrong?.what.contains("refuses the token of RAY_AUTH_TOKEN") == true)
    #expect(wrong.map { !"\($0)".contains("wrong") } == true, "a token is told to nobody")
    let none = failure(server.url, token: nil)
    #expect(none?.code == .noPermission && none?.what.contains("asks for a token") == true)
    #expect(failure(server.url, token: "two\nlines")?.code == .usage)
  }

  @Test func aRayThatKnowsNoTokens() throws {
    let server = try JobsServer(Scene()) { $0.version = "2.51.1" }
    let error = failure(server.url, token: "right")
    #expect(error?.code == .unavailable && error?.what.contains("Ray 2.51.1 knows no tokens") == true)
    #expect(server.now.shown.isEmpty)
    #expect(try cluster(server.url, token: nil).connect().version == "2.51.1")
  }

  @Test func nobodyIsThereOrSomebodyElse() throws {
    let nobody = failure("http://127.0.0.1:1", token: nil)
    #expect(nobody?.code == .unavailable && nobody?.what.contains("no connection") == true)
    let server = try JobsServer(Scene())
    let other = failure(server.url + "/elsewhere", token: nil)
    #expect(other?.code == .unavailable && other?.what.contains("not as Ray's dashboard") == true)
  }

  @Test(arguments: [
    ("auto", true), ("http://head:8265", true), ("https://head", true), ("head:8265", false), ("http://", false),
    ("", false),
  ])
  func addresses(_ text: String, _ isOne: Bool) { #expect(RayCluster.isAddress(text) == isOne) }

  @Test func theAddressOfAClusterThatIsNamed() throws {
    let server = try JobsServer(Scene())
    let cluster = RayCluster(
      address: "auto", threads: 1, processes: nil, memory: nil, patience: .seconds(1),
      environment: ["RAY_API_SERVER_ADDRESS": server.url])
    #expect(try cluster.connect().address == server.url)
  }
}
