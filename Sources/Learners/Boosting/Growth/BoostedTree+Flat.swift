extension BoostedTree {
  /// The tree on real values: pre-order nodes with the thresholds of the bins, leaf values times `scale`.
  internal func flattened(
    _ binning: Binning, scale: Double
  ) -> (nodes: [TreeNode], levelSets: [UInt64], leafCovers: [Float]) {
    var flat: [TreeNode] = []
    var levelSets: [UInt64] = []
    var leafCovers: [Float] = []
    flat.reserveCapacity(nodes.count)
    // A node to visit, and the flat index of the split whose right child it is.
    var pending: [(node: Int, rightOf: Int?)] = [(0, nil)]
    while let (index, parent) = pending.popLast() {
      if let parent { flat[parent].right = UInt32(flat.count) }
      let node = nodes[index]
      guard let split = node.split else {
        flat.append(.leaf(min(max(node.value * scale, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)))
        leafCovers.append(.cover(node.cover))
        continue
      }
      pending.append((node.right, flat.count))
      pending.append((node.left, nil))
      flat.append(Self.flatNode(split, binning.features[split.feature], &levelSets))
    }
    return (flat, levelSets, leafCovers)
  }

  private static func flatNode(_ split: Split, _ bins: FeatureBins, _ levelSets: inout [UInt64]) -> TreeNode {
    switch bins.cuts {
    case .numeric(let edges):
      // A split of all values from the missing ones has no edge above it.
      let threshold = split.lastBin < edges.count ? edges[split.lastBin] : .greatestFiniteMagnitude
      return .numeric(feature: bins.column, threshold: threshold, missingGoesLeft: split.missingGoesLeft)
    case .categorical(let binOfLevel):
      let first = levelSets.count
      levelSets.append(contentsOf: repeatElement(0, count: (binOfLevel.count + 63) / 64))
      var goesLeft = [Bool](repeating: false, count: bins.count + 1)
      for bin in split.levels { goesLeft[bin] = true }
      for (level, bin) in binOfLevel.enumerated() where goesLeft[Int(bin)] {
        levelSets[first + level / 64] |= 1 << UInt64(level % 64)
      }
      return .categorical(
        feature: bins.column, words: first..<levelSets.count, missingGoesLeft: split.missingGoesLeft)
    }
  }
}
