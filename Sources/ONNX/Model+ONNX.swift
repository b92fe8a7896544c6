public import Learners

extension Model {
  /// The model as an ONNX file: encoders, learner, and the way back to the target's own scale, in one graph.
  ///
  /// Inputs are those of `GraphInputs`; the output `Y` has one column, what `predict` gives. Parts of dates are numbers here, an
  /// input or a column each. Memory: the bytes of the file, twice.
  /// - Throws: `ExportError`, for a model or options that have no such graph.
  public func onnx(_ options: ExportOptions = ExportOptions()) throws(ExportError) -> [UInt8] {
    try checkMatrix(options)
    let names = pipeline.features.map(\.name)
    var graph = GraphBuilder(reserving: names + [GraphInputs.matrixName] + Self.outputNames)
    let inputs = GraphInputs(pipeline.features, options, in: &graph)
    let prediction = try LearnerGraph.prediction(of: self, inputs, in: &graph)
    let element: Tensor.Element = options.precision == .single ? .float : .double
    let output = element == .double ? prediction : graph.cast(prediction, to: element)
    let name = Self.outputNames.first { !names.contains($0) } ?? Self.outputNames[0]
    graph.output(output, as: name, element, columns: 1)
    let bytes = message(graph, options).bytes
    guard bytes.count < 1 << 31 else { throw .tooLarge(bytes: bytes.count) }
    return bytes
  }

  /// A feature may have the first name.
  private static let outputNames = ["Y", "prediction", "prediction_of_Y"]

  private func checkMatrix(_ options: ExportOptions) throws(ExportError) {
    guard let matrix = options.matrix else { return }
    if let feature = pipeline.features.first(where: { $0.levels != nil }) {
      throw .matrixOfCategories(feature: feature.name)
    }
    guard matrix.places.count == pipeline.features.count else {
      throw .columns("there are \(matrix.places.count), the model has \(pipeline.features.count) features")
    }
    if let place = matrix.places.first(where: { !(0..<matrix.count).contains($0) }) {
      throw .columns("\(place) is none of \(matrix.count) columns")
    }
  }

  /// A `ModelProto` with the oldest versions of operators that have all that is used: what reads newer ones reads these.
  private func message(_ graph: GraphBuilder, _ options: ExportOptions) -> ProtobufMessage {
    let hasTrees = graph.operators.contains("ai.onnx.ml.TreeEnsemble")
    let hasLevels = graph.operators.contains("ai.onnx.ml.LabelEncoder")
    var model = ProtobufMessage()
    model.add(1, hasTrees ? 10 : 8)
    model.add(2, "learners")
    if !options.programVersion.isEmpty { model.add(3, options.programVersion) }
    model.add(6, "\(name) of \(target): \(statistic.description)")
    model.add(7, graph.message(named: name))
    model.add(8, Self.operatorSet("", 17))
    if hasTrees || hasLevels { model.add(8, Self.operatorSet("ai.onnx.ml", hasTrees ? 5 : 3)) }
    model.add(14, Self.property("target", target))
    model.add(14, Self.property("learner", name))
    return model
  }

  private static func operatorSet(_ domain: String, _ version: Int) -> ProtobufMessage {
    var message = ProtobufMessage()
    message.add(1, domain)
    message.add(2, version)
    return message
  }

  private static func property(_ key: String, _ value: String) -> ProtobufMessage {
    var message = ProtobufMessage()
    message.add(1, key)
    message.add(2, value)
    return message
  }
}
