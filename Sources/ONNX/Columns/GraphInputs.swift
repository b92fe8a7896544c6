internal import Learners

/// The inputs of a graph, made ready for the pipelines of one model or of several.
///
/// Where all features are numbers there is one input, the matrix `X`, NaN where a value is missing. Else each feature has an
/// input of its name with one column: numbers, or texts, of which the empty one is a missing value, and so is what the model's
/// training data wrote for one. A text that the model does not know is an unknown level; spelling counts.
internal struct GraphInputs {
  /// Where a feature is: a column of `numbers`, or a list of levels.
  enum Place {
    case number(Int)
    /// For each row the index of a level, their count for an unknown one, one more for a missing one.
    case level(GraphBuilder.Value)
  }

  static let matrixName = "X"

  /// rows x numbers, double; nil where no feature is a number.
  let numbers: GraphBuilder.Value?
  let numberCount: Int
  /// One a feature.
  let places: [Place]
  /// One of the graph's inputs, to count rows by.
  let anyInput: GraphBuilder.Value

  init(_ features: [Feature], _ options: ExportOptions, in graph: inout GraphBuilder) {
    let element: Tensor.Element = options.precision == .single ? .float : .double
    if features.allSatisfy({ $0.levels == nil }) {
      let matrix = graph.input(Self.matrixName, element, columns: options.matrix?.count ?? features.count)
      let wanted = options.matrix.map { graph.columns($0.places, of: matrix, width: $0.count) } ?? matrix
      numbers = element == .double ? wanted : graph.cast(wanted, to: .double)
      numberCount = features.count
      places = features.indices.map { .number($0) }
      anyInput = matrix
      return
    }
    var columns: [GraphBuilder.Value] = []
    var first: GraphBuilder.Value?
    places = features.map { feature in
      let input = graph.input(feature.name, feature.levels == nil ? element : .string, columns: 1)
      first = first ?? input
      guard let levels = feature.levels else {
        columns.append(input)
        return .number(columns.count - 1)
      }
      return .level(Self.codes(of: input, levels, missing: feature.cells?.missing ?? [], in: &graph))
    }
    anyInput = first!
    numberCount = columns.count
    guard !columns.isEmpty else {
      numbers = nil
      return
    }
    let joined = graph.joined(columns)
    numbers = element == .double ? joined : graph.cast(joined, to: .double)
  }

  private static func codes(
    of input: GraphBuilder.Value, _ levels: [String], missing: [String], in graph: inout GraphBuilder
  ) -> GraphBuilder.Value {
    let known = Set(levels)
    let none = Set(missing + [""]).subtracting(known).sorted()
    let codes = graph.apply(
      "LabelEncoder", [input],
      [
        .strings("keys_strings", levels + none),
        .ints("values_int64s", Array(levels.indices) + none.map { _ in levels.count + 1 }),
        .int("default_int64", levels.count),
      ], domain: .machineLearning)
    return graph.apply("Reshape", [codes, graph.constant(Tensor([-1]))])
  }
}
