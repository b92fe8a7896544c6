internal import Linalg

/// Trees of which the mean predicts: what `Forest` and `ExtraTrees` share.
internal struct AveragedTrees: Sendable {
  /// Values of leaves are in units of the target / `targetScale`.
  internal let ensemble: TreeEnsemble
  /// A power of two: 1 for targets of a usual size, so that sums over trees cannot overflow for others.
  internal let targetScale: Double
  /// Share of each feature in the decrease of the squared error over all splits; all 0 where there is no split.
  internal let importance: [Double]

  internal init(_ trees: [GrownTree], targetScale: Double, featureCount: Int) {
    var ensemble = TreeEnsemble()
    ensemble.reserveCapacity(
      trees: trees.count, nodes: trees.reduce(0) { $0 + $1.nodes.count },
      leaves: trees.reduce(0) { $0 + $1.leafCovers.count })
    var gains = [Double](repeating: 0, count: featureCount)
    for tree in trees {
      ensemble.append(nodes: tree.nodes, levelSets: tree.levelSets, leafCovers: tree.leafCovers)
      let total = tree.gains.reduce(0, +)
      guard total > 0 else { continue }
      for feature in gains.indices { gains[feature] += tree.gains[feature] / total }
    }
    let total = gains.reduce(0, +)
    importance = gains.map { total > 0 ? $0 / total : 0 }
    self.ensemble = ensemble
    self.targetScale = targetScale
  }

  internal var featureImportance: [Double]? { importance.contains { $0 > 0 } ? importance : nil }

  internal func predict(_ x: Matrix<Double>) -> [Double] {
    var sums = [Double](repeating: 0, count: x.rows)
    ensemble.addPredictions(of: x, trees: 0..<ensemble.treeCount, into: &sums)
    let count = Double(ensemble.treeCount)
    return sums.map { $0 / count * targetScale }
  }

  internal func encode(into tensors: inout TensorStore) {
    ensemble.encode(into: &tensors, prefix: "trees")
    tensors.set("targetScale", targetScale)
    tensors.set("importance", shape: [importance.count], .float64(importance))
  }

  internal init(decoding tensors: TensorStore, featureCount: Int) throws(ModelFileError) {
    ensemble = try TreeEnsemble(decoding: tensors, prefix: "trees", featureCount: featureCount)
    guard ensemble.treeCount > 0 else {
      throw .invalidValue(tensor: "trees.starts", index: 0, reason: "is the only one: there are no trees")
    }
    targetScale = try tensors.finiteDouble("targetScale")
    guard targetScale > 0 && targetScale.significand == 1 else {
      throw .invalidValue(tensor: "targetScale", index: 0, reason: "is not a power of two")
    }
    importance = try tensors.float64("importance", shape: [featureCount])
    if let index = importance.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
      throw .invalidValue(tensor: "importance", index: index, reason: "is not in [0, 1]")
    }
  }
}
