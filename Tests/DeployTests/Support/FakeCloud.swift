import Deploy
import HTTPClient
import Synchronization

/// An OpenStack in memory: answers the requests that a deployment sends as Keystone, Nova, Neutron and Glance do, keeps what was
/// made, and does what goes wrong in clouds where it is told to.
final class FakeCloud: HTTPExchange {
  struct Fault: Sendable {
    enum Action: Sendable {
      case status(Int, String, retryAfter: String? = nil)
      /// The request is done, and the answer lost.
      case lostAnswer
      /// The request is done, and the answer says that it is not: what a proxy repeats is in the way of itself.
      case doneAndRefused(Int, String)
      /// The request is lost, and nobody answers.
      case lostRequest
    }

    let method: String
    let path: String
    let action: Action
    var times = 1
  }

  struct State {
    var faults: [Fault] = []
    /// Requests that are answered before the process is killed; nil for all.
    var life: Int?
    /// Whether the last request is done before.
    var dyingIsDone = false
    var requests: [String] = []
    var tokens = 0
    var validToken = ""
    /// Of tokens: asked with so many requests, a token is not known any more.
    var tokenLife: Int?
    var tokenUses = 0
    var pageSize = 1000
    var serial = 0
    /// Polls until a server is ACTIVE.
    var slowness = 1
    var serverFault: String?
    var images: [JSONValue] = [
      ["id": "image-1", "name": "Ubuntu 22.04", "created_at": "2024-01-15"],
      ["id": "image-2", "name": "Debian 12", "created_at": "2024-01-16"],
    ]
    var things: [String: [(id: String, value: JSONValue)]] = [
      "servers": [], "ports": [], "security-groups": [], "floatingips": [], "os-keypairs": [],
    ]
    var polls: [String: Int] = [:]
    /// Before the paths of all services.
    var address = "http://cloud.test"
  }

  let state = Mutex(State())

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
  func spoil(_ method: String, _ path: String, _ action: Fault.Action, times: Int = 1) {
    change { $0.faults.append(Fault(method: method, path: path, action: action, times: times)) }
  }

  /// Names of everything that there is, by kind.
  var inventory: [String: [String]] {
    state.withLock { state in
      state.things.mapValues { $0.map { $0.value["name"]?.text ?? $0.value["description"]?.text ?? "" }.sorted() }
    }
  }
  var isEmpty: Bool { state.withLock { $0.things.values.allSatisfy(\.isEmpty) } }
  var tokens: Int { state.withLock(\.tokens) }
  var requests: [String] { state.withLock(\.requests) }

  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let path = String(request.url.dropFirst("http://cloud.test".count))
    let result: Result<HTTPResponse, HTTPError> = state.withLock { state in
      state.requests.append("\(request.method) \(path)")
      func error(_ stage: HTTPError.Stage) -> HTTPError { HTTPError(stage: stage, url: request.url, reason: "fake") }
      if let life = state.life {
        state.life = life - 1
        if life <= 0 {
          if life == 0 && state.dyingIsDone { _ = state.answer(request, path) }
          return .failure(error(.cancelled))
        }
      }
      if let index = state.faults.firstIndex(where: {
        $0.times > 0 && $0.method == request.method && path.contains($0.path)
      }) {
        state.faults[index].times -= 1
        switch state.faults[index].action {
        case .status(let status, let text, let retryAfter):
          let headers = retryAfter.map { [HTTPHeader("Retry-After", $0)] } ?? []
          return .success(
            HTTPResponse(status: status, headers: HTTPHeaders(headers), body: Array(text.utf8), url: request.url))
        case .doneAndRefused(let status, let text):
          _ = state.answer(request, path)
          return .success(
            HTTPResponse(status: status, headers: HTTPHeaders([]), body: Array(text.utf8), url: request.url))
        case .lostAnswer:
          _ = state.answer(request, path)
          return .failure(error(.timeout))
        case .lostRequest: return .failure(error(.timeout))
        }
      }
      let (status, json, headers) = state.answer(request, path)
      return .success(
        HTTPResponse(status: status, headers: HTTPHeaders(headers), body: json.bytes, url: request.url))
    }
    return try result.get()
  }
}

extension FakeCloud.State {
  typealias Answer = (status: Int, json: JSONValue, headers: [HTTPHeader])

