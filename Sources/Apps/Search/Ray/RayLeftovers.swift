internal import Glibc
internal import Learners

/// What earlier jobs have left on a cluster, when who waited for them was killed.
///
/// A job is named by its package: with the same one the same unit has the same result, whoever submitted it.
struct RayLeftovers {
  private let prefix: String
  /// Tells this search's jobs from those of others.
  private let mark: String
  /// By key; nil before it was looked.
  private var results: [String: UnitResult]?

  init(package hash: String, store path: String) {
    prefix = "learners-\(hash)-"
    var name = [CChar](repeating: 0, count: 256)
    unsafe gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let whole = unsafe realpath(path, nil)
    defer { unsafe free(whole) }
    let path = unsafe whole.map { unsafe String(cString: $0) } ?? path
    mark = String(ContentHash.sha256(of: Array("\(host) \(path)".utf8)).prefix(16))
  }

  /// For a job of this search.
  func newName() -> String { prefix + String(UInt64.random(in: 0...UInt64.max), radix: 36) }

  var metadata: [String: String] { ["learners": mark] }

  /// Takes those units out that are answered already.
  mutating func answers(
    to units: inout [(key: String, unit: WorkUnit)], of jobs: JobsClient, _ tell: (String) -> Void
  ) throws(SearchError) -> [UnitResult] {
    let known: [String: UnitResult]
    if let results { known = results } else { known = try gather(jobs) }
    if results == nil, !known.isEmpty { tell("note: earlier jobs have left \(known.count) results on the cluster") }
    results = known
    let answers = units.compactMap { known[$0.key]?.of($0.unit) }
    let answered = Set(answers.map(\.unit))
    units.removeAll { answered.contains($0.unit.unit) }
    return answers
  }

  /// Jobs of this search that still run are ended: nobody waits for them.
  private func gather(_ jobs: JobsClient) throws(SearchError) -> [String: UnitResult] {
    var results: [String: UnitResult] = [:]
    for job in try jobs.jobs() {
      guard let id = job.submission_id, id.hasPrefix(prefix) else { continue }
      if job.metadata == metadata && !job.isOver { try jobs.stop(id) }
      for case .result(let key, let result) in DriverLine.all(in: try jobs.log(id) ?? "", after: 0).lines {
        results[key] = result
      }
    }
    return results
  }
}

extension UnitResult {
  /// The same as the result of a unit of this store; nil where it does not fit.
  func of(_ unit: WorkUnit) -> UnitResult? {
    guard outcomes.count == unit.settings.count else { return nil }
    return UnitResult(unit: unit.unit, outcomes: outcomes, distinctFits: distinctFits)
  }
}
