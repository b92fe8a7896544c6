import Server
import Testing

@Suite struct AllowedHostsTests {
  private static let body = #"{"instances":[{"size":17}]}"#

  private func scene(_ address: String, _ names: [String] = []) throws -> Scene {
    var limits = Limits()
    limits.hosts = AllowedHosts(listeningAt: address, names: names)
    return try Scene(limits: limits)
  }

  private func statuses(_ scene: Scene, _ hosts: [String]) throws -> [String: Int] {
    try Dictionary(
      uniqueKeysWithValues: hosts.map {
        ($0, try scene.ask("POST", "/api/predict", Self.body, headers: ["Host": $0]).status)
      })
  }

  private static let own = [
    "localhost", "LOCALHOST:5100", "localhost.", "127.0.0.1", "127.0.0.1:80", "127.8.8.8", "[::1]", "[::1]:5100",
  ]
  private static let others = [
    "evil.example", "evil.example:5100", "localhost.evil.example", "127.evil.example", "127.0.0.1.evil.example",
    "[::2]", "[::1", "localhost:80:evil.example", "192.168.0.1", "localhos", "xlocalhost", "",
  ]

  @Test(arguments: ["127.0.0.1", "::1", "localhost", "127.0.0.2"]) func loopbackIsForThisMachine(address: String) throws
  {
    let scene = try scene(address)
    #expect(Set(try statuses(scene, Self.own).values) == [200])
    #expect(Set(try statuses(scene, Self.others).values) == [421])
  }

  @Test func elsewhereAnyNameIsRightUnlessSomeAreGiven() throws {
    #expect(Set(try statuses(scene("0.0.0.0"), Self.own + Self.others).values) == [200])
    let named = try scene("0.0.0.0", ["stars.example.org"])
    #expect(Set(try statuses(named, Self.own + ["stars.example.org", "Stars.Example.org:443"]).values) == [200])
    #expect(Set(try statuses(named, Self.others + ["x.stars.example.org"]).values) == [421])
    let address = try scene("192.168.0.1", ["stars.example.org"])
    #expect(
      try statuses(address, ["192.168.0.1:5100", "192.168.0.2"]) == ["192.168.0.1:5100": 200, "192.168.0.2": 421])
    #expect(Set(try statuses(scene("127.0.0.1", ["*"]), Self.others).values) == [200])
  }

  /// The operator reads what to do; the connection is not used any further.
  @Test func saysWhatToDo() throws {
    let scene = try scene("127.0.0.1")
    let answer = try scene.ask("GET", "/healthz", headers: ["Host": "proxy.example"])
    #expect(answer.status == 421 && answer.headers["content-type"] == "application/problem+json")
    #expect(answer.text.contains("“proxy.example”") && answer.text.contains("--allowed-host"))
    #expect(answer.headers["connection"] == "close")
    let inference = try scene.ask("GET", "/v2", headers: ["Host": "proxy.example"])
    #expect((inference.json["error"] as? String)?.contains("--allowed-host") == true)
    // Who speaks HTTP/1.0 without a host is no browser.
    let old = try Connection(port: scene.listener.port)
    try old.send("GET /healthz HTTP/1.0\r\n\r\n")
    #expect(try old.answer().status == 200)
  }

  @Test func namesHaveAForm() {
    #expect(AllowedHosts.name(parsing: "Stars.example.org.") == "stars.example.org")
    #expect(AllowedHosts.name(parsing: "2001:DB8::1") == "[2001:db8::1]")
    #expect(AllowedHosts.name(parsing: "[::1]") == "[::1]")
    #expect(AllowedHosts.name(parsing: "*") == "*")
    for text in ["", "http://x", "x:80", "x/y", "a b", "ü.example", "*.x", "[x]", "."] {
      #expect(AllowedHosts.name(parsing: text) == nil, "\(text)")
    }
  }
}
