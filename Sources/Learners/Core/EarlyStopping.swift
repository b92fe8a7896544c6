/// Watches a curve of losses for its lowest point.
internal struct EarlyStopping: Sendable {
  private let rounds: Int
  private var bestAt = 0

  /// - Parameter rounds: losses in a row that are no better than the best before, at which to stop.
  init(rounds: Int) { self.rounds = rounds }

  /// To be called after each new element of `curve`.
  mutating func shouldStop(_ curve: [Double]) -> Bool {
    guard let latest = curve.indices.last else { return false }
    if curve[latest] < curve[bestAt] { bestAt = latest }
    return latest - bestAt >= rounds
  }

  /// The first index of the lowest loss.
  static func best(_ curve: [Double]) -> Int {
    curve.indices.min { curve[$0] < curve[$1] } ?? 0
  }
}
