internal import Linalg

/// The order in which a node looks at features. Of equally good splits the first one found stays, so the order also is
/// the tie-breaker: it is random, that no feature be favoured for its place in the table.
internal struct FeatureDraw {
  /// Features that a node looks at; more where none of them gives a split.
  internal let count: Int
  private var order: [Int]

  internal init(featureCount: Int, fraction: Double) {
    count = min(featureCount, max(1, Int((fraction * Double(featureCount)).rounded())))
    order = Array(0..<featureCount)
  }

  /// A node that looks at all features takes them round from a random one: one draw instead of one a feature.
  internal mutating func begin(_ random: inout RandomStream) {
    guard count == order.count else {
      for index in order.indices { order[index] = index }
      return
    }
    let start = order.count > 1 ? random.uniform(below: order.count) : 0
    for index in order.indices {
      order[index] = start + index < order.count ? start + index : start + index - order.count
    }
  }

  /// The feature at this place of the order: a step of the Fisher-Yates shuffle.
  internal mutating func feature(at place: Int, _ random: inout RandomStream) -> Int {
    if count < order.count && place < order.count - 1 {
      order.swapAt(place, place + random.uniform(below: order.count - place))
    }
    return order[place]
  }

  internal var featureCount: Int { order.count }
}
