import Foundation
import Testing

/// Every way in tells the same about rows that somebody may not have meant.
@Suite struct WarningTests {
  /// A way in, given one row; what it answers.
  private static let ways: [(name: String, isForPeople: Bool, ask: @Sendable (Scene, String) throws -> String)] = [
    ("predict", false, { try $0.ask("POST", "/api/predict", "{\"instances\":[\($1)]}").text }),
    ("stream", false, { try $0.ask("POST", "/api/predict/stream", $1 + "\n").text }),
    ("rank", false, { try $0.ask("POST", "/api/rank", "{\"instances\":[\($1)]}").text }),
    ("JSON table", true, { try upload("[\($1)]", as: "a.json", to: $0) }),
    ("JSON lines", true, { try upload($1 + "\n", as: "a.jsonl", to: $0) }),
    ("form", true, { try $0.ask("GET", "/predict?" + query($1)).text }),
    ("CSV table", true, { try upload(csv($1), as: "a.csv", to: $0) }),
  ]

  @Test(arguments: [
    (
      #"{"kind":"castle","noise":1}"#, #""code":"missing-feature","feature":"size","instances":1"#,
      "missing values: size"
    ),
    (
      #"{"size":3,"kind":"castle","noise":1,"colour":"red"}"#,
      #""code":"unknown-feature","feature":"colour","instances":1"#, "not used: colour"
    ),
    (
      #"{"size":3,"kind":"igloo","noise":1}"#,
      #""code":"unknown-level","feature":"kind","instances":1,"levels":["igloo"]"#, "has not seen “igloo” as kind"
    ),
    (
      #"{"size":-11,"kind":"castle","noise":1}"#,
      #""code":"beyond-training","feature":"size","instances":1,"range":{"#,
      "size is far beyond what the model has learned from, 0 to 100"
    ),
  ])
  func areTheSameOnEveryWay(row: String, code: String, sentence: String) throws {
    let scene = try Scene()
    for way in Self.ways {
      let answer = try way.ask(scene, row)
      #expect(answer.contains(way.isForPeople ? sentence : code), "\(way.name): \(answer.suffix(3_000))")
    }
  }

  @Test func whatIsWholeHasNone() throws {
    let scene = try Scene()
    for way in Self.ways {
      let answer = try way.ask(scene, #"{"size":3,"kind":"castle","noise":1}"#)
      let words = ["\"warnings\"", "not used", "not seen", "far beyond"]
      let isSilent = !words.contains { answer.contains($0) }
      #expect(isSilent && !answer.contains("missing values:"), "\(way.name)")
    }
  }

  /// All texts that were not seen are named, each once, ten at most.
  @Test func unknownLevelsAreListed() throws {
    let scene = try Scene()
    let kinds = ["igloo", "tent", "igloo", "flat"] + (0..<20).map { "hut \($0)" }
    let rows = kinds.map { #"{"size":3,"kind":"\#($0)","noise":1}"# }
    let body = #"{"instances":[\#(rows.joined(separator: ","))]}"#
    let answer = try scene.ask("POST", "/api/predict", body).json
    let warning = try #require((answer["warnings"] as? [[String: Any]])?.first)
    #expect(warning["instances"] as? Int == 23)
    #expect(warning["levels"] as? [String] == ["igloo", "tent"] + (0..<8).map { "hut \($0)" })
    let table = "size,kind,noise\n" + kinds.map { "3,\($0),1\n" }.joined()
    let page = try Self.upload(table, as: "a.csv", to: scene)
    #expect(page.contains("has not seen “igloo”, “tent”, “hut 0”") && page.contains("(23 rows)"))
  }

  /// Each line of a stream tells its own, and a line that is no row leaves nothing behind.
  @Test func linesTellTheirOwn() throws {
    let scene = try Scene()
    let lines = [
      #"{"size":1,"kind":"flat","noise":2}"#, #"{"instances":[{"size":1}]}"#, #"{"colour":1,"size":"big"}"#,
      #"{"size":1,"kind":"flat","noise":2}"#, #"{"kind":"igloo"}"#,
    ]
    let answer = try scene.ask("POST", "/api/predict/stream", lines.joined(separator: "\n"))
    let answers = answer.text.split(separator: "\n")
    try #require(answers.count == 5)
    #expect(!answers[0].contains("warnings") && !answers[3].contains("warnings"))
    #expect(answers[1].contains(#""code":"unknown-feature","feature":"instances""#))
    #expect(answers[1].contains(#""code":"missing-feature","feature":"noise""#))
    #expect(answers[2].contains("error") && answers[4].contains(#""levels":["igloo"]"#))
    #expect(!answers[4].contains("colour"))
  }

  @Test func tensorsTellTheirs() throws {
    let scene = try Scene()
    let body =
      #"{"inputs":[{"name":"kind","shape":[2],"datatype":"BYTES","data":["igloo","flat"]},{"name":"size","shape":[2],"datatype":"FP64","data":[1,2e9]}]}"#
    let parameters = try scene.ask("POST", "/v2/models/best/infer", body).json["parameters"] as? [String: String]
    #expect(parameters?["missing_features"] == "noise")
    #expect(parameters?["unknown_levels"] == "kind")
    #expect(parameters?["beyond_training"] == "size")
  }

  /// Features may be called as the form's own fields are.
  @Test func fieldsHaveANameSpaceOfTheirOwn() throws {
    let scene = try Scene(models: ["best": "ridge", "other": "mean"])
    let page = try scene.ask("GET", "/predict?model=other&f.size=3&f.model=x")
    #expect(page.status == 200 && page.text.contains("not used: model"))
    #expect(page.text.contains("name=\"f.size\"") && page.text.contains("data-feature=\"size\""))
  }

  // MARK: Ways

  private static func members(_ row: String) -> [(String, String)] {
    let object = (try? JSONSerialization.jsonObject(with: Data(row.utf8))) as? [String: Any] ?? [:]
    return object.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
  }

  private static func query(_ row: String) -> String {
    members(row).map { "f.\($0)=\($1)" }.joined(separator: "&")
  }

  private static func csv(_ row: String) -> String {
    members(row).map(\.0).joined(separator: ",") + "\n" + members(row).map(\.1).joined(separator: ",") + "\n"
  }

  private static func upload(_ content: String, as name: String, to scene: Scene) throws -> String {
    let body =
      "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n\(content)\r\n--b0--\r\n"
    return try scene.ask("POST", "/table", body, headers: ["Content-Type": "multipart/form-data; boundary=b0"]).text
  }
}
