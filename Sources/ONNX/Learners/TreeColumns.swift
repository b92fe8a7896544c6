internal import Learners

/// What trees ask of a row: numbers as they are, and of each split of a category a column that is 0 where the row goes left.
///
/// So all splits of the graph are x ≤ t of numbers, which every runtime has: sets of levels are a newer thing, and runtimes unroll
/// them into long chains. Two splits that send the same levels to the left share a column.
internal struct TreeColumns {
  private let inputs: GraphInputs
  /// For each feature what its encoder makes of each level; none for a number.
  private let codes: [[Double]]
  /// The feature that each column of the pipeline's matrix is.
  private let features: [Int]
  /// For each feature the columns of its splits: of each level whether it goes right.
  private var sides: [Int: [[UInt8]]] = [:]
  private var columns: [Side: Int] = [:]
  /// The features in the order in which `columns` counts; filled by `reserve`.
  private var order: [(feature: Int, place: Int)] = []

  private struct Side: Hashable {
    let feature: Int
    let goesRight: [UInt8]
  }

  init(_ pipeline: Pipeline, _ inputs: GraphInputs, _ tables: LevelTables) {
    self.inputs = inputs
    codes = pipeline.features.indices.map { feature in tables.rows(of: feature).map { $0[0] } }
    features = zip(pipeline.encoders.indices, pipeline.encoders).flatMap { Array(repeating: $0, count: $1.width) }
  }

  /// Columns of splits of categories.
  var levelColumnCount: Int { order.count }

  /// A split as the graph knows it.
  struct Split {
    let column: Int
    let threshold: Double
    let missingGoesLeft: Bool
  }

  mutating func split(of node: TreeNode, in ensemble: TreeEnsemble) -> Split {
    let feature = features[node.feature]
    switch inputs.places[feature] {
    case .number(let number):
      return Split(column: number, threshold: node.threshold, missingGoesLeft: node.missingGoesLeft)
    case .level:
      let goesRight = codes[feature].map { node.goesLeft($0, levelSets: ensemble.levelSets) ? UInt8(0) : 1 }
      return Split(column: column(of: feature, goesRight), threshold: 0.5, missingGoesLeft: false)
    }
  }

  private mutating func column(of feature: Int, _ goesRight: [UInt8]) -> Int {
    let side = Side(feature: feature, goesRight: goesRight)
    if let known = columns[side] { return known }
    let column = inputs.numberCount + order.count
    columns[side] = column
    order.append((feature, sides[feature, default: []].count))
    sides[feature, default: []].append(goesRight)
    return column
  }

  /// rows x columns, double.
  func matrix(in graph: inout GraphBuilder) -> GraphBuilder.Value {
    guard !order.isEmpty else { return inputs.numbers ?? graph.column(of: 0, besides: inputs.anyInput) }
    var parts: [GraphBuilder.Value] = []
    var starts: [Int: Int] = [:]
    var width = 0
    for feature in sides.keys.sorted() {
      guard case .level(let codes) = inputs.places[feature], let columns = sides[feature] else { continue }
      let height = columns[0].count
      let table = Tensor(
        (0..<height).flatMap { level in columns.map { $0[level] } }, shape: [height, columns.count])
      parts.append(graph.apply("Gather", [graph.constant(table), codes], [.int("axis", 0)]))
      starts[feature] = width
      width += columns.count
    }
    let ordered = graph.columns(
      order.map { starts[$0.feature, default: 0] + $0.place }, of: graph.joined(parts), width: width)
    let sides = graph.cast(ordered, to: .double)
    return inputs.numbers.map { graph.joined([$0, sides]) } ?? sides
  }
}
