import Glibc
import Learners
import Linalg
import ONNX
import Testing

/// The graph of every learner, worked through by a naive evaluator, predicts what the model predicts.
@Suite struct ModelExportTests {
  /// 120 rows of numbers with gaps and a long tail, and of texts with gaps and levels that are rare.
  private static func table(rows: Int, withTexts: Bool, seed: UInt64 = 0) -> Table {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.onnx"))
    let numbers = (0..<3).map { column in
      (0..<rows).map { _ in random.uniform() < 0.1 && column > 0 ? Double.nan : Double(Float(random.normal())) }
    }
    let tail = (0..<rows).map { _ in Double(Float(exp(3 * random.normal()))) }
    let kinds = (0..<rows).map { _ in Int(random.uniform() * 8) }
    let target = (0..<rows).map { row in
      3 * numbers[0][row] + Double(kinds[row] % 3) + 0.1 * random.normal() + (tail[row] > 1 ? 2 : 0)
    }
    var columns = [
      Column(name: "a", values: .numeric(numbers[0])), Column(name: "b", values: .numeric(numbers[1])),
      Column(name: "c", values: .numeric(numbers[2])), Column(name: "tail", values: .numeric(tail)),
    ]
    if withTexts {
      columns.insert(Column(name: "kind", texts: kinds.map { $0 == 7 ? nil : "kind \($0)" }), at: 1)
    }
    return Table(columns: columns + [Column(name: "y", values: .numeric(target))])
  }

  private static func candidate(_ learner: String) throws -> Candidate {
    switch learner {
    case "ridge": try Candidate(Ridge.self)
    case "svr": try Candidate(SVR.self)
    case "svr linear": try Candidate(SVR.self, settings: ["kernel": .text("linear")])
    case "svr polynomial": try Candidate(SVR.self, settings: ["kernel": .text("polynomial")])
    case "forest": try Candidate(Forest.self, settings: ["estimators": .integer(5)])
    case "extra-trees": try Candidate(ExtraTrees.self, settings: ["estimators": .integer(5)])
    case "boosting": try Candidate(Boosting.self, settings: ["maxIterations": .integer(20)])
    case "mlp": try Candidate(MLP.self, settings: ["ensembleSize": .integer(2), "maxEpochs": .integer(5)])
    case "mlp mish":
      try Candidate(
        MLP.self,
        settings: ["ensembleSize": .integer(1), "maxEpochs": .integer(5), "activation": .text("mish")])
    default: try Candidate(Mean.self)
    }
  }

  private static func experiment(_ table: Table, _ transform: TargetTransform.Choice = .none) throws -> Experiment {
    let dataset = try Dataset(table, options: .init(target: "y"))
    let folds = try Folds(shuffling: dataset.rowCount, into: 3, seed: 0)
    return Experiment(dataset: dataset, folds: folds, targetTransform: transform, seed: 0)
  }

  /// What the graph gives for the rows of a table.
  private static func run(_ bytes: [UInt8], on table: Table) -> [Double] {
    let graph = GraphReader(bytes)
    var inputs: [String: Elements] = [:]
    for input in graph.inputs {
      guard input.name != "X" else {
        let columns = table.columns.filter { $0.name != "y" }.map(\.numbers)
        inputs["X"] = Elements(
          (0..<table.rowCount).flatMap { row in columns.map { $0[row] } }, [table.rowCount, columns.count])
        continue
      }
      guard let column = table[input.name] else { continue }
      switch column.values {
      case .numeric(let numbers): inputs[input.name] = Elements(numbers, [numbers.count, 1])
      case .categorical(let codes, let levels):
        inputs[input.name] = Elements(texts: codes.map { $0 < 0 ? "" : levels[Int($0)] })
      }
    }
    return GraphEvaluator(graph: graph).run(inputs).numbers
  }

