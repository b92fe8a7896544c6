/// The tensors of an ensemble, under a prefix "p":
/// `p.starts` U64 (trees + 1), `p.payload` F64, `p.right` I32, `p.feature` I32 and `p.flags` U8 (one a node each;
/// flag 1: categorical, flag 2: missing goes left), `p.levelSets` U64, `p.leafCovers` F32 (one a leaf). What they mean is
/// told at `TreeNode` and `TreeEnsemble`.
extension TreeEnsemble {
  private static let categoricalFlag: UInt8 = 1
  private static let missingLeftFlag: UInt8 = 2

  public func encode(into tensors: inout TensorStore, prefix: String) {
    let names = TensorNames(prefix: prefix)
    tensors.set(names.starts, shape: [starts.count], .uint64(starts.map(UInt64.init)))
    tensors.set(names.payload, shape: [nodes.count], .float64(nodes.map(\.payload)))
    tensors.set(names.right, shape: [nodes.count], .int32(nodes.map { Int32($0.right) }))
    tensors.set(names.feature, shape: [nodes.count], .int32(nodes.map { Int32($0.feature) }))
    let flags = nodes.map { node in
      (node.isCategorical ? Self.categoricalFlag : 0) | (node.missingGoesLeft ? Self.missingLeftFlag : 0)
    }
    tensors.set(names.flags, shape: [nodes.count], .uint8(flags))
    tensors.set(names.levelSets, shape: [levelSets.count], .uint64(levelSets))
    tensors.set(names.leafCovers, shape: [leafCovers.count], .float32(leafCovers))
  }

  /// - Parameter featureCount: columns of the rows that the trees will be asked about.
  /// - Throws: where the tensors are not those of well-formed trees over so many features: after it has been read, an
  ///   ensemble can be walked without a check. O(nodes).
  public init(decoding tensors: TensorStore, prefix: String, featureCount: Int) throws(ModelFileError) {
    let names = TensorNames(prefix: prefix)
    let starts = try tensors.uint64(names.starts, shape: [nil])
    let payload = try tensors.float64(names.payload, shape: [nil], finite: false)
    let right = try tensors.int32(names.right, shape: [payload.count])
    let feature = try tensors.int32(names.feature, shape: [payload.count])
    let flags = try tensors.uint8(names.flags, shape: [payload.count])
    let levelSets = try tensors.uint64(names.levelSets, shape: [nil])
    try Self.check(starts: starts, nodeCount: payload.count, tensor: names.starts)

    var nodes: [TreeNode] = []
    nodes.reserveCapacity(payload.count)
    let features = 0..<max(0, min(featureCount, Int(TreeNode.categoricalBit)))
    for index in payload.indices {
      guard right[index] >= 0 else { throw names.rightError(index) }
      guard feature[index] == 0 || features.contains(Int(feature[index])) else {
        throw .invalidValue(tensor: names.feature, index: index, reason: "is not a feature of \(featureCount)")
      }
      guard flags[index] <= Self.categoricalFlag | Self.missingLeftFlag else {
        throw .invalidValue(tensor: names.flags, index: index, reason: "has an unknown flag")
      }
      let split =
        UInt32(feature[index])
        | (flags[index] & Self.categoricalFlag != 0 ? TreeNode.categoricalBit : 0)
        | (flags[index] & Self.missingLeftFlag != 0 ? TreeNode.missingLeftBit : 0)
      nodes.append(TreeNode(payload: payload[index], right: UInt32(right[index]), split: split))
    }
    for tree in 0..<starts.count - 1 {
      let range = Int(starts[tree])..<Int(starts[tree + 1])
      if let flaw = nodes[range].firstFlaw(levelSetWords: levelSets.count, featureCount: featureCount) {
        throw names.error(for: flaw)
      }
    }
    let leafCovers = try tensors.float32(names.leafCovers, shape: [(payload.count + starts.count - 1) / 2])
    if let index = leafCovers.firstIndex(where: { !($0 > 0) }) {
      throw .invalidValue(tensor: names.leafCovers, index: index, reason: "is not positive")
    }
    self.init(checkedNodes: nodes, levelSets: levelSets, starts: starts.map(Int.init), leafCovers: leafCovers)
  }

  /// `starts` must rise strictly from 0 to the number of nodes.
  private static func check(starts: [UInt64], nodeCount: Int, tensor: String) throws(ModelFileError) {
    guard let first = starts.first, first == 0 else {
      throw .invalidValue(tensor: tensor, index: 0, reason: "must be 0")
    }
    for index in starts.indices.dropFirst() where starts[index] <= starts[index - 1] {
      throw .invalidValue(tensor: tensor, index: index, reason: "is not above the one before")
    }
    guard starts[starts.count - 1] == UInt64(nodeCount) else {
      throw .invalidValue(tensor: tensor, index: starts.count - 1, reason: "is not the number of nodes, \(nodeCount)")
    }
  }

  private struct TensorNames {
    let starts, payload, right, feature, flags, levelSets, leafCovers: String

    init(prefix: String) {
      starts = "\(prefix).starts"
      payload = "\(prefix).payload"
      right = "\(prefix).right"
      feature = "\(prefix).feature"
      flags = "\(prefix).flags"
      levelSets = "\(prefix).levelSets"
      leafCovers = "\(prefix).leafCovers"
    }

    func rightError(_ index: Int) -> ModelFileError {
      .invalidValue(tensor: right, index: index, reason: "does not follow the left subtree")
    }

    func error(for flaw: TreeFlaw) -> ModelFileError {
      switch flaw {
      case .rightChild(let node): rightError(node)
      case .feature(let node): .invalidValue(tensor: feature, index: node, reason: "is not a feature")
      case .payload(let node): .invalidValue(tensor: payload, index: node, reason: "is not finite")
      case .levelSet(let node): .invalidValue(tensor: payload, index: node, reason: "names no set of levels")
      case .leafSplit(let node): .invalidValue(tensor: flags, index: node, reason: "marks a split, but is at a leaf")
      case .noNodes: .invalidValue(tensor: starts, index: 0, reason: "leaves a tree without a node")
      }
    }
  }
}

/// What makes an array of nodes no tree; the index is that of the node in its array.
internal enum TreeFlaw: Equatable {
  case noNodes
  case rightChild(Int)
  case feature(Int)
  case payload(Int)
  case levelSet(Int)
  case leafSplit(Int)
}

extension ArraySlice<TreeNode> {
  /// Walks one tree as it is stored: after a split comes its left child, after a leaf the right child of the nearest
  /// open split, after the last leaf nothing. That leaves no room for cycles, gaps or shared nodes.
  internal func firstFlaw(levelSetWords: Int, featureCount: Int) -> TreeFlaw? {
    guard !isEmpty else { return .noNodes }
    var open: [(node: Int, right: Int)] = []
    for index in indices {
      let node = self[index]
      if node.isLeaf {
        guard node.split == 0 else { return .leafSplit(index) }
        guard node.payload.isFinite else { return .payload(index) }
        guard let split = open.popLast() else { return index == endIndex - 1 ? nil : .rightChild(index) }
        guard split.right == index + 1 else { return .rightChild(split.node) }
      } else {
        guard node.feature < featureCount else { return .feature(index) }
        if node.isCategorical {
          guard node.levelSet.upperBound <= levelSetWords else { return .levelSet(index) }
        } else {
          guard node.payload.isFinite else { return .payload(index) }
        }
        open.append((index, startIndex + Int(node.right)))
      }
    }
    return .rightChild(open.last?.node ?? startIndex)
  }
}
