import Learners
import Server
import Testing

/// What the reader makes of instances, seen through the routes: the reader itself is not for others.
@Suite struct InstanceReaderTests {
  private func predictions(_ scene: Scene, _ body: String) throws -> [Double] {
    let answer = try scene.ask("POST", "/api/predict", body)
    try #require(answer.status == 200, "\(answer.text)")
    return try #require(answer.predictions())
  }

  @Test func spellingDoesNotMatter() throws {
    let scene = try Scene()
    let plain = try predictions(scene, #"{"instances":[{"size":17,"kind":"castle","noise":3.5}]}"#)
    let others = [
      #"  { "instances" : [ { "noise" : 3.5 , "kind" : "castle" , "size" : 17 } ] }  "#,
      #"{"instances":[{"kind":"c\u0061stle","\u006eoise":0.35e1,"size":1.7E+1}]}"#,
      "{\r\n\t\"instances\":[{\"size\":17.000,\"kind\":\"castle\",\"noise\":35e-1}]\n}",
    ]
    for other in others { #expect(try predictions(scene, other) == plain) }
  }

  @Test func missingIsMissing() throws {
    let scene = try Scene()
    let answers = try [
      #"{"instances":[{"kind":"flat","noise":1}]}"#, #"{"instances":[{"size":null,"kind":"flat","noise":1}]}"#,
    ].map { try scene.ask("POST", "/api/predict", $0) }
    #expect(
      answers[0].predictions() == answers[1].predictions())
    let warnings = try #require(answers[0].json["warnings"] as? [[String: Any]])
    #expect(warnings.count == 1)
    #expect(warnings.first?["feature"] as? String == "size")
    #expect(warnings.first?["code"] as? String == "missing-feature")
    #expect(answers[1].json["warnings"] == nil)
  }

  @Test func unknownFeaturesAreWarnedOf() throws {
    let scene = try Scene()
    let answer = try scene.ask(
      "POST", "/api/predict",
      #"{"instances":[{"size":1,"kind":"flat","noise":1,"colour":[{"a":[1,"x"]}]},{"size":1,"kind":"flat","noise":1}]}"#
    )
    #expect(answer.status == 200)
    let warnings = try #require(answer.json["warnings"] as? [[String: Any]])
    #expect(warnings.count == 1)
    #expect(warnings.first?["feature"] as? String == "colour")
    #expect(warnings.first?["instances"] as? Int == 1)
  }

  @Test func unknownLevelsAndEmptyTextsAreFine() throws {
    let scene = try Scene()
    let unknown = try predictions(scene, #"{"instances":[{"size":1,"kind":"yurt","noise":1}]}"#)
    let table = Table(columns: [
      Column(name: "size", values: .numeric([1])), Column(name: "kind", texts: ["yurt"]),
      Column(name: "noise", values: .numeric([1])),
    ])
    let model = try scene.model
    #expect(try unknown == model.model.predict(FeatureColumns(table, features: model.features)))
    let empty = try predictions(scene, #"{"instances":[{"size":1,"kind":"","noise":1}]}"#)
    #expect(try empty == predictions(scene, #"{"instances":[{"size":1,"kind":null,"noise":1}]}"#))
  }

  @Test(
    arguments: [
      (#"{"instances":[{"size":"big"}]}"#, 422, "instances[0].size"),
      (#"{"instances":[{},{"size":[1]}]}"#, 422, "instances[1].size"),
      (#"{"instances":[{},{},{"kind":3}]}"#, 422, "instances[2].kind"),
      (#"{"instances":[{"size":1,"size":2}]}"#, 422, "instances[0].size"),
      (#"{"instances":[{"size":1e999}]}"#, 400, "instances[0].size"),
      (#"{"instances":[{"size":NaN}]}"#, 400, "instances[0].size"),
      (#"{"instances":[{"size":01}]}"#, 400, "instances[0].size"),
      (#"{"instances":[{"size":1.}]}"#, 400, "instances[0].size"),
      (#"{"instances":[{"size":+1}]}"#, 400, "instances[0].size"),
      (#"{"instances":[1]}"#, 422, "instances[0]"), (#"{"instances":{}}"#, 422, "instances"),
      (#"{"instances":[],"more":1}"#, 422, "more"), ("{}", 422, "instances"), ("[]", 422, nil), ("", 400, nil),
      (#"{"instances":[]} x"#, 400, nil), (#"{"instances":[{"size":1},]}"#, 400, "instances[1]"),
      (#"{"instances":[{"kind":"\ud800"}]}"#, 400, "instances[0].kind"),
      (#"{"instances":[{"kind":"\q"}]}"#, 400, "instances[0].kind"),
    ] as [(String, Int, String?)])
  func saysWhatIsWrong(body: String, status: Int, path: String?) throws {
    let scene = try Scene()
    let answer = try scene.ask("POST", "/api/predict", body)
    #expect(answer.status == status, "\(answer.text)")
    #expect(answer.headers["content-type"] == "application/problem+json")
    let faults = answer.json["errors"] as? [[String: String]]
    #expect(faults?.first?["path"] == path, "\(answer.text)")
  }

  @Test func boundsWhatIsAsked() throws {
    var limits = Limits()
    limits.instances = 3
    let scene = try Scene(limits: limits)
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[{},{},{}]}"#).status == 200)
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[{},{},{},{}]}"#).status == 413)
    let deep = String(repeating: "[", count: 100_000)
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[{"x":"# + deep).status == 400)
    let long = String(repeating: "1", count: 500)
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[{"size":0."# + long + "}]}").status == 400)
    #expect(try scene.ask("POST", "/api/predict", #"{"instances":[]}"#).json["predictions"] as? [Int] == [])
  }

  /// Numbers are the nearest doubles, and predictions read back as the same.
  @Test func batchesAreAsGoodAsSingleRows() throws {
    let scene = try Scene()
    let rows = (0..<3000).map { #"{"size":\#(Double($0) / 7),"kind":"house","noise":\#($0 % 13)}"# }
    let all = try predictions(scene, #"{"instances":["# + rows.joined(separator: ",") + "]}")
    #expect(all.count == 3000)
    let table = Table(columns: [
      Column(name: "size", values: .numeric((0..<3000).map { Double($0) / 7 })),
      Column(name: "kind", texts: Array(repeating: "house", count: 3000)),
      Column(name: "noise", values: .numeric((0..<3000).map { Double($0 % 13) })),
    ])
    let model = try scene.model
    #expect(try all == model.model.predict(FeatureColumns(table, features: model.features)))
  }

  /// Bodies that were spoiled at random places are refused or answered, never with a status 5xx.
  @Test func survivesSpoiledBodies() throws {
    let scene = try Scene()
    let body = Array(
      #"{"instances":[{"size":17,"kind":"ca\u0073tle","noise":-3.5e1},{"size":null,"more":{"a":[true,false]}}]}"#.utf8)
    var random = RandomStreamOfBytes(seed: 1)
    let connection = try Connection(port: scene.listener.port)
    for _ in 0..<1500 {
      var spoiled = body
      for _ in 0...random.next(4) {
        switch random.next(3) {
        case 0: spoiled[random.next(spoiled.count)] = UInt8(random.next(256))
        case 1: spoiled.remove(at: random.next(spoiled.count))
        default: spoiled.insert(body[random.next(body.count)], at: random.next(spoiled.count))
        }
      }
      let head = "POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Length: \(spoiled.count)\r\n\r\n"
      try connection.send(Array(head.utf8) + spoiled)
      let answer = try connection.answer()
      #expect([200, 400, 422].contains(answer.status), "\(String(decoding: spoiled, as: UTF8.self))")
    }
  }
}

/// Small random numbers, the same for the same seed (SplitMix64).
struct RandomStreamOfBytes {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((value ^ (value >> 31)) % UInt64(bound))
  }
}
