import Foundation
import Server
import Testing

@Suite struct ConnectionTests {
  private static let body = #"{"instances":[{"size":17,"kind":"castle","noise":3.5}]}"#

  @Test func answersManyRequestsOnOneConnection() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    let request = Scene.request("POST", "/api/predict", Self.body)
    // All at once, and then byte by byte.
    try connection.send(String(repeating: request, count: 50))
    let first = try connection.answer()
    for _ in 1..<50 { #expect(try connection.answer().body == first.body) }
    for byte in request.utf8 { try connection.send([byte]) }
    #expect(try connection.answer().body == first.body)
  }

  /// An answer that another thread makes comes before those of requests that were sent after its own.
  @Test func keepsTheOrderOfSlowAnswers() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    let rows = Array(repeating: #"{"size":17,"kind":"castle","noise":3.5}"#, count: 5000).joined(separator: ",")
    let large = Scene.request("POST", "/api/predict", #"{"instances":["# + rows + "]}")
    let small = Scene.request("GET", "/healthz")
    try connection.send(large + small + small + large + small)
    let counts = try (0..<5).map { _ in try connection.answer() }.map { ($0.json["predictions"] as? [Any])?.count }
    #expect(counts == [5000, nil, nil, 5000, nil])
  }

  /// What is no request is answered behind the answers of those before it, and then the connection ends.
  @Test(arguments: [0, 2])
  func flawsDoNotOvertakeSlowAnswers(between: Int) throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    let rows = Array(repeating: #"{"size":17,"kind":"castle","noise":3.5}"#, count: 5000).joined(separator: ",")
    let large = Scene.request("POST", "/api/predict", #"{"instances":["# + rows + "]}")
    let small = Scene.request("GET", "/healthz")
    // More than one reading of the socket takes.
    let more = String(repeating: "more nonsense\r\n", count: 20_000)
    // The last bytes of the large request and what follows it come together.
    try connection.send(String(large.dropLast(10)))
    try connection.send(String(large.suffix(10)) + String(repeating: small, count: between) + "nonsense\r\n\r\n" + more)
    let first = try connection.answer()
    #expect(first.status == 200)
    #expect((first.json["predictions"] as? [Any])?.count == 5000)
    for _ in 0..<between { #expect(try connection.answer().json["status"] as? String == "ok") }
    let last = try connection.answer()
    #expect(last.status == 400)
    #expect(last.headers["connection"] == "close")
    #expect(connection.isEnded())
  }

  @Test func speaksOldHTTP() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    try connection.send("GET /healthz HTTP/1.0\r\n\r\n")
    let answer = try connection.answer()
    #expect(answer.status == 200)
    #expect(answer.headers["connection"] == "close")
    #expect(connection.isEnded())
  }

  /// A client of HTTP/1.0 that wants to go on has to be told that it may.
  @Test func oldClientsMayKeepTheirConnection() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    for _ in 0..<3 {
      try connection.send("GET /healthz HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
      let answer = try connection.answer()
      #expect(answer.status == 200 && answer.headers["connection"] == "keep-alive")
    }
  }

  @Test func headHasNoBody() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    try connection.send(Scene.request("HEAD", "/healthz"))
    let head = try connection.answer(toHead: true)
    #expect(head.status == 200)
    try connection.send(Scene.request("GET", "/healthz"))
    #expect(try connection.answer().body.count == Int(head.headers["content-length"] ?? ""))
  }

  @Test func takesBodiesInChunks() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    try connection.send("POST /api/predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for part in Self.body.split(separator: ",", omittingEmptySubsequences: false) {
      let text = part.hasPrefix("{") ? part : "," + part
      try connection.send(String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n")
    }
    try connection.send("0\r\n\r\n")
    #expect(try connection.answer().status == 200)
  }

  @Test func invitesWhoAsksFirst() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    try connection.send(
      "POST /api/predict HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: \(Self.body.utf8.count)\r\n\r\n"
    )
    #expect(String(decoding: try connection.receive(), as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
    try connection.send(Self.body)
    #expect(try connection.answer().status == 200)
  }

