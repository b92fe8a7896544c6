import Learners
import Linalg
import Synchronization
import Testing

@Suite struct RowPredictorTests {
  /// Rows that were given one after the other are predicted as those of a table are, missing values and unknown levels
  /// included.
  @Test(arguments: Registry.learners.map { $0.name })
  func predictsTheBitsOfTheModel(name: String) throws {
    let dataset = try TestDataset.mixed(rows: 120)
    let candidate = try Candidate(#require(Registry.learner(named: name)))
    let model = try candidate.fit(dataset, rows: Array(0..<120), targetTransform: .auto, seed: 0)
    var columns = dataset.features.columns
    let kind = try #require(dataset.schema.features.firstIndex { $0.levels != nil })
    columns[kind][7] = Double(dataset.schema.features[kind].levels?.count ?? 0)
    let features = FeatureColumns(features: dataset.schema.features, columns: columns, rowCount: 120)
    let rows = (0..<120).flatMap { row in columns.map { $0[row] } }
    let expected = try model.predict(features)
    #expect(try RowPredictor(model).predict(rows).map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(try RowPredictor(model).predict([]).isEmpty)
    #expect(try RowPredictor(model).predictions(of: rows).quantiles.columns == 0)
  }

  @Test func predictsTheQuantilesOfTheModel() throws {
    let dataset = try TestDataset.mixed(rows: 120)
    let rows = Array(0..<120)
    var parameters = Boosting.Parameters()
    parameters.loss = .quantile
    parameters.quantiles = QuantileLevels([0.2, 0.5, 0.7])
    parameters.maxIterations = 10
    let pipeline = try Pipeline(fitting: dataset, rows: rows, for: Boosting.preparation, targetTransform: .none)
    let learner = try Boosting(fitting: pipeline.trainingSet(of: rows, in: dataset), parameters: parameters)
    let model = Model(pipeline: pipeline, learner: learner, target: "target")
    let values = rows.flatMap { row in dataset.features.columns.map { $0[row] } }
    let predictor = RowPredictor(model)
    #expect(predictor.quantileLevels == [0.2, 0.5, 0.7])
    let found = try predictor.predictions(of: values)
    #expect(found.quantiles.elements == (try model.predictQuantiles(dataset.features).elements))
    #expect(found.values == (try model.predict(dataset.features)))
    #expect(try predictor.predict(values) == found.values)
  }

  /// Predictions and quantiles come from one walk through the model, with a table too.
  @Test func asksTheLearnerOnce() throws {
    let dataset = try TestDataset.mixed(rows: 20)
    let rows = Array(0..<20)
    let pipeline = try Pipeline(fitting: dataset, rows: rows, for: Counting.preparation, targetTransform: .none)
    let learner = try Counting(fitting: pipeline.trainingSet(of: rows, in: dataset), parameters: .init(), seed: 0)
    let model = Model(pipeline: pipeline, learner: learner, target: "target")
    let values = rows.flatMap { row in dataset.features.columns.map { $0[row] } }
    let found = try RowPredictor(model).predictions(of: values)
    #expect(learner.calls.load(ordering: .relaxed) == 1)
    #expect(found.values == found.quantiles.column(1))
    _ = try model.predictions(of: dataset.features)
    #expect(learner.calls.load(ordering: .relaxed) == 2)
  }
}

/// Predicts a constant and how often it was asked.
private final class Counting: QuantileRegressor {
  typealias Parameters = Mean.Parameters

  static let name = "counting"
  static var preparation: Preparation { Mean.preparation }

  let parameters: Parameters
  let featureCount: Int
  let calls = Atomic<Int>(0)
  let quantileLevels = [0.25, 0.5]
  let predictedLevel = 1

  init(fitting training: TrainingSet, parameters: Parameters, seed: UInt64) throws(FitError) {
    self.parameters = parameters
    featureCount = training.x.columns
  }

  func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] { try predictQuantiles(x).column(1) }

  func predictQuantiles(_ x: Matrix<Double>) throws(PredictionError) -> Matrix<Double> {
    calls.add(1, ordering: .relaxed)
    return Matrix(rows: x.rows, columns: 2, elements: (0..<x.rows * 2).map { Double($0 % 2) })
  }

  func encode(into tensors: inout TensorStore) {}

  init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    self.parameters = parameters
    self.featureCount = featureCount
  }
}
