package import Linalg

/// Shapley values of the features of one tree: TreeSHAP in its path-dependent form, exact.
///
/// The value of a set S of known features is what the tree is expected to say when splits by other features send a row
/// both ways, in the shares of the training rows that went there. For a leaf of value v let feature j of the path have
/// zⱼ, the product of those shares at its splits, and oⱼ, 1 where the row goes the way of all of them and 0 else. With
/// |S|! (n − |S| − 1)! / n! = ∫₀¹ t^|S| (1 − t)^(n − 1 − |S|) dt the sum over all sets becomes a product:
///
///   φᵢ = Σ_leaves v (oᵢ − zᵢ) ∫₀¹ Π_{j ≠ i} (t oⱼ + (1 − t) zⱼ) dt.
///
/// A feature that is not on the path has o = z = 1 and the factor 1, so n need not be known. The integrand is a
/// polynomial of degree below the number d of features on a path, for which ⌈d / 2⌉ nodes of Gauss and Legendre are exact;
/// all terms of a product are positive, so nothing cancels in it. On the way down a node's product is its parent's
/// times one factor, on the way up the leaves' products are added, and each edge takes its feature's share from the sum below
/// it: of several splits by a feature only the lowest one is left in the sum, since each takes back what that above gave.
///
/// Cost a row and tree: nodes x ⌈d / 2⌉, in vectors of eight, some 10 ns a node for d ≤ 16. Memory: 64 bytes a node.
/// Sources: Lundberg et al., Nature Machine Intelligence 2, 2020, doi:10.1038/s42256-019-0138-9 (the values; arXiv
/// 1802.03888, 2018); Yu et al., "Linear TreeShap", NeurIPS 2022 (sums over leaves by polynomials).
internal struct TreeExplainer {
  /// The way from a node's parent to the node.
  private struct Edge {
    var parent: Int32
    /// The node above, on the path, that the last split by the same feature leads to; -1 for none.
    var previous: Int32 = -1
    var feature: Int32 = 0
    /// Splits of the path by different features.
    var features: Int32 = 0
    /// The training rows' share that goes this way at this split, and at all splits of the path by its feature.
    var share = 1.0
    var z = 1.0
  }

  private let nodes: ArraySlice<TreeNode>
  private let root: Int
  private let edges: [Edge]
  private let rule: Rule
  /// What the tree is expected to say where nothing is known.
  let expected: Double

  init(_ ensemble: TreeEnsemble, tree: Int) {
    root = ensemble.starts[tree]
    nodes = ensemble.nodes[root..<ensemble.starts[tree + 1]]
    let covers = Self.covers(nodes, leaves: ensemble.leafCovers[ensemble.leaves(of: tree)])
    let edges = Self.edges(nodes, covers: covers, features: ensemble.requiredColumns)
    self.edges = edges
    rule = Rule(features: Int(edges.lazy.map(\.features).max() ?? 0))
    var expected = 0.0
    for (index, node) in nodes.enumerated() where node.isLeaf { expected += node.value * (covers[index] / covers[0]) }
    self.expected = expected
  }

  /// The weight of the training rows in each node.
  private static func covers(_ nodes: ArraySlice<TreeNode>, leaves: ArraySlice<Float>) -> [Double] {
    let root = nodes.startIndex
    var covers = [Double](repeating: 0, count: nodes.count)
    var leaf = leaves.endIndex
    for index in covers.indices.reversed() {
      let node = nodes[root + index]
      if node.isLeaf {
        leaf -= 1
        covers[index] = Double(leaves[leaf])
      } else {
        covers[index] = covers[index + 1] + covers[Int(node.right)]
      }
    }
    return covers
  }

  private static func edges(_ nodes: ArraySlice<TreeNode>, covers: [Double], features: Int) -> [Edge] {
    let root = nodes.startIndex
    var edges = [Edge](repeating: Edge(parent: -1), count: nodes.count)
    for index in edges.indices where !nodes[root + index].isLeaf {
      edges[index + 1].parent = Int32(index)
      edges[Int(nodes[root + index].right)].parent = Int32(index)
    }
    // The last edge of each feature on the path to the current node, and the path with what it replaced.
    var last = [Int32](repeating: -1, count: features)
    var path: [(node: Int, feature: Int, replaced: Int32)] = []
    for index in edges.indices.dropFirst() {
      let parent = Int(edges[index].parent)
      while let end = path.last, end.node != parent {
        last[end.feature] = end.replaced
        path.removeLast()
      }
      let feature = nodes[root + parent].feature
      let previous = last[feature]
      edges[index].previous = previous
      edges[index].feature = Int32(feature)
      edges[index].features = edges[parent].features + (previous < 0 ? 1 : 0)
      edges[index].share = covers[index] / covers[parent]
      edges[index].z = edges[index].share * (previous < 0 ? 1 : edges[Int(previous)].z)
      last[feature] = Int32(index)
      path.append((index, feature, previous))
    }
    return edges
  }

  /// Adds the contributions of one row to `sums`, one a feature.
  func add(_ row: ArraySlice<Double>, of ensemble: TreeEnsemble, scratch: inout Scratch, to sums: inout [Double]) {
    guard nodes.count > 1 else { return }
    scratch.prepare(nodes: nodes.count, width: rule.nodes.count)
    descend(row, ensemble, &scratch)
    ascend(&scratch, &sums)
  }

  /// Memory for one tree at a time.
  struct Scratch {
    /// `width` vectors a node: its product on the way down, the sum of the leaves' products on the way up.
    fileprivate var products: [SIMD8<Double>] = []
    /// o of each node's edge.
    fileprivate var isKept: [Bool] = []
    fileprivate var goesLeft: [Bool] = []