  /// It would take the invitation for its answer.
  @Test func invitesNobodyOfTheOldProtocol() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    try connection.send(
      "POST /api/predict HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: \(Self.body.utf8.count)\r\n\r\n")
    try connection.send(Self.body)
    #expect(String(decoding: try connection.receive(), as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
  }

  @Test func blanksBehindAValueAreNoPartOfIt() throws {
    var limits = Limits()
    limits.hosts = AllowedHosts(listeningAt: "127.0.0.1", names: [])
    let scene = try Scene(limits: limits)
    let connection = try Connection(port: scene.listener.port)
    try connection.send(
      "POST /api/predict HTTP/1.1\r\nHost: localhost:5100 \t\r\nTransfer-Encoding: chunked \r\n\r\n")
    try connection.send(String(Self.body.utf8.count, radix: 16) + "\r\n\(Self.body)\r\n0\r\n\r\n")
    #expect(try connection.answer().status == 200)
  }

  @Test func everyAnswerHasItsHeaders() throws {
    let scene = try Scene()
    let answer = try scene.ask("GET", "/healthz", headers: ["X-Request-Id": "abc-1.2_3"])
    #expect(answer.headers["x-request-id"] == "abc-1.2_3")
    #expect(answer.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
    #expect(answer.headers["x-content-type-options"] == "nosniff")
    #expect(answer.headers["cache-control"] == "no-store")
    #expect(answer.headers["date"]?.hasSuffix(" GMT") == true)
    #expect(answer.headers["server"] == nil)
    let strange = try scene.ask("GET", "/healthz", headers: ["X-Request-Id": "a\"b"])
    #expect(strange.headers["x-request-id"]?.contains("\"") == false)
    let ids = try (0..<100).map { _ in try scene.ask("GET", "/healthz").headers["x-request-id"] ?? "" }
    #expect(Set(ids).count == 100)
  }

  @Test func pagesOfOtherServersMayNotSend() throws {
    let scene = try Scene()
    func status(_ origin: String) throws -> Int {
      try scene.ask("POST", "/api/predict", Self.body, headers: ["Origin": origin, "Host": "localhost:5100"]).status
    }
    #expect(try status("http://localhost:5100") == 200)
    for origin in ["http://evil.example", "null", "http://localhost:5100.evil.example", "ftp://localhost:5100"] {
      #expect(try status(origin) == 403)
    }
    #expect(try scene.ask("GET", "/healthz", headers: ["Origin": "http://evil.example"]).status == 200)
  }

  @Test func knowsItsPathsAndMethods() throws {
    let scene = try Scene()
    #expect(try scene.ask("GET", "/api/nothing").status == 404)
    #expect(try scene.ask("GET", "/%2e%2e/%2e%2e/etc/passwd").status == 404)
    #expect(try scene.ask("GET", "/../../etc/passwd").status == 404)
    let answer = try scene.ask("GET", "/api/predict")
    #expect(answer.status == 405)
    #expect(answer.headers["allow"] == "POST")
    #expect(try scene.ask("DELETE", "/healthz").headers["allow"] == "GET, HEAD")
  }

  @Test func refusesWhatIsTooLarge() throws {
    var limits = Limits()
    limits.body = 1000
    let scene = try Scene(limits: limits)
    let large = #"{"instances":["# + String(repeating: " ", count: 2000) + "]}"
    #expect(try scene.ask("POST", "/api/predict", large).status == 413)
    // Without a length it is noticed on the way.
    let connection = try Connection(port: scene.listener.port)
    try connection.send("POST /api/predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    try connection.send("7d0\r\n" + String(repeating: " ", count: 2000) + "\r\n")
    #expect(try connection.answer().status == 413)
    #expect(connection.isEnded())
    #expect(try scene.ask("GET", "/" + String(repeating: "a", count: 5000)).status == 414)
    // So long that the parser gives up.
    #expect(try scene.ask("GET", "/" + String(repeating: "a", count: 20_000)).status == 431)
    let long = String(repeating: "a", count: 20_000)
    #expect(try scene.ask("GET", "/healthz", headers: ["X-Long": long]).status == 431)
    let many = Dictionary(uniqueKeysWithValues: (0..<300).map { ("X-\($0)", "1") })
    #expect(try scene.ask("GET", "/healthz", headers: many).status == 431)
  }

  @Test(
    arguments: [
      "nonsense\r\n\r\n", "GET /healthz\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET /healthz HTTP/1.1\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
      "POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
      "POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /api/predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "\0\0\0\0\r\n\r\n",
      // A line ends with both: who takes one for it sees other requests than a proxy in front.
      "GET /healthz HTTP/1.1\nHost: a\n\n", "GET /healthz HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
      "POST /api/predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
      "POST /api/predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\n{}\r\n0\r\n\r\n",
    ])
  func refusesWhatIsNotHTTP(text: String) throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port, timeout: 3)
    try connection.send(text)
    let answer = try connection.answer()
    #expect([400, 505].contains(answer.status))
    #expect(answer.headers["connection"] == "close")
    #expect(answer.headers["content-type"] == "application/problem+json")
    #expect(connection.isEnded())
    #expect(try scene.ask("GET", "/healthz").status == 200)
  }

  @Test func survivesSpoiledRequests() throws {
    let scene = try Scene()
    let request = Array(Scene.request("POST", "/api/predict", Self.body).utf8)
    var random = RandomStreamOfBytes(seed: 2)
    for _ in 0..<400 {
      var spoiled = request
      for _ in 0...random.next(3) {
        switch random.next(3) {
        case 0: spoiled[random.next(spoiled.count)] = UInt8(random.next(256))
        case 1: spoiled.remove(at: random.next(spoiled.count))
        default: spoiled.insert(UInt8(random.next(256)), at: random.next(spoiled.count))
        }
      }
      let connection = try Connection(port: scene.listener.port, timeout: 0.05)
      try connection.send(spoiled)
      connection.finish()
      // No answer is right where the request is not whole.
      if let answer = try? connection.answer() { #expect(answer.status < 500 || answer.status == 505) }
    }
    #expect(try scene.ask("GET", "/healthz").status == 200)
  }

  /// Who asks and asks but takes no answer is not read from.
  @Test func waitsForAClientThatTakesNoAnswers() throws {
    let scene = try Scene()
    let connection = try Connection(port: scene.listener.port)
    connection.sendTimeout(0.3)
    let requests = String(repeating: Scene.request("GET", "/openapi.json"), count: 100)
    var sent = 0
    while sent < 2000, (try? connection.send(requests)) != nil { sent += 1 }
    #expect(sent < 2000)
    // What waited is answered as soon as the client takes it.
    for _ in 0..<300 { #expect(try connection.answer().status == 200) }
  }

  @Test func manySlowClientsDoNotHinderOthers() throws {
    var limits = Limits()
    limits.headTime = .seconds(2)
    let scene = try Scene(limits: limits)
    let slow = try (0..<300).map { index in
      let connection = try Connection(port: scene.listener.port)
      try connection.send(index % 2 == 0 ? "GET /healthz HTT" : "")
      return connection
    }
    for _ in 0..<50 { #expect(try scene.ask("POST", "/api/predict", Self.body).status == 200) }
    for connection in slow { #expect(connection.isEnded()) }
  }

  @Test func bodiesHaveToArriveInTime() throws {
    var limits = Limits()
    limits.bodyTime = .milliseconds(300)
    let scene = try Scene(limits: limits)
    let connection = try Connection(port: scene.listener.port)
    try connection.send("POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    #expect(try connection.answer().status == 408)
    #expect(connection.isEnded())
  }

  /// A client may take an answer as slowly as it likes, as long as it takes some of it now and then.
  @Test(arguments: ["keep-alive", "close"])
  func slowTakersGetTheirAnswers(connection: String) async throws {
    var limits = Limits()
    limits.headTime = .seconds(1)
    limits.bodyTime = .seconds(1)
    (limits.body, limits.instances) = (64 << 20, 1_000_000)
    let scene = try Scene(limits: limits)
    // An answer of which the machine holds but a part between the two programs.
    let (row, count) = (#"{"size":17}"#, 500_000)
    let body = #"{"instances":["# + Array(repeating: row, count: count).joined(separator: ",") + "]}"
    let request = Scene.request("POST", "/api/predict", body, headers: ["Connection": connection])
    let client = try Connection(port: scene.listener.port, receiveBuffer: 16 << 10)
    let text = try await onThread {
      try client.send(request)
      var received: [UInt8] = []
      while true {
        let piece = try client.receive()
        // One that is kept ends, too: nothing comes on it any more.
        guard !piece.isEmpty else { return String(decoding: received, as: UTF8.self) }
        received += piece
        usleep(8_000)
      }
    }
    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    let end = try #require(text.firstRange(of: "\r\n\r\n")).upperBound
    let length = try #require(text[..<end].firstMatch(of: /content-length: (\d+)/)).output.1
    #expect(text[end...].utf8.count == Int(length))
  }

  @Test func boundsConnections() throws {
    var limits = Limits()
    limits.connections = 10
    let scene = try Scene(limits: limits)
    let held = try (0..<10).map { _ in
      let connection = try Connection(port: scene.listener.port)
      try connection.send(Scene.request("GET", "/healthz"))
      #expect(try connection.answer().status == 200)
      return connection
    }
    #expect(try Connection(port: scene.listener.port).answer().status == 503)
    withExtendedLifetime(held) {}
  }

  @Test func drainsBeforeItStops() async throws {
    // Other tests may hold the threads that tasks wait for: no time of this one is short.
    var limits = Limits()
    limits.headTime = .seconds(600)
    limits.bodyTime = .seconds(600)
    limits.drainTime = .seconds(600)
    let scene = try Scene(limits: limits)
    let idle = try Connection(port: scene.listener.port, timeout: 600)
    try idle.send(Scene.request("GET", "/healthz"))
    #expect(try idle.answer().status == 200)
    let busy = try Connection(port: scene.listener.port, timeout: 600)
    try busy.send(
      "POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Length: \(Self.body.utf8.count)\r\n\r\n\(Self.body.prefix(5))")
    // It and the one that asks.
    #expect(eventually { try scene.ask("GET", "/metrics").text.contains("learners_requests_in_flight 2\n") })
    let listener = scene.listener
    let stopping = Task { await listener.stop() }
    #expect(try await onThread { idle.isEnded() })
    // The other event loop was told at the same time.
    try await Task.sleep(for: .milliseconds(200))
    try busy.send(String(Self.body.dropFirst(5)))
    let answer = try await onThread { try busy.answer() }
    #expect(answer.status == 200)
    #expect(answer.headers["connection"] == "close")
    busy.finish()
    await stopping.value
    #expect(throws: (any Error).self) { try Connection(port: scene.listener.port) }
  }
}
