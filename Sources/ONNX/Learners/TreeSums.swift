internal import Learners

/// Trees as operators `TreeEnsemble` of ai.onnx.ml 5, in which thresholds, leaves and their sum are double.
///
/// A row of float32 is cast to double before, which is exact: it comes to the leaf that the engine finds for it, whatever lies
/// between two float32 numbers.
internal struct TreeSums {
  /// Columns of categories' splits that one operator may have: a batch of rows has a double for each.
  private static let mostLevelColumns = 2_048

  /// The sum of all trees' leaves behind `first`, rows x 1.
  static func sum(
    of ensemble: TreeEnsemble, from first: Double?, pipeline: Pipeline, _ inputs: GraphInputs,
    in graph: inout GraphBuilder
  ) -> GraphBuilder.Value {
    let tables = LevelTables(pipeline)
    var sums: [GraphBuilder.Value] = []
    var start = first
    var tree = 0
    repeat {
      var columns = TreeColumns(pipeline, inputs, tables)
      var nodes = TreeNodes()
      // The engine's sum begins with it, and so does this one: the same bits.
      if let number = start { nodes.append(constant: number) }
      start = nil
      while tree < ensemble.treeCount && columns.levelColumnCount < mostLevelColumns {
        nodes.append(tree: tree, of: ensemble, &columns)
        tree += 1
      }
      sums.append(
        graph.apply("TreeEnsemble", [columns.matrix(in: &graph)], nodes.attributes, domain: .machineLearning))
    } while tree < ensemble.treeCount
    return graph.sum(sums)
  }
}

/// The attributes of the operator while they are put together.
private struct TreeNodes {
  private var roots: [Int] = []
  private var features: [Int] = []
  private var thresholds: [Double] = []
  private var missingLeft: [Int] = []
  private var left: [Int] = []
  private var leftIsLeaf: [Int] = []
  private var right: [Int] = []
  private var rightIsLeaf: [Int] = []
  private var leaves: [Double] = []

  /// The operator has no tree that is a leaf: one of a split, with the same leaf on either side.
  mutating func append(constant value: Double) {
    roots.append(features.count)
    addSplit(TreeColumns.Split(column: 0, threshold: 0, missingGoesLeft: false))
    let node = features.count - 1
    (left[node], leftIsLeaf[node]) = (leaves.count, 1)
    (right[node], rightIsLeaf[node]) = (leaves.count + 1, 1)
    leaves += [value, value]
  }

  mutating func append(tree: Int, of ensemble: TreeEnsemble, _ columns: inout TreeColumns) {
    let nodes = ensemble.nodes[ensemble.starts[tree]..<ensemble.starts[tree + 1]]
    guard nodes.count > 1 else { return append(constant: nodes.first!.value) }
    let (firstSplit, firstLeaf) = (features.count, leaves.count)
    roots.append(firstSplit)
    // Of each node its place among the splits or among the leaves.
    var (splits, leafCount) = (firstSplit, firstLeaf)
    let places = nodes.map { node in
      defer { if node.isLeaf { leafCount += 1 } else { splits += 1 } }
      return node.isLeaf ? leafCount : splits
    }
    for (place, node) in nodes.enumerated() {
      guard !node.isLeaf else {
        leaves.append(node.value)
        continue
      }
      addSplit(columns.split(of: node, in: ensemble))
      let (toLeft, toRight) = (place + 1, Int(node.right))
      let split = features.count - 1
      (left[split], leftIsLeaf[split]) = (places[toLeft], nodes[nodes.startIndex + toLeft].isLeaf ? 1 : 0)
      (right[split], rightIsLeaf[split]) = (places[toRight], nodes[nodes.startIndex + toRight].isLeaf ? 1 : 0)
    }
  }

  private mutating func addSplit(_ split: TreeColumns.Split) {
    features.append(split.column)
    thresholds.append(split.threshold)
    missingLeft.append(split.missingGoesLeft ? 1 : 0)
    left.append(0)
    leftIsLeaf.append(0)
    right.append(0)
    rightIsLeaf.append(0)
  }

  var attributes: [Attribute] {
    [
      .int("n_targets", 1),
      .ints("tree_roots", roots),
      .ints("nodes_featureids", features),
      // 0 is x ≤ t.
      .tensor("nodes_modes", Tensor([UInt8](repeating: 0, count: features.count))),
      .tensor("nodes_splits", Tensor(thresholds)),
      .ints("nodes_missing_value_tracks_true", missingLeft),
      .ints("nodes_truenodeids", left),
      .ints("nodes_trueleafs", leftIsLeaf),
      .ints("nodes_falsenodeids", right),
      .ints("nodes_falseleafs", rightIsLeaf),
      .ints("leaf_targetids", leaves.map { _ in 0 }),
      .tensor("leaf_weights", Tensor(leaves)),
    ]
  }
}