    fileprivate mutating func prepare(nodes: Int, width: Int) {
      guard nodes * width > products.count || nodes > isKept.count else { return }
      products = Array(repeating: SIMD8(repeating: 0), count: max(products.count, nodes * width))
      isKept = Array(repeating: false, count: max(isKept.count, nodes))
      goesLeft = isKept
    }
  }

  private func descend(_ row: ArraySlice<Double>, _ ensemble: TreeEnsemble, _ scratch: inout Scratch) {
    let width = rule.nodes.count
    for place in 0..<width { scratch.products[place] = SIMD8(repeating: 1) }
    for index in edges.indices {
      let node = nodes[root + index]
      if !node.isLeaf { scratch.goesLeft[index] = ensemble.goesLeft(row[row.startIndex + node.feature], at: node) }
      guard index > 0 else { continue }
      let edge = edges[index]
      let parent = Int(edge.parent)
      let isTaken = scratch.goesLeft[parent] == (index == parent + 1)
      let wasKept = edge.previous < 0 || scratch.isKept[Int(edge.previous)]
      scratch.isKept[index] = isTaken && wasKept
      for place in 0..<width {
        var product = scratch.products[parent * width + place]
        if !wasKept {
          product *= edge.share
        } else {
          product *= isTaken ? rule.factor(edge.z, place) : edge.z * rule.complements[place]
          if edge.previous >= 0 { product /= rule.factor(edges[Int(edge.previous)].z, place) }
        }
        scratch.products[index * width + place] = product
      }
    }
  }

  private func ascend(_ scratch: inout Scratch, _ sums: inout [Double]) {
    let width = rule.nodes.count
    for index in edges.indices.dropFirst().reversed() {
      let node = nodes[root + index]
      let edge = edges[index]
      // An edge that is not taken below another that is not takes back as much as it gives.
      let counts = edge.previous < 0 || scratch.isKept[Int(edge.previous)]
      var share = SIMD8<Double>(repeating: 0)
      for place in 0..<width {
        let sum: SIMD8<Double>
        if node.isLeaf {
          sum = scratch.products[index * width + place] * node.value
        } else {
          sum = scratch.products[(index + 1) * width + place] + scratch.products[Int(node.right) * width + place]
        }
        scratch.products[index * width + place] = sum
        guard counts else { continue }
        let weighted = sum * rule.weights[place]
        share +=
          scratch.isKept[index]
          ? weighted * (1 - edge.z) / rule.factor(edge.z, place) : -weighted / rule.complements[place]
        if edge.previous >= 0 {
          let z = edges[Int(edge.previous)].z
          share -= weighted * (1 - z) / rule.factor(z, place)
        }
      }
      if counts { sums[Int(edge.feature)] += share.sum() }
    }
  }
}

/// Nodes and weights of the integral, eight a vector; those too many have the weight 0.
private struct Rule {
  /// t.
  let nodes: [SIMD8<Double>]
  /// 1 − t.
  let complements: [SIMD8<Double>]
  let weights: [SIMD8<Double>]

  /// - Parameter features: on any path at most: the integrands have a lower degree.
  init(features: Int) {
    let rule = GaussLegendre(count: max(1, (features + 1) / 2))
    let vectors = (rule.nodes.count + 7) / 8
    func pack(_ numbers: [Double], filler: Double) -> [SIMD8<Double>] {
      (0..<vectors).map { vector in
        var lanes = SIMD8(repeating: filler)
        for lane in 0..<8 where 8 * vector + lane < numbers.count { lanes[lane] = numbers[8 * vector + lane] }
        return lanes
      }
    }
    nodes = pack(rule.nodes, filler: 0.5)
    complements = nodes.map { 1 - $0 }
    weights = pack(rule.weights, filler: 0)
  }

  /// t + (1 − t) z: the factor of a feature whose splits the row agrees with.
  @inline(__always)
  func factor(_ z: Double, _ place: Int) -> SIMD8<Double> { nodes[place] + complements[place] * z }
}

extension TreeEnsemble {
  /// The sum of the trees' expectations, and for each row what each feature adds to the sum of its leaves' values.
  ///
  /// Rows: `requiredColumns` or more columns. The bits do not depend on threads nor on which rows are asked about together.
  package func contributions(of x: Matrix<Double>) -> (base: Double, values: Matrix<Double>) {
    precondition(x.columns >= requiredColumns, "TreeEnsemble: \(x.columns) columns, \(requiredColumns) are used")
    var values = [Double](repeating: 0, count: x.rows * x.columns)
    let nanosecondsPerNode = 20.0
    Parallel.fill(&values, stride: max(1, x.columns), cost: nanosecondsPerNode * Double(nodes.count)) { rows, part in
      var scratch = TreeExplainer.Scratch()
      var sums = [[Double]](repeating: Array(repeating: 0, count: x.columns), count: rows.count)
      for tree in 0..<treeCount {
        let explainer = TreeExplainer(self, tree: tree)
        for row in rows { explainer.add(x.row(row), of: self, scratch: &scratch, to: &sums[row - rows.lowerBound]) }
      }
      for (index, row) in sums.enumerated() {
        for column in row.indices { part[index * x.columns + column] = row[column] }
      }
    }
    let base = (0..<treeCount).reduce(0) { $0 + TreeExplainer(self, tree: $1).expected }
    return (base, Matrix(rows: x.rows, columns: x.columns, elements: values))
  }
}
