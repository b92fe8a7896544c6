internal import Learners

/// Which settings of a learner share work when they are fitted together (`Regressor.fitPath`).
internal enum SharedFits {
  /// Settings that differ in these only share a fit, a kernel or a decomposition.
  private static let paths: [String: Set<String>] = [
    "ridge": ["alpha"], "svr": ["c", "epsilon"], "forest": ["estimators", "maxDepth"],
    "extra-trees": ["estimators", "maxDepth"], "boosting": ["maxIterations"],
  ]

  /// Equal for two candidates that should be in one unit of work.
  internal static func key(of candidate: Candidate) -> String {
    let names = paths[candidate.name] ?? []
    let rest = candidate.settings.filter { !names.contains($0.key) || $0.value == .automatic }
    let settings = rest.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let preparation = "\(candidate.preparation.features.rawValue)/\(candidate.preparation.target.rawValue)"
    return ([candidate.name, preparation] + settings).joined(separator: ";")
  }
}
