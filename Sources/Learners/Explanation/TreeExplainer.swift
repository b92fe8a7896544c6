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
/// Cost a row and tree: nodes x ⌈d / 2⌉, in vectors of eight. Memory of a tree: 300 bytes a node for d ≤ 16.
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
  /// `rule.width` a node.
  private let vectors: [EdgeVectors]

  init(_ ensemble: TreeEnsemble, tree: Int) {
    root = ensemble.starts[tree]
    nodes = ensemble.nodes[root..<ensemble.starts[tree + 1]]
    let covers = Self.covers(nodes, leaves: ensemble.leafCovers[ensemble.leaves(of: tree)])
    let edges = Self.edges(nodes, covers: covers, features: ensemble.requiredColumns)
    self.edges = edges
    let rule = Rule(features: Int(edges.lazy.map(\.features).max() ?? 0))
    self.rule = rule
    var vectors: [EdgeVectors] = []
    vectors.reserveCapacity(edges.count * rule.width)
    for edge in edges {
      let above = edge.previous < 0 ? nil : edges[Int(edge.previous)].z
      for place in 0..<rule.width { vectors.append(EdgeVectors(rule, place, z: edge.z, above: above)) }
    }
    self.vectors = vectors
  }

  /// What the tree is expected to say where nothing is known.
  static func expected(_ ensemble: TreeEnsemble, tree: Int) -> Double {
    let nodes = ensemble.nodes[ensemble.starts[tree]..<ensemble.starts[tree + 1]]
    let covers = covers(nodes, leaves: ensemble.leafCovers[ensemble.leaves(of: tree)])
    return zip(nodes, covers).reduce(0) { $1.0.isLeaf ? $0 + $1.0.value * ($1.1 / covers[0]) : $0 }
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
  func add(_ row: ArraySlice<Double>, of ensemble: TreeEnsemble, scratch: Scratch, to sums: inout [Double]) {
    guard nodes.count > 1 else { return }
    descend(row, ensemble, scratch)
    ascend(scratch, &sums)
  }

  func makeScratch() -> Scratch { Scratch(nodes: nodes.count, width: rule.width) }

  /// Memory for the nodes of a tree.
  struct Scratch {
    /// Vectors of each node: its product on the way down, the sum of the leaves' products on the way up.
    fileprivate let products: SharedScratch<SIMD8<Double>>
    /// o of each node's edge.
    fileprivate let isKept: SharedScratch<Bool>
    fileprivate let goesLeft: SharedScratch<Bool>

    fileprivate init(nodes: Int, width: Int) {
      products = SharedScratch(repeating: SIMD8(repeating: 0), count: nodes * width)
      isKept = SharedScratch(repeating: false, count: nodes)
      goesLeft = SharedScratch(repeating: false, count: nodes)
    }
  }

  private func descend(_ row: ArraySlice<Double>, _ ensemble: TreeEnsemble, _ scratch: Scratch) {
    let width = rule.width
    let (products, isKept, goesLeft) = (scratch.products, scratch.isKept, scratch.goesLeft)
    for place in 0..<width { products[place] = SIMD8(repeating: 1) }
    for index in edges.indices {
      let node = nodes[root + index]
      if !node.isLeaf { goesLeft[index] = ensemble.goesLeft(row[row.startIndex + node.feature], at: node) }
      guard index > 0 else { continue }
      let edge = edges[index]
      let parent = Int(edge.parent)
      let isTaken = goesLeft[parent] == (index == parent + 1)
      let wasKept = edge.previous < 0 || isKept[Int(edge.previous)]
      isKept[index] = isTaken && wasKept
      for place in 0..<width {
        let product = products[parent * width + place]
        let at = index * width + place
        products[at] = !wasKept ? product * edge.share : product * (isTaken ? vectors[at].kept : vectors[at].parted)
      }
    }
  }

  private func ascend(_ scratch: Scratch, _ sums: inout [Double]) {
    let width = rule.width
    let (products, isKept) = (scratch.products, scratch.isKept)
    for index in edges.indices.dropFirst().reversed() {
      let node = nodes[root + index]
      let edge = edges[index]
      // An edge that is not taken below another that is not takes back as much as it gives.
      let counts = edge.previous < 0 || isKept[Int(edge.previous)]
      var share = SIMD8<Double>(repeating: 0)
      for place in 0..<width {
        let at = index * width + place
        let sum =
          node.isLeaf
          ? products[at] * node.value
          : products[(index + 1) * width + place] + products[Int(node.right) * width + place]
        products[at] = sum
        guard counts else { continue }
        var change = isKept[index] ? vectors[at].gain : rule.losses[place]
        if edge.previous >= 0 { change -= vectors[Int(edge.previous) * width + place].gain }
        share += sum * change
      }
      if counts { sums[Int(edge.feature)] += share.sum() }
    }
  }
}

/// What an edge does to the vectors of nodes t, weights w, of a path: everything that no row changes.
private struct EdgeVectors {
  /// The factor of the edge's feature, in place of that above, where the row goes this way: t + (1 − t) z.
  let kept: SIMD8<Double>
  /// The same where the row is the first time parted from the path by this feature: (1 − t) z.
  let parted: SIMD8<Double>
  /// w (1 − z) / (t + (1 − t) z): the feature's share of the sum of products where the row goes this way.
  let gain: SIMD8<Double>

  /// - Parameter above: z of the last split by the same feature; nil for none.
  init(_ rule: Rule, _ place: Int, z: Double, above: Double?) {
    let factor = rule.factor(z, place)
    let replaced = above.map { rule.factor($0, place) } ?? SIMD8(repeating: 1)
    kept = factor / replaced
    parted = rule.complements[place] * z / replaced
    gain = rule.weights[place] * (1 - z) / factor
  }
}

/// Nodes and weights of the integral, eight a vector; those too many have the weight 0.
private struct Rule {
  /// t.
  let nodes: [SIMD8<Double>]
  /// 1 − t.
  let complements: [SIMD8<Double>]
  let weights: [SIMD8<Double>]
  /// −w / (1 − t): the share of a feature by which the row is parted from the path.
  let losses: [SIMD8<Double>]
  /// Vectors.
  var width: Int { nodes.count }

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
    losses = zip(weights, complements).map { -$0 / $1 }
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
      var sums = [[Double]](repeating: Array(repeating: 0, count: x.columns), count: rows.count)
      for tree in 0..<treeCount {
        let explainer = TreeExplainer(self, tree: tree)
        let scratch = explainer.makeScratch()
        for row in rows { explainer.add(x.row(row), of: self, scratch: scratch, to: &sums[row - rows.lowerBound]) }
      }
      for (index, row) in sums.enumerated() {
        for column in row.indices { part[index * x.columns + column] = row[column] }
      }
    }
    let base = (0..<treeCount).reduce(0) { $0 + TreeExplainer.expected(self, tree: $1) }
    return (base, Matrix(rows: x.rows, columns: x.columns, elements: values))
  }
}
