internal import Linalg

/// Which answers are faulty. The plan depends on the seed and on the request with its number of repetitions, not on the
/// order in which different requests come: the same client sees the same faults.
package struct FaultPlan: Sendable, Codable {
  package var seed: UInt64 = 0
  /// Of all answers, 0 to 1.
  package var share = 0.0
  package var kinds: [Fault] = Fault.ordinary
  /// The same request has no more faulty answers than this in a row; the next one is right.
  package var inARow = 3
  /// So many requests in the beginning get right answers.
  package var after = 0
  /// Only requests whose path begins so.
  package var path = "/"
  /// What limits ask to wait, in seconds of the server's clock.
  package var wait = 60
  /// Seconds of silence, real ones.
  package var silence = 2.0
  /// The field that `wrongType`, `hugeNumber` and `deepNesting` spoil; nil: any.
  package var field: String?

  package init() {}

  package init(_ kind: Fault) {
    share = 1
    inARow = .max
    kinds = [kind]
  }

  /// Absent fields have their default.
  package init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: CodingKeys.self)
    seed = try object.decodeIfPresent(UInt64.self, forKey: .seed) ?? seed
    share = try object.decodeIfPresent(Double.self, forKey: .share) ?? share
    kinds = try object.decodeIfPresent([Fault].self, forKey: .kinds) ?? kinds
    inARow = try object.decodeIfPresent(Int.self, forKey: .inARow) ?? inARow
    after = try object.decodeIfPresent(Int.self, forKey: .after) ?? after
    path = try object.decodeIfPresent(String.self, forKey: .path) ?? path
    wait = try object.decodeIfPresent(Int.self, forKey: .wait) ?? wait
    silence = try object.decodeIfPresent(Double.self, forKey: .silence) ?? silence
    field = try object.decodeIfPresent(String.self, forKey: .field)
  }
}

/// Draws faults by a plan.
struct FaultDrawing {
  struct Drawn {
    let fault: Fault
    /// For whatever else is drawn for this fault.
    var random: RandomStream
  }

  let plan: FaultPlan
  private var requests = 0
  private var repetitions: [UInt64: (count: Int, faultsInARow: Int)] = [:]

  init(_ plan: FaultPlan) { self.plan = plan }

  mutating func draw(for request: WebRequest) -> Drawn? {
    requests += 1
    guard plan.share > 0, requests > plan.after, request.path.hasPrefix(plan.path), !plan.kinds.isEmpty else {
      return nil
    }
    var hash = StableHash(request.method + request.target)
    hash.add(request.body)
    let seen = repetitions[hash.value] ?? (0, 0)
    var random = RandomStream(
      seed: plan.seed, purpose: RandomPurpose("github.fault"), index: hash.value &+ UInt64(seen.count))
    let isFaulty = random.uniform() < plan.share && seen.faultsInARow < plan.inARow
    repetitions[hash.value] = (seen.count + 1, isFaulty ? seen.faultsInARow + 1 : 0)
    guard isFaulty else { return nil }
    let fault = plan.kinds[random.uniform(below: plan.kinds.count)]
    if (fault == .incompleteResults || fault == .nulText) && request.resource != .search { return nil }
    if fault.isOfGraphQL && request.resource != .graphql { return nil }
    return Drawn(fault: fault, random: random)
  }
}
