import Server
import Testing

@Suite struct CrossOriginTests {
  private static let body = #"{"instances":[{"size":17}]}"#

  private func scene(_ origins: [String]) throws -> Scene {
    var limits = Limits()
    limits.origins = AllowedOrigins(origins)
    return try Scene(limits: limits)
  }

  @Test func pagesElsewhereMayReadWhatTheyAreAllowedTo() throws {
    let scene = try scene(["https://app.example.org"])
    let mine = ["Origin": "https://app.example.org"]
    let answer = try scene.ask("POST", "/api/predict", Self.body, headers: mine)
    #expect(answer.status == 200 && answer.headers["access-control-allow-origin"] == "https://app.example.org")
    #expect(answer.headers["vary"] == "origin")
    let ask = mine.merging(["Access-Control-Request-Method": "POST"]) { $1 }
    let permission = try scene.ask("OPTIONS", "/api/predict", headers: ask)
    #expect(
      permission.status == 200 && permission.headers["access-control-allow-headers"]?.contains("content-type") == true)
    let stream = try scene.ask("POST", "/api/predict/stream", #"{"size":1}"#, headers: mine)
    #expect(stream.headers["access-control-allow-origin"] == "https://app.example.org")
  }

  @Test func othersMayNotAndAreToldWhatToDo() throws {
    let scene = try scene(["https://app.example.org"])
    let other = ["Origin": "https://evil.example"]
    let refused = try scene.ask("POST", "/api/predict", Self.body, headers: other)
    #expect(refused.status == 403 && refused.text.contains("“https://evil.example”"))
    #expect(refused.text.contains("--allowed-origin https://evil.example") && refused.text.contains("“localhost”"))
    #expect(try scene.ask("GET", "/healthz", headers: other).headers["access-control-allow-origin"] == nil)
    #expect(try scene.ask("OPTIONS", "/api/predict", headers: other).status == 403)
    #expect(try self.scene([]).ask("POST", "/api/predict", Self.body, headers: other).status == 403)
  }

  @Test(arguments: [
    ("https://A.example", "https://a.example"), ("http://localhost:3000", "http://localhost:3000"), ("*", "*"),
    ("app.example", nil), ("https://a/b", nil), ("ftp://a", nil), ("https://", nil),
  ])
  func namesAreSchemeAndHost(text: String, name: String?) { #expect(AllowedOrigins.name(parsing: text) == name) }

  /// Below a part of a proxy's paths, whether it takes that part away or not.
  @Test func livesBelowABasePath() throws {
    var limits = Limits()
    limits.basePath = "/stars"
    let scene = try Scene(limits: limits)
    for path in ["/healthz", "/stars/healthz"] { #expect(try scene.ask("GET", path).status == 200) }
    for path in ["/", "/stars", "/stars/", "/stars/?model=best"] {
      let page = try scene.ask("GET", path)
      #expect(page.status == 200 && page.text.contains("href=\"page.css?"), "\(path)")
    }
    #expect(try scene.ask("GET", "/starships/healthz").status == 404)
    #expect(try scene.ask("GET", "/stars/openapi.json").text.contains(#""servers":[{"url":"/stars"}]"#))
    let plain = try Scene()
    let forwarded = try plain.ask("GET", "/openapi.json", headers: ["X-Forwarded-Prefix": "/ml/"])
    #expect(forwarded.text.contains(#""servers":[{"url":"/ml"}]"#))
    let hostile = try plain.ask("GET", "/openapi.json", headers: ["X-Forwarded-Prefix": "/\"},{"])
    #expect(hostile.text.contains(#""servers":[{"url":"/"}]"#))
  }
}
