import Foundation
import Learners
import Server
import Synchronization
import Testing

@Suite struct SwapTests {
  private static let token = "0123456789abcdef-secret"
  private static let admin = ["Authorization": "Bearer \(token)"]

  @Test func loadingIsOffUnlessATokenIsGiven() throws {
    let scene = try Scene()
    let answer = try scene.ask("POST", "/v2/repository/models/best/load", headers: Self.admin)
    #expect(answer.status == 403)
    #expect(answer.json["error"] != nil)
  }

  @Test func onlyWhoKnowsTheTokenMayLoad() throws {
    let scene = try Scene(adminToken: Self.token)
    let wrong = ["", "Bearer ", "Bearer x", "Bearer \(Self.token)x", "Bearer \(Self.token.dropLast())", Self.token]
    for text in wrong {
      let answer = try scene.ask("POST", "/v2/repository/models/best/load", headers: ["Authorization": text])
      #expect(answer.status == 401)
      #expect(answer.headers["www-authenticate"] == "Bearer")
      #expect(!answer.text.contains(Self.token))
    }
    #expect(try scene.ask("POST", "/v2/repository/models/best/load", headers: Self.admin).status == 200)
    #expect(try scene.ask("POST", "/v2/repository/models/other/load", headers: Self.admin).status == 404)
    #expect(AdminToken("short") == nil)
    #expect(AdminToken("with a space in it, long") == nil)
    #expect("\(try #require(AdminToken(Self.token)))" == "token")
  }

  @Test func unloadsAndLoads() throws {
    let scene = try Scene(adminToken: Self.token)
    #expect(try scene.ask("POST", "/v2/repository/models/best/unload", headers: Self.admin).status == 200)
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[{}]}"#).status == 503)
    #expect(try scene.ask("GET", "/v2/models/best/ready").status == 503)
    #expect(try scene.ask("GET", "/v2/health/ready").status == 503)
    scene.steward.reloadAll()
    #expect(try scene.ask("GET", "/v2/models/best/ready").status == 503)
    #expect(try scene.ask("POST", "/v2/repository/models/best/load", headers: Self.admin).status == 200)
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[{}]}"#).status == 200)
  }

  @Test func aBadFileIsRefusedAndTheOldModelStays() throws {
    let scene = try Scene(adminToken: Self.token)
    let before = try scene.model.sha256
    let file = scene.folder.appending(path: "best.safetensors")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 3] ^= 1
    try bytes.write(to: file)
    let answer = try scene.ask("POST", "/v2/repository/models/best/load", headers: Self.admin)
    #expect(answer.status == 400)
    #expect((answer.json["error"] as? String)?.isEmpty == false)
    #expect(try scene.model.sha256 == before)
    let index = try scene.ask("POST", "/v2/repository/index").text
    #expect(index.contains("no model to be trusted"))
    try FileManager.default.removeItem(at: file)
    scene.steward.reloadChanged()
    #expect(try scene.model.sha256 == before)
    try Scene.write("mean", to: file)
    scene.steward.reloadChanged()
    #expect(try scene.model.model.name == "mean")
    #expect(!(try scene.ask("POST", "/v2/repository/index").text.contains("trusted")))
  }

  /// Under load, every answer is whole and of one model: what the hash in it says is what the numbers are.
  @Test func swapsBetweenTwoRequests() async throws {
    let scene = try Scene()
    let file = scene.folder.appending(path: "best.safetensors")
    let body = #"{"instances":[{"size":17,"kind":"castle","noise":3.5},{"size":1,"kind":"flat","noise":2}]}"#
    var contents: [(Data, sha256: String, predictions: [Double])] = []
    for shift in [0.0, 1000.0] {
      try Scene.write("ridge", to: file, shift: shift)
      try scene.steward.load("best")
      let answer = try scene.ask("POST", "/api/predict", body)
      let predictions = try #require(answer.predictions())
      contents.append((try Data(contentsOf: file), try scene.model.sha256, predictions))
    }
    let isDone = Flag()
    let port = scene.listener.port
    let expected = Dictionary(uniqueKeysWithValues: contents.map { ($0.sha256, $0.predictions) })
    let counts = try await withThrowingTaskGroup(of: [String: Int].self) { group in
      for _ in 0..<3 {
        group.addTask {
          try await onThread {
            var counts: [String: Int] = [:]
            let connection = try Connection(port: port)
            while !isDone.isUp {
              try connection.send(Scene.request("POST", "/api/predict", body))
              let answer = try connection.answer()
              let sha256 = (answer.json["model"] as? [String: String])?["sha256"] ?? ""
              let isRight = answer.status == 200 && answer.predictions() == expected[sha256]
              counts[isRight ? sha256 : "wrong", default: 0] += 1
            }
            return counts
          }
        }
      }
      for turn in 0..<60 {
        try contents[turn % 2].0.write(to: file, options: .atomic)
        try scene.steward.load("best")
        try await Task.sleep(for: .milliseconds(2))
      }
      isDone.raise()
      return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }
    #expect(Set(counts.keys) == Set(expected.keys))
  }
}

/// Tells several tasks to end.
private final class Flag: Sendable {
  private let value = Atomic<Bool>(false)

  var isUp: Bool { value.load(ordering: .relaxed) }

  func raise() { value.store(true, ordering: .relaxed) }
}