  private static func expectSame(_ model: Model, tolerance: Double, withTexts: Bool) throws {
    let rows = table(rows: 60, withTexts: withTexts, seed: 1)
    let expected = try model.predict(FeatureColumns(rows, features: model.pipeline.features))
    var options = ExportOptions()
    options.precision = .double
    let found = run(try model.onnx(options), on: rows)
    #expect(found.count == 60)
    let size = expected.reduce(1) { max($0, abs($1)) }
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= tolerance * size) }
  }

  private static let learners = [
    "mean", "ridge", "svr", "svr linear", "svr polynomial", "forest", "extra-trees", "boosting", "mlp", "mlp mish",
  ]

  @Test(arguments: learners, [false, true])
  func aGraphPredictsWhatTheModelPredicts(learner: String, withTexts: Bool) throws {
    let model = try Self.experiment(Self.table(rows: 120, withTexts: withTexts)).refit(Self.candidate(learner))
    let tolerance = learner.hasPrefix("svr") ? 2e-5 : learner.hasPrefix("mlp") ? 1e-6 : 1e-12
    try Self.expectSame(model, tolerance: tolerance, withTexts: withTexts)
  }

  /// The engine has kernels in single precision; the graph is the sum as it is defined.
  @Test(arguments: ["svr", "svr linear", "svr polynomial"]) func kernelsAreDouble(learner: String) throws {
    let model = try Self.experiment(Self.table(rows: 120, withTexts: true)).refit(Self.candidate(learner))
    let rows = Self.table(rows: 60, withTexts: true, seed: 1)
    let data = try FeatureColumns(rows, features: model.pipeline.features)
    let svr = try #require(model.learner as? SVR)
    let x = model.pipeline.matrix(of: Array(0..<60), in: data)
    let sums = (0..<60).map { row in svr.exactValue(x.row(row)) }
    var options = ExportOptions()
    options.precision = .double
    let found = Self.run(try model.onnx(options), on: rows)
    for (a, b) in zip(found, model.pipeline.target.inverse(sums)) { #expect(abs(a - b) < 1e-10) }
  }

  @Test(arguments: [false, true]) func soDoesABlend(withTexts: Bool) throws {
    let experiment = try Self.experiment(Self.table(rows: 120, withTexts: withTexts))
    let members = try ["ridge", "forest", "boosting"].map { name in
      let entry = try experiment.run(Self.candidate(name))
      return (entry, try experiment.refit(entry))
    }
    let blend = try #require(experiment.blend(members, size: 10))
    try Self.expectSame(blend.model, tolerance: 1e-12, withTexts: withTexts)
  }

  @Test func aLogarithmIsTakenBack() throws {
    let table = Self.table(rows: 120, withTexts: true)
    let raised = Table(
      columns: table.columns.map { column in
        guard column.name == "y" else { return column }
        return Column(name: "y", values: .numeric(column.numbers.map { exp($0 / 2) }))
      })
    let model = try Self.experiment(raised, .log1p).refit(Self.candidate("boosting"))
    #expect(model.pipeline.target.isLogarithmic)
    try Self.expectSame(model, tolerance: 1e-12, withTexts: true)
  }

  @Test func inputsAreAMatrixOrOneAColumn() throws {
    let numbers = try Self.experiment(Self.table(rows: 120, withTexts: false)).refit(Self.candidate("ridge"))
    let plain = GraphReader(try numbers.onnx())
    #expect(plain.inputs.map(\.name) == ["X"] && plain.inputs[0].columns == 4 && plain.inputs[0].element == 1)
    #expect(plain.outputs.map(\.name) == ["Y"] && plain.outputs[0].element == 1)
    #expect(plain.form == 8 && plain.versions == ["": 17])
    let texts = try Self.experiment(Self.table(rows: 120, withTexts: true)).refit(Self.candidate("forest"))
    let mixed = GraphReader(try texts.onnx())
    #expect(mixed.inputs.map(\.name) == ["a", "kind", "b", "c", "tail"])
    #expect(mixed.inputs.map(\.element) == [1, 8, 1, 1, 1])
    #expect(mixed.form == 10 && mixed.versions == ["": 17, "ai.onnx.ml": 5])
  }

  @Test func aMatrixMayHaveMoreColumns() throws {
    let model = try Self.experiment(Self.table(rows: 120, withTexts: false)).refit(Self.candidate("ridge"))
    var options = ExportOptions()
    options.precision = .double
    options.matrix = .init(count: 6, places: [5, 0, 3, 2])
    let graph = GraphEvaluator(graph: GraphReader(try model.onnx(options)))
    let row = [0.5, -1, 2, 0.25]
    let wide = graph.run(["X": Elements([row[1], 9, row[3], row[2], 9, row[0]], [1, 6])])
    let table = Table(
      columns: zip(["a", "b", "c", "tail"], row).map { Column(name: $0, values: .numeric([$1])) })
    let expected = try model.predict(FeatureColumns(table, features: model.pipeline.features))
    #expect(abs(wide.numbers[0] - expected[0]) < 1e-12)
  }

  @Test func whatHasNoFormIsNamed() throws {
    let experiment = try Self.experiment(Self.table(rows: 120, withTexts: true))
    let several = try Candidate(
      Boosting.self,
      settings: ["loss": .text("quantile"), "quantiles": .text("0.1,0.9"), "maxIterations": .integer(5)])
    #expect(throws: ExportError.quantiles) { try experiment.refit(several).onnx() }
    var options = ExportOptions()
    options.matrix = .init(count: 5, places: [0, 1, 2, 3, 4])
    let model = try experiment.refit(Self.candidate("ridge"))
    #expect(throws: ExportError.matrixOfCategories(feature: "kind")) { try model.onnx(options) }
  }
}

extension Column {
  fileprivate var numbers: [Double] {
    if case .numeric(let numbers) = values { return numbers }
    return []
  }
}

extension SVR {
  /// Σ βᵢ k(x, xᵢ) + b, term by term. The intercept of a linear kernel belongs to rows less their center.
  fileprivate func exactValue(_ x: ArraySlice<Double>) -> Double {
    var tensors = TensorStore()
    encode(into: &tensors)
    let center = (try? tensors.float64("center", shape: [featureCount])) ?? []
    return (0..<supportVectorCount).reduce(intercept) { sum, support in
      let vector = supportVectors.row(support)
      let product = zip(x, vector).reduce(0) { $0 + $1.0 * $1.1 }
      let distance = zip(x, vector).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let value =
        switch parameters.kernel {
        case .linear: zip(zip(x, vector), center).reduce(0) { $0 + ($1.0.0 - $1.1) * ($1.0.1 - $1.1) }
        case .polynomial: pow(gamma * product + parameters.coefficient0, Double(parameters.degree))
        case .rbf: exp(-gamma * distance)
        }
      return sum + dualCoefficients[support] * value
    }
  }
}
