import Server
import Testing

/// Targets that are whole addresses, as clients send them that take the server for a proxy.
@Suite struct AbsoluteTargetTests {
  private static let body = #"{"instances":[{"size":17}]}"#

  @Test(arguments: [
    "http://localhost/healthz", "HTTP://localhost:5100/healthz", "https://localhost/healthz?x=http://y/",
    "http://localhost", "http://localhost?model=best",
  ])
  func wholeAddressesAreTaken(target: String) throws {
    let scene = try Scene()
    let answer = try scene.ask("GET", target)
    #expect(answer.status == 200)
    #expect(answer.text.hasPrefix(target.contains("healthz") ? "{" : "<!doctype html>"))
  }

  @Test func theQueryIsPartOfIt() throws {
    let scene = try Scene(models: ["one": "ridge", "two": "mean"])
    #expect(try scene.ask("GET", "http://x/api/model?model=two").json["learner"] as? String == "mean")
  }

  /// The host of the address counts, not that of the header.
  @Test func itsHostCounts() throws {
    var limits = Limits()
    limits.hosts = AllowedHosts(listeningAt: "127.0.0.1", names: [])
    let scene = try Scene(limits: limits)
    #expect(try scene.ask("GET", "http://evil.example/healthz", headers: ["Host": "localhost"]).status == 421)
    #expect(try scene.ask("GET", "http://localhost/healthz", headers: ["Host": "evil.example"]).status == 200)
    let origin = ["Host": "elsewhere", "Origin": "http://localhost:5100"]
    #expect(try scene.ask("POST", "http://localhost:5100/api/predict", Self.body, headers: origin).status == 200)
    #expect(try scene.ask("POST", "http://localhost/api/predict", Self.body, headers: origin).status == 403)
  }

  @Test(arguments: ["http:///healthz", "ftp://localhost/healthz", "http://me@localhost/healthz", "localhost/healthz"])
  func whatIsNoAddressIsNotFound(target: String) throws {
    let status = try Scene().ask("GET", target).status
    #expect(status == 404 || status == 400)
  }
}
