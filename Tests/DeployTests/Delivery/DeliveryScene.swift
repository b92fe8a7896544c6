import Deploy
import HTTPClient
import Learners
import Linalg
import Synchronization
import TestSupport

/// A development repository, a bare one on production, and a page that serves what the link of releases leads to.
final class DeliveryScene {
  let folder: TemporaryFolder
  var settings = DeliverySettings()
  let page: FakePage
  let time = FakeTime()
  var heldOut: Dataset?
  var isWanted = true

  init() throws {
    folder = try TemporaryFolder()
    settings.repository = folder.path("models.git")
    settings.folder = folder.path("srv")
    settings.page = "http://page.test/"
    // Models of 200 rows differ by chance.
    settings.allowedLoss = 0.5
    page = FakePage(model: folder.path("srv/models/best.safetensors"))
    _ = try folder.folder("srv/releases")
    try git("init", "--quiet", "--bare", "--initial-branch", "main", settings.repository)
    try git("init", "--quiet", "--initial-branch", "main", folder.path("work"))
    for (name, value) in [("user.name", "test"), ("user.email", "test@test")] {
      try git("-C", folder.path("work"), "config", name, value)
    }
  }

  @discardableResult
  func git(_ arguments: String...) throws -> String {
    let result = try ChildProcess(["git"] + arguments).run()
    guard result.status == 0 else { throw DeployError(.badData, "git: \(result.errorText)", advice: "") }
    return result.text.split(separator: "\n").first.map(String.init) ?? ""
  }

  /// Commits files on development. - Returns: the commit.
  func commit(_ files: [String: [UInt8]]) throws -> String {
    _ = try folder.folder("work/models")
    for (name, bytes) in files { try folder.write("work/\(name)", bytes: bytes) }
    try git("-C", folder.path("work"), "add", "--all")
    try git("-C", folder.path("work"), "commit", "--quiet", "--allow-empty", "--message", "a model")
    return try git("-C", folder.path("work"), "rev-parse", "HEAD")
  }

  func commit(_ model: ModelFile) throws -> String { try commit(["models/best.safetensors": model.bytes]) }

  /// What the branch says on production; nil where there is none.
  var main: String? {
    try? git("--git-dir", settings.repository, "rev-parse", "--verify", "--quiet", "refs/heads/main")
  }
  var served: ModelFile? { try? ModelFile(reading: page.model) }
  var releases: ReleaseFolder { ReleaseFolder(settings) }

  /// Does what git does with a push: brings the objects, asks the hook, and moves the branch if it agrees.
  func push(_ commit: String, to reference: String = "refs/heads/main") throws -> Verdict {
    try git("-C", folder.path("work"), "push", "--quiet", "--force", settings.repository, "\(commit):refs/incoming/x")
    let old = main ?? String(repeating: "0", count: 40)
    let verdict = reception.receive(hookInput: "\(old) \(commit) \(reference)\n")
    if verdict.isAccepted { try git("--git-dir", settings.repository, "update-ref", "refs/heads/main", commit) }
    return verdict
  }

  var reception: Reception {
    let heldOut = heldOut
    return Reception(
      settings, page: ServedPage(settings, exchange: page, clock: time), clock: PassingClock(),
      isWanted: { [isWanted] in isWanted }
    ) { file throws(DeployError) in
      guard let heldOut else { return nil }
      let wanted = file.model.pipeline.features
      let places = wanted.compactMap { feature in heldOut.features.features.firstIndex { $0.name == feature.name } }
      guard places.count == wanted.count else {
        throw DeployError(.badData, "the held-out table lacks columns", advice: "change it")
      }
      let columns = places.map { heldOut.features.columns[$0] }
      let rows = FeatureColumns(features: wanted, columns: columns, rowCount: heldOut.rowCount)
      return HeldOutRows(features: rows, targets: heldOut.target, sha256: "held-out")
    }
  }

  /// y = 3a + b and a little noise.
  static func dataset(rows: Int, seed: UInt64, names: [String] = ["a", "b"], target: String = "y") throws -> Dataset {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.delivery"), index: 0)
    var columns: [[Double]] = names.map { _ in [] }
    var y: [Double] = []
    for _ in 0..<rows {
      for index in columns.indices { columns[index].append(random.uniform() * 10) }
      y.append(3 * columns[0][y.count] + columns[1][y.count] + random.uniform())
    }
    let features = zip(names, columns).map { Column(name: $0, values: .numeric($1)) }
    return try Dataset(
      Table(columns: features + [Column(name: target, values: .numeric(y))]), options: .init(target: target))
  }

  static func model(
    _ learner: String = "ridge", on dataset: Dataset, sha256: String = "00"
  ) throws -> ModelFile {
    let candidate = try Candidate(Registry.learner(named: learner)!)
    let model = try candidate.fit(dataset, rows: Array(0..<dataset.rowCount), targetTransform: .none, seed: 0)
    return try ModelFile(
      model, scores: nil,
      provenance: .init(dataSHA256: sha256, rows: dataset.rowCount, seed: 0, programVersion: "test"),
      trainingData: dataset.features)
  }

  static func good(_ seed: UInt64 = 1) throws -> ModelFile { try model(on: dataset(rows: 200, seed: seed)) }
  static func bad() throws -> ModelFile { try model("mean", on: dataset(rows: 200, seed: 1)) }
}

/// Answers as the server does, with what its file says at the moment.
final class FakePage: HTTPExchange {
  let model: String
  /// What it does wrong.
  enum Fault: Sendable { case silent, stuck, lying }
  let fault = Mutex<Fault?>(nil)

  init(model: String) { self.model = model }

  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let fault = fault.withLock(\.self)
    func answer(_ json: JSONValue) -> HTTPResponse {
      HTTPResponse(status: 200, headers: HTTPHeaders([]), body: json.bytes, url: request.url)
    }
    if fault == .silent { throw HTTPError(stage: .connect, url: request.url, reason: "connection refused") }
    guard let bytes = try? InputFile(reading: model).bytes, let file = try? ModelFile(bytes: bytes) else {
      return answer(["status": "no model", "models": [:]])
    }
    if request.url.hasSuffix("healthz") {
      let version = fault == .stuck ? "000000000000" : String(ContentHash.sha256(of: bytes).prefix(12))
      return answer(["status": "ok", "models": ["best": .text(version)]])
    }
    let values = (try? file.model.predict(file.goldenRows.rows)) ?? []
    let shift = fault == .lying ? 1000.0 : 0
    return answer(["predictions": .array(values.map { .object([file.model.target: .double($0 + shift)]) })])
  }
}
