internal import Linalg

/// Which rows and features a tree, and which features a split, may use: a function of (seed, run, tree, node) only.
internal struct Sampler: Sendable {
  private let subsample: Double
  private let columnSubsample: Double
  private let maxFeatures: Double
  private let featureCount: Int
  private let seed: UInt64
  private let run: UInt64

  /// Rows are drawn in blocks of so many, each with a stream of its own.
  private static let blockSize = 4096

  init(_ parameters: Boosting.Parameters, featureCount: Int, seed: UInt64, run: Int) {
    subsample = parameters.subsample
    columnSubsample = parameters.columnSubsample
    maxFeatures = parameters.maxFeatures
    self.featureCount = featureCount
    self.seed = seed
    self.run = UInt64(run)
  }

  /// Whether one tree may differ from the next where the gradients are the same.
  var isSampling: Bool { subsample < 1 || columnSubsample < 1 || maxFeatures < 1 }

  /// Draws a share of `rows` into `bag`, and appends the others to `rest`; both stay in their order.
  func draw(_ rows: [UInt32], iteration: Int, bag: inout [UInt32], rest: inout [UInt32]) {
    guard subsample < 1 else { return bag = rows }
    bag.removeAll(keepingCapacity: true)
    for (block, start) in stride(from: 0, to: rows.count, by: Self.blockSize).enumerated() {
      let end = min(start + Self.blockSize, rows.count)
      var random = stream("boosting.rows", iteration, block)
      var needed = max(1, Int((subsample * Double(end - start)).rounded()))
      for index in start..<end {
        if random.uniform(below: end - index) < needed {
          bag.append(rows[index])
          needed -= 1
        } else {
          rest.append(rows[index])
        }
      }
    }
  }

  /// The features that a tree may use, in ascending order.
  func features(iteration: Int) -> [Int] {
    choose(columnSubsample, of: Array(0..<featureCount)) { stream("boosting.features", iteration, 0) }
  }

  /// Those of the tree's features that the split of a node may use, in ascending order.
  func offered(of features: [Int], iteration: Int, node: Int) -> [Int] {
    choose(maxFeatures, of: features) { stream("boosting.split", iteration, node) }
  }

  private func choose(_ share: Double, of features: [Int], from stream: () -> RandomStream) -> [Int] {
    guard share < 1 && features.count > 1 else { return features }
    var random = stream()
    let count = max(1, Int((share * Double(features.count)).rounded()))
    return random.permutation(features.count).prefix(count).map { features[$0] }.sorted()
  }

  private func stream(_ purpose: StaticString, _ iteration: Int, _ part: Int) -> RandomStream {
    RandomStream(
      seed: seed, purpose: RandomPurpose(purpose), index: run << 48 | UInt64(iteration) << 28 | UInt64(part))
  }
}
