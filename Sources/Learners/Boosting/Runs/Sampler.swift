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

  /// Draws a share of `rows` into `bag`, and the others into `rest`; both stay in their order. A row is drawn by 16 random
  /// bits of its own.
  /// - Returns: the number of rows drawn, at least 1.
  func draw(_ rows: [UInt32], iteration: Int, bag: SharedScratch<UInt32>, rest: SharedScratch<UInt32>) -> Int {
    precondition(bag.count >= rows.count, "Sampler: \(rows.count) rows do not fit")
    guard subsample < 1 else {
      unsafe rows.withUnsafeBufferPointer { unsafe bag.start.update(from: $0.baseAddress!, count: rows.count) }
      return rows.count
    }
    precondition(rest.count >= rows.count, "Sampler: \(rows.count) rows do not fit")
    let threshold = UInt64((subsample * 65_536).rounded())
    var drawn = 0
    for (block, start) in stride(from: 0, to: rows.count, by: Self.blockSize).enumerated() {
      var random = stream("boosting.rows", iteration, block)
      var bits: UInt64 = 0
      for index in start..<min(start + Self.blockSize, rows.count) {
        if index & 3 == 0 { bits = random.next() }
        let one = bits & 0xFFFF < threshold ? 1 : 0
        bits >>= 16
        unsafe bag.start[drawn] = rows[index]
        unsafe rest.start[index - drawn] = rows[index]
        drawn += one
      }
    }
    guard drawn == 0 else { return drawn }
    // None of few rows: the first is as good as any.
    bag[0] = rows[0]
    for index in 1..<max(1, rows.count) { rest[index - 1] = rows[index] }
    return 1
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
    var needed = max(1, Int((share * Double(features.count)).rounded()))
    var chosen: [Int] = []
    chosen.reserveCapacity(needed)
    for (place, feature) in features.enumerated() where needed > 0 {
      guard random.uniform(below: features.count - place) < needed else { continue }
      chosen.append(feature)
      needed -= 1
    }
    return chosen
  }

  private func stream(_ purpose: StaticString, _ iteration: Int, _ part: Int) -> RandomStream {
    RandomStream(
      seed: seed, purpose: RandomPurpose(purpose), index: run << 48 | UInt64(iteration) << 28 | UInt64(part))
  }
}