  mutating func answer(_ request: HTTPRequest, _ path: String) -> Answer {
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    let steps = parts[0].split(separator: "/").map(String.init)
    let body = request.body.flatMap(JSONValue.init(parsing:)) ?? .null
    if path.hasSuffix("/auth/tokens") { return token(body) }
    guard request.headers.contains(where: { $0.name == "X-Auth-Token" && $0.value == validToken }), isTokenAlive()
    else {
      return (401, ["error": ["message": "The request you have made requires authentication."]], [])
    }
    let query = parts.count > 1 ? parts[1] : ""
    switch (steps[0], steps.dropFirst(2).first ?? "") {
    case ("image", "images"): return (200, ["images": .array(images)], [])
    case ("compute", "flavors"):
      let flavor: JSONValue = ["id": "f1", "name": "ssc.small", "ram": 2048, "vcpus": 1, "disk": 20]
      return (200, ["flavors": [flavor]], [])
    case ("network", "networks"):
      let external = query.contains("external=true")
      let network: JSONValue = external ? ["id": "ext", "name": "Public"] : ["id": "net", "name": "Internal"]
      return (200, ["networks": [network]], [])
    case ("compute", let kind), ("network", let kind):
      return thing(request.method, kind, Array(steps.dropFirst(3)), body, query)
    default: return (404, ["itemNotFound": ["message": "no such path"]], [])
    }
  }

  private mutating func isTokenAlive() -> Bool {
    tokenUses += 1
    return tokenLife.map { tokenUses <= $0 } ?? true
  }

  private mutating func token(_ body: JSONValue) -> Answer {
    let identity = body["auth"]?["identity"]
    guard identity?["password"]?["user"]?["password"]?.text == "right" else {
      return (401, ["error": ["message": "Invalid user name or password."]], [])
    }
    tokens += 1
    tokenUses = 0
    validToken = "token-\(tokens)"
    func service(_ type: String, _ path: String) -> JSONValue {
      let endpoint: JSONValue = ["interface": "public", "region_id": "east", "url": .text("\(address)/\(path)")]
      return ["type": .text(type), "endpoints": [endpoint]]
    }
    let catalog: JSONValue = [
      service("compute", "compute/v2.1"), service("network", "network"), service("image", "image/"),
    ]
    return (201, ["token": ["catalog": catalog]], [HTTPHeader("X-Subject-Token", validToken)])
  }

  private static let singular = [
    "servers": "server", "ports": "port", "security-groups": "security_group", "floatingips": "floatingip",
    "os-keypairs": "keypair", "security-group-rules": "security_group_rule",
  ]

  private mutating func thing(
    _ method: String, _ kind: String, _ rest: [String], _ body: JSONValue, _ query: String
  ) -> Answer {
    guard let word = Self.singular[kind] else { return (404, .null, []) }
    switch (method, rest.count) {
    case ("GET", 0): return page(kind, query)
    case ("GET", 1) where rest == ["detail"]: return page(kind, query)
    case ("GET", _): return one(kind, word, rest[0])
    case ("POST", 0): return make(kind, word, body[word] ?? .null)
    case ("POST", _): return act(rest[0], body)
    case ("PUT", 3): return (201, .null, [])
    case ("PUT", _): return update(kind, word, rest[0], body[word] ?? .null)
    case ("DELETE", _): return remove(kind, rest[0])
    default: return (405, .null, [])
    }
  }

  private mutating func page(_ kind: String, _ query: String) -> Answer {
    let key = kind.replacing("-", with: "_")
    let all = things[kind] ?? []
    let marker = query.split(separator: "&").first { $0.hasPrefix("marker=") }?.dropFirst(7)
    let start = marker.flatMap { marker in all.firstIndex { $0.id == String(marker) } }.map { $0 + 1 } ?? 0
    let part = all[start...].prefix(pageSize)
    var answer: [String: JSONValue] = [key: .array(part.map(\.value))]
    if start + part.count < all.count, let last = part.last {
      let link: JSONValue = ["rel": "next", "href": "http://inside:9696/v2.0/\(kind)?marker=\(last.id)"]
      answer["\(key)_links"] = [link]
    }
    return (200, .object(answer), [])
  }

  private mutating func one(_ kind: String, _ word: String, _ id: String) -> Answer {
    guard let index = things[kind]?.firstIndex(where: { $0.id == id }) else {
      return (404, ["itemNotFound": ["message": "it could not be found"]], [])
    }
    if kind == "servers" { grow(index) }
    return (200, .object([word: things[kind]?[index].value ?? .null]), [])
  }

