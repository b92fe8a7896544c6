internal import Learners

/// The matrix that the encoders of numbers and levels make: imputed, shaped, standardised, one-hot.
internal struct DenseColumns {
  /// A column of numbers: where the number is, where the column belongs, what is done.
  private struct NumberColumn {
    let number: Int
    let column: Int
    let shaped: NumericEncoder.Column
  }

  private let pipeline: Pipeline
  private let inputs: GraphInputs
  /// Parts of the matrix, each with the columns that it holds.
  private var parts: [(value: GraphBuilder.Value, columns: [Int])] = []

  private init(_ pipeline: Pipeline, _ inputs: GraphInputs) {
    self.pipeline = pipeline
    self.inputs = inputs
  }

  /// rows x columns of the pipeline, double.
  static func matrix(
    of pipeline: Pipeline, _ inputs: GraphInputs, in graph: inout GraphBuilder
  ) -> GraphBuilder.Value {
    var columns = DenseColumns(pipeline, inputs)
    columns.addNumbers(in: &graph)
    columns.addLevels(in: &graph)
    let order = columns.parts.flatMap(\.columns)
    let joined = graph.joined(columns.parts.map(\.value))
    let places = order.indices.sorted { order[$0] < order[$1] }
    return graph.columns(places, of: joined, width: order.count)
  }

  private var starts: [Int] { pipeline.encoders.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.width) } }

  private mutating func addNumbers(in graph: inout GraphBuilder) {
    guard let numbers = inputs.numbers else { return }
    var medians = [Double](repeating: 0, count: inputs.numberCount)
    var (shaped, told): ([NumberColumn], [(number: Int, column: Int)]) = ([], [])
    for (feature, start) in zip(pipeline.encoders.indices, starts) {
      guard case .numeric(let encoder) = pipeline.encoders[feature], case .number(let number) = inputs.places[feature]
      else { continue }
      medians[number] = encoder.median
      shaped += encoder.columns.enumerated().map {
        NumberColumn(number: number, column: start + $0.offset, shaped: $0.element)
      }
      if encoder.hasIndicator { told.append((number, start + encoder.columns.count)) }
    }
    let isMissing = graph.apply("IsNaN", [numbers])
    if !shaped.isEmpty {
      let row = graph.constant(Tensor(medians, shape: [1, medians.count]))
      let imputed = graph.apply("Where", [isMissing, row, numbers])
      addShaped(shaped, of: imputed, in: &graph)
    }
    if !told.isEmpty {
      let wanted = graph.columns(told.map(\.number), of: isMissing, width: inputs.numberCount)
      parts.append((graph.cast(wanted, to: .double), told.map(\.column)))
    }
  }

  /// All columns of one form together.
  private mutating func addShaped(
    _ columns: [NumberColumn], of numbers: GraphBuilder.Value, in graph: inout GraphBuilder
  ) {
    for form in [NumberForm.raw, .log, .clipped] {
      let wanted = columns.filter { $0.shaped.shape.form == form }
      guard !wanted.isEmpty else { continue }
      let values = graph.columns(wanted.map(\.number), of: numbers, width: inputs.numberCount)
      let shaped = graph.shaped(values, wanted.map(\.shaped.shape), form)
      let centred = graph.apply("Sub", [shaped, graph.row(wanted.map(\.shaped.mean))])
      let scaled = graph.apply("Div", [centred, graph.row(wanted.map(\.shaped.deviation))])
      parts.append((graph.clipped(scaled, -farthest, farthest), wanted.map(\.column)))
    }
  }

  private mutating func addLevels(in graph: inout GraphBuilder) {
    let tables = LevelTables(pipeline)
    for (feature, start) in zip(pipeline.encoders.indices, starts) {
      guard case .level(let codes) = inputs.places[feature], pipeline.encoders[feature].width > 0 else { continue }
      let width = pipeline.encoders[feature].width
      parts.append((graph.rows(of: tables.rows(of: feature), at: codes), Array(start..<start + width)))
    }
  }
}

/// As `NumericEncoder` does: what is further out would overflow.
private let farthest = 1e100

extension NumberShape {
  fileprivate var form: NumberForm {
    switch self {
    case .raw: .raw
    case .logarithm: .log
    case .clipped: .clipped
    }
  }

  fileprivate var unit: Double {
    guard case .logarithm(let unit) = self else { return 1 }
    return unit
  }

  fileprivate var clip: (center: Double, width: Double) {
    guard case .clipped(let center, let width) = self else { return (0, 1) }
    return (center, width)
  }
}

extension GraphBuilder {
  fileprivate mutating func row(_ numbers: [Double]) -> Value { constant(Tensor(numbers, shape: [1, numbers.count])) }

  /// Columns with shapes of one form.
  fileprivate mutating func shaped(_ values: Value, _ shapes: [NumberShape], _ form: NumberForm) -> Value {
    switch form {
    case .raw, .both: return values
    case .log:
      let units = shapes.map(\.unit)
      let sizes = apply("Div", [apply("Abs", [values]), row(units)])
      return apply("Mul", [apply("Sign", [values]), apply("Log", [adding(1, to: sizes)])])
    case .clipped:
      let centers = shapes.map(\.clip.center)
      let widths = shapes.map(\.clip.width)
      let centred = apply("Sub", [values, row(centers)])
      return squashed(clipped(apply("Div", [centred, row(widths)]), -farthest, farthest))
    }
  }
}
