/// Errors in order, and which of them bound what share of new ones.
///
/// If new rows are exchangeable with the n that the errors are of, a new error is between the errors of ranks r and n + 1 - r with
/// a chance of at least 1 - 2 r / (n + 1), whatever their distribution. Source: Vovk, Gammerman & Shafer, "Algorithmic learning
/// in a random world", 2005; Lei et al., "Distribution-free predictive inference for regression", JASA 113(523), 2018.
package struct ErrorRanks: Sendable, Hashable {
  /// Errors that they were taken from.
  package let count: Int
  /// In ascending order: all of them or, of many, evenly spaced ranks, the least and the largest included.
  package let kept: [Double]

  package static let mostKept = 2001

  /// - Parameters:
  ///   - errors: finite, at least one.
  ///   - weights: one an error: one of weight k is k errors. Nil where each is one.
  package init(of errors: [Double], weights: [Double]? = nil) {
    let sorted = SortedNumbers(errors, weights: weights)
    count = max(1, Int(min(sorted.total * (1 + 1e-12), Self.mostCounted)))
    let (count, copies) = (count, max(1, sorted.total / Self.mostCounted))
    guard count > Self.mostKept else {
      kept = (0..<count).map { sorted.number(behind: Double($0)) }
      return
    }
    // Rounded outward, so that no bound is nearer than its rank says.
    let steps = Self.mostKept - 1
    kept = (0...steps).map { step in
      let place = step * (count - 1)
      return sorted.number(
        behind: Double(2 * step < steps ? place / steps : (place + steps - 1) / steps) * copies)
    }
  }

  /// So many copies tell all that can be told.
  private static let mostCounted = 0x1p40

  /// - Returns: nil where these numbers cannot be such ranks: they come from a file.
  package init?(count: Int, kept: [Double]) {
    guard Double(count) <= Self.mostCounted, kept.count == min(count, Self.mostKept), !kept.isEmpty,
      kept.allSatisfy(\.isFinite),
      zip(kept, kept.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return nil }
    (self.count, self.kept) = (count, kept)
  }

  /// No share above it has bounds.
  package var highestLevel: Double { Self.highestLevel(count: count) }

  static func highestLevel(count: Int) -> Double { max(0, 1 - 2 / Double(count + 1)) }

  /// What a share of new errors is between, as many below it as above; nil above `highestLevel`.
  /// - Parameter level: above 0, below 1.
  package func bounds(_ level: Double) -> (low: Double, high: Double)? {
    // A little more than exact, so that the rounding of 1 - 0.9 takes no rank away.
    let rank = Int((Double(count + 1) * (1 - level) / 2 * (1 + 1e-12)).rounded(.down))
    guard rank >= 1 else { return nil }
    guard count > kept.count else { return (kept[rank - 1], kept[count - rank]) }
    let place = Double(rank - 1) / Double(count - 1) * Double(kept.count - 1)
    let low = Int((place * (1 + 1e-12)).rounded(.down))
    return (kept[low], kept[kept.count - 1 - low])
  }
}