  /// A server is ACTIVE, or ERROR, after some looks at it.
  private mutating func grow(_ index: Int) {
    guard var members = things["servers"]?[index].value.members, members["status"] == "BUILD" else { return }
    let id = members["id"]?.text ?? ""
    polls[id, default: 0] += 1
    guard polls[id, default: 0] >= slowness else { return }
    members["status"] = serverFault == nil ? "ACTIVE" : "ERROR"
    if let serverFault {
      members["fault"] = ["message": .text(serverFault)]
    } else {
      members["OS-SRV-USG:launched_at"] = "2026-01-01"
    }
    things["servers"]?[index].value = .object(members)
  }

  private mutating func make(_ kind: String, _ word: String, _ body: JSONValue) -> Answer {
    serial += 1
    let id = kind == "os-keypairs" ? body["name"]?.text ?? "" : "\(word)-\(serial)"
    var members = body.members
    members["id"] = .text(id)
    switch kind {
    case "security-group-rules": return addRule(members)
    case "os-keypairs":
      if things[kind]?.contains(where: { $0.id == id }) == true {
        return (409, ["conflictingRequest": ["message": "exists"]], [])
      }
    case "security-groups": members["security_group_rules"] = [["id": "out-\(id)", "direction": "egress"]]
    case "ports": members["fixed_ips"] = [["ip_address": "192.168.2.\(serial)"]]
    case "floatingips": members["floating_ip_address"] = "198.51.100.\(serial)"
    case "servers":
      let port = body["networks"]?.elements.first?["port"]?.text ?? ""
      guard let index = things["ports"]?.firstIndex(where: { $0.id == port && $0.value["device_id"] == nil }) else {
        return (409, ["conflictingRequest": ["message": "Port \(port) is still in use."]], [])
      }
      var portMembers = things["ports"]?[index].value.members ?? [:]
      portMembers["device_id"] = .text(id)
      things["ports"]?[index].value = .object(portMembers)
      members["status"] = "BUILD"
      members["flavor"] = ["original_name": "ssc.small"]
      members["image"] = ["id": body["imageRef"] ?? .null]
    default: break
    }
    things[kind]?.append((id, .object(members)))
    return (kind == "servers" ? 202 : 201, .object([word: .object(members)]), [])
  }

  private mutating func addRule(_ members: [String: JSONValue]) -> Answer {
    let group = members["security_group_id"]?.text
    guard let index = things["security-groups"]?.firstIndex(where: { $0.id == group }),
      var owner = things["security-groups"]?[index].value.members
    else { return (404, .null, []) }
    let rules = owner["security_group_rules"]?.elements ?? []
    owner["security_group_rules"] = .array(rules + [.object(members)])
    things["security-groups"]?[index].value = .object(owner)
    return (201, ["security_group_rule": .object(members)], [])
  }

  private mutating func update(_ kind: String, _ word: String, _ id: String, _ body: JSONValue) -> Answer {
    guard let index = things[kind]?.firstIndex(where: { $0.id == id }) else { return (404, .null, []) }
    let merged = (things[kind]?[index].value.members ?? [:]).merging(body.members) { _, new in new }
    things[kind]?[index].value = .object(merged)
    return (200, .object([word: .object(merged)]), [])
  }

  private mutating func act(_ id: String, _ body: JSONValue) -> Answer {
    _ = update("servers", "server", id, ["status": "ACTIVE"])
    return (202, .null, [])
  }

  private mutating func remove(_ kind: String, _ id: String) -> Answer {
    if kind == "security-group-rules" {
      for index in things["security-groups"]?.indices ?? 0..<0 {
        var owner = things["security-groups"]?[index].value.members ?? [:]
        owner["security_group_rules"] = .array(
          (owner["security_group_rules"]?.elements ?? []).filter { $0["id"]?.text != id })
        things["security-groups"]?[index].value = .object(owner)
      }
      return (204, .null, [])
    }
    guard let index = things[kind]?.firstIndex(where: { $0.id == id }) else { return (404, .null, []) }
    if kind == "security-groups", isUsed(group: id) { return (409, ["NeutronError": ["message": "in use"]], []) }
    if kind == "servers" {
      for port in things["ports"]?.indices ?? 0..<0 where things["ports"]?[port].value["device_id"]?.text == id {
        var members = things["ports"]?[port].value.members ?? [:]
        members["device_id"] = nil
        things["ports"]?[port].value = .object(members)
      }
    }
    things[kind]?.remove(at: index)
    return (204, .null, [])
  }

  private func isUsed(group id: String) -> Bool {
    let byPort = (things["ports"] ?? []).contains { $0.value["security_groups"]?.elements.contains(.text(id)) == true }
    return byPort
  }
}
