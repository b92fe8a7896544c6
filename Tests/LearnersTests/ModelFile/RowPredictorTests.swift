import Learners
import Linalg
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
    #expect(try RowPredictor(model).predictQuantiles(rows).columns == 0)
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
    #expect(try predictor.predictQuantiles(values).elements == model.predictQuantiles(dataset.features).elements)
  }
}
