internal import Glibc

/// How the values of each feature were spread over the training rows: what the values of new rows are compared with.
///
/// A number has bins between the tenths of its training values, a text one for each of its most frequent levels and one for all
/// others; both have one for missing values.
public struct TrainingShares: Sendable, Hashable, Codable {
  public struct Bins: Sendable, Hashable, Codable {
    /// Of a number, ascending: a value is in the bin of as many as are not above it.
    public let edges: [Double]
    /// Of a text: the levels that have bins of their own.
    public let levels: [Int]
    /// Training rows in each bin; the last is of missing values.
    public internal(set) var counts: [Int]

    public func bin(of value: Double) -> Int {
      guard !value.isNaN else { return counts.count - 1 }
      guard levels.isEmpty else { return levels.firstIndex { Double($0) == value } ?? levels.count }
      // To compare with all of so few is faster than to search among them.
      return edges.reduce(0) { $0 + ($1 <= value ? 1 : 0) }
    }
  }

  /// One a feature, of the first ones where there are many.
  public let features: [Bins]

  /// A model file is not to grow by more than a tenth of a megabyte for them.
  public static let mostFeatures = 500
  public static let mostBins = 11
  private static let parts = 10
  private static let mostRows = 20_000

  /// - Parameter data: training rows; of many, some that are evenly spaced.
  public init(of data: FeatureColumns) {
    let count = min(data.rowCount, Self.mostRows)
    let rows = (0..<count).map { $0 * data.rowCount / count }
    features = zip(data.features, data.columns).prefix(Self.mostFeatures).map { feature, column in
      let values = rows.map { column[$0] }
      let levels = feature.levels.map { Self.frequentLevels(values, of: $0.count) } ?? []
      let edges = feature.levels == nil ? Self.edges(values) : []
      let bins = Bins(
        edges: edges, levels: levels, counts: Array(repeating: 0, count: max(edges.count, levels.count) + 2))
      return Self.adding(values, to: bins)
    }
  }

  private init(features: [Bins]) { self.features = features }

  private static func edges(_ values: [Double]) -> [Double] {
    let sorted = sortedByDigits(values.filter { !$0.isNaN })
    guard !sorted.isEmpty else { return [] }
    return (1..<parts).map { sorted[$0 * sorted.count / parts] }.reduce(into: []) { edges, edge in
      if edges.last.map({ $0 < edge }) ?? true { edges.append(edge) }
    }
  }

  private static func frequentLevels(_ values: [Double], of levelCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: levelCount)
    for value in values where value < Double(levelCount) { counts[Int(value)] += 1 }
    let seen = counts.indices.filter { counts[$0] > 0 }.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    return Array(seen.prefix(parts - 1))
  }

  private static func adding(_ values: [Double], to bins: Bins) -> Bins {
    values.reduce(into: bins) { $0.counts[$0.bin(of: $1)] += 1 }
  }

  /// The same with more rows that were learned from.
  internal func adding(_ data: FeatureColumns) -> TrainingShares {
    TrainingShares(features: zip(features, data.columns).map { Self.adding($1, to: $0) })
  }

  /// Population stability index of new rows: Σ (a - e) ln(a / e) over the bins, with shares a of new rows and e of training
  /// rows. Below 0.1 they are much alike; above 0.25 they are other rows.
  ///
  /// A bin without rows counts as half a row. Source: Siddiqi, "Credit Risk Scorecards", Wiley 2006, chapter 8.
  /// - Parameter counts: new rows in each bin, at least one in all.
  public func stabilityIndex(of counts: [Int], feature: Int) -> Double {
    let known = features[feature].counts
    precondition(counts.count == known.count, "TrainingShares: \(counts.count) counts of \(known.count) bins")
    let (new, old) = (Double(counts.reduce(0, +)), Double(known.reduce(0, +)))
    return zip(counts, known).reduce(0) { sum, bin in
      guard bin.0 > 0 || bin.1 > 0 else { return sum }
      let (actual, expected) = (max(Double(bin.0), 0.5) / new, max(Double(bin.1), 0.5) / old)
      return sum + (actual - expected) * log(actual / expected)
    }
  }

  /// What is wrong with some that were decoded from a file; nil where nothing is.
  internal func flaw(for known: [Feature]) -> String? {
    guard features.count == min(known.count, Self.mostFeatures) else {
      return "they are of \(features.count) features, not \(known.count)"
    }
    let areSound = zip(features, known).allSatisfy { bins, feature in
      let areEdgesSound =
        bins.edges.allSatisfy(\.isFinite) && zip(bins.edges, bins.edges.dropFirst()).allSatisfy { $0 < $1 }
      let areLevelsSound = bins.levels.allSatisfy { (0..<(feature.levels?.count ?? 0)).contains($0) }
      return areEdgesSound && areLevelsSound && (feature.levels == nil || bins.edges.isEmpty)
        && bins.counts.count == max(bins.edges.count, bins.levels.count) + 2 && bins.counts.count <= Self.mostBins
        && bins.counts.allSatisfy { $0 >= 0 && $0 < 1 << 40 } && bins.counts.contains { $0 > 0 }
    }
    return areSound ? nil : "bins of a feature are none"
  }
}
