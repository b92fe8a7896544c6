import Glibc

/// Works a graph through, operator by operator, as the specification of ONNX says: naive, for tests.
struct GraphEvaluator {
  let graph: GraphReader

  /// The graph's one output.
  func run(_ inputs: [String: Elements]) -> Elements {
    var values = graph.constants.merging(inputs) { $1 }
    for node in graph.nodes {
      let arguments = node.inputs.map { name in
        guard let value = values[name] else { preconditionFailure("\(node.type) comes before \(name)") }
        return value
      }
      values[node.outputs[0]] = result(of: node, arguments)
    }
    return values[graph.outputs[0].name]!
  }

  private func result(of node: GraphReader.Node, _ x: [Elements]) -> Elements {
    if let function = Self.functions[node.type] { return map(x[0], function) }
    if let function = Self.pairs[node.type] { return pairwise(x[0], x[1], function) }
    switch node.type {
    case "Identity": return x[0]
    case "Cast": return node.int("to") == 1 ? map(x[0]) { Double(Float($0)) } : x[0]
    case "Clip": return map(x[0]) { min(max($0, x[1].numbers[0]), x[2].numbers[0]) }
    case "Where":
      let chosen = pairwise(x[0], x[1]) { $0 == 0 ? 0 : $1 }
      let other = pairwise(x[0], x[2]) { $0 == 0 ? $1 : 0 }
      return pairwise(chosen, other, +)
    case "Concat": return concatenated(x, axis: node.int("axis"))
    case "Gather": return gathered(x[0], x[1].numbers.map { Int($0) }, axis: node.int("axis"))
    case "Shape": return Elements([Double(x[0].shape[0])], [1])
    case "ConstantOfShape":
      let shape = x[0].numbers.map { Int($0) }
      return Elements(Array(repeating: node.tensor("value")[0], count: shape.reduce(1, *)), shape)
    case "Reshape": return Elements(x[0].numbers, [x[0].numbers.count])
    case "MatMul": return product(x[0], x[1])
    case "Gemm": return pairwise(product(x[0], x[1]), x[2], +)
    case "ReduceSum":
      let sums = (0..<x[0].shape[0]).map { row in
        (0..<x[0].shape[1]).reduce(0) { $0 + x[0].numbers[row * x[0].shape[1] + $1] }
      }
      return Elements(sums, [sums.count, 1])
    case "LabelEncoder":
      let codes = Dictionary(uniqueKeysWithValues: zip(node.texts("keys_strings"), node.ints("values_int64s")))
      return Elements(x[0].texts.map { Double(codes[$0] ?? node.int("default_int64")) }, [x[0].texts.count, 1])
    case "TreeEnsemble": return trees(node, x[0])
    default: preconditionFailure("no operator \(node.type)")
    }
  }

  private static let functions: [String: @Sendable (Double) -> Double] = [
    "IsNaN": { $0.isNaN ? 1 : 0 }, "Abs": { abs($0) }, "Sign": { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, "Log": { log($0) },
    "Exp": { exp($0) }, "Sqrt": { $0.squareRoot() }, "Neg": { -$0 }, "Relu": { max($0, 0) }, "Tanh": { tanh($0) },
    "Softplus": { log(1 + exp($0)) },
  ]

  private static let pairs: [String: @Sendable (Double, Double) -> Double] = [
    "Add": { $0 + $1 }, "Sub": { $0 - $1 }, "Mul": { $0 * $1 }, "Div": { $0 / $1 }, "Max": { max($0, $1) },
    "Pow": { pow($0, $1) },
  ]

  private func map(_ x: Elements, _ function: (Double) -> Double) -> Elements {
    Elements(x.numbers.map(function), x.shape)
  }

  /// Shapes of at most two axes, of which one may be 1 or not there in either.
  private func pairwise(_ a: Elements, _ b: Elements, _ function: (Double, Double) -> Double) -> Elements {
    let (left, right) = (Self.twoAxes(a.shape), Self.twoAxes(b.shape))
    let shape = [max(left[0], right[0]), max(left[1], right[1])]
    let numbers = (0..<shape[0] * shape[1]).map { place in
      let (row, column) = (place / shape[1], place % shape[1])
      func number(_ x: Elements, _ axes: [Int]) -> Double {
        x.numbers[(axes[0] == 1 ? 0 : row) * axes[1] + (axes[1] == 1 ? 0 : column)]
      }
      return function(number(a, left), number(b, right))
    }
    return Elements(numbers, shape)
  }

  private static func twoAxes(_ shape: [Int]) -> [Int] { Array(repeating: 1, count: 2 - shape.count) + shape }

  private func concatenated(_ parts: [Elements], axis: Int) -> Elements {
    guard axis == 1 else { return Elements(parts.flatMap(\.numbers), [parts.reduce(0) { $0 + $1.shape[0] }]) }
    let rows = parts[0].shape[0]
    let numbers = (0..<rows).flatMap { row in
      parts.flatMap { $0.numbers[row * $0.shape[1]..<(row + 1) * $0.shape[1]] }
    }
    return Elements(numbers, [rows, parts.reduce(0) { $0 + $1.shape[1] }])
  }

  private func gathered(_ x: Elements, _ places: [Int], axis: Int) -> Elements {
    guard x.shape.count == 2 else { return Elements(places.map { x.numbers[$0] }, [places.count]) }
    let width = x.shape[1]
    guard axis == 1 else {
      return Elements(places.flatMap { x.numbers[$0 * width..<($0 + 1) * width] }, [places.count, width])
    }
    let numbers = (0..<x.shape[0]).flatMap { row in places.map { x.numbers[row * width + $0] } }
    return Elements(numbers, [x.shape[0], places.count])
  }

  private func product(_ a: Elements, _ b: Elements) -> Elements {
    let (rows, inner, columns) = (a.shape[0], a.shape[1], b.shape[1])
    let numbers = (0..<rows * columns).map { place in
      (0..<inner).reduce(0) {
        $0 + a.numbers[place / columns * inner + $1] * b.numbers[$1 * columns + place % columns]
      }
    }
    return Elements(numbers, [rows, columns])
  }

  private func trees(_ node: GraphReader.Node, _ x: Elements) -> Elements {
    let (features, thresholds, leaves) = (
      node.ints("nodes_featureids"), node.tensor("nodes_splits"), node.tensor("leaf_weights")
    )
    let (yes, no) = (node.ints("nodes_truenodeids"), node.ints("nodes_falsenodeids"))
    let (yesIsLeaf, noIsLeaf) = (node.ints("nodes_trueleafs"), node.ints("nodes_falseleafs"))
    let missing = node.ints("nodes_missing_value_tracks_true")
    let sums = (0..<x.shape[0]).map { row in
      node.ints("tree_roots").reduce(0.0) { sum, root in
        var place = root
        while true {
          let value = x.numbers[row * x.shape[1] + features[place]]
          let isTrue = value.isNaN ? missing[place] == 1 : value <= thresholds[place]
          let next = isTrue ? yes[place] : no[place]
          guard (isTrue ? yesIsLeaf[place] : noIsLeaf[place]) == 0 else { return sum + leaves[next] }
          place = next
        }
      }
    }
    return Elements(sums, [sums.count, 1])
  }
}
