internal import Linalg

/// The order in which a node looks at features. Of equally good splits the first one found stays, so the order also is
/// the tie-breaker: it is random, that no feature be favoured for its place in the table.
internal struct FeatureDraw: ~Copyable {
  /// Features that a node looks at; more where none of them gives a split.
  internal let count: Int
  private let order: Scratch<UInt32>
  private let inOrder: Scratch<UInt32>

  internal init(featureCount: Int, fraction: Double) {
    count = min(featureCount, max(1, Int((fraction * Double(featureCount)).rounded())))
    inOrder = Scratch((0..<UInt32(featureCount)).map { $0 })
    order = Scratch(count: featureCount, repeating: 0)
  }

  internal var featureCount: Int { order.count }

  /// A node that looks at all features takes them round from a random one: one draw instead of one a feature.
  internal func begin(_ random: inout RandomStream) {
    let start = count == featureCount && count > 1 ? random.uniform(below: count) : 0
    unsafe order.pointer.update(from: inOrder.pointer + start, count: featureCount - start)
    unsafe (order.pointer + featureCount - start).update(from: inOrder.pointer, count: start)
  }

  /// The feature at this place of the order: a step of the Fisher-Yates shuffle.
  @inline(__always)
  internal func feature(at place: Int, _ random: inout RandomStream) -> Int {
    precondition(place >= 0 && place < featureCount, "FeatureDraw: place \(place) of \(featureCount)")
    let order = unsafe order.pointer
    if count < featureCount && place < featureCount - 1 {
      let other = place + random.uniform(below: featureCount - place)
      unsafe (order[place], order[other]) = (order[other], order[place])
    }
    return unsafe Int(order[place])
  }
}
