internal import Glibc
internal import Linalg

/// How far off a model is for a row, on average: a small boosted model of the absolute errors that it made out of fold.
///
/// Its features are those of the model, numbers as they are, texts of at most 256 levels, and the prediction itself. It is fitted
/// with the gamma deviance, whose minimum is the mean whatever the size of it: a row of large errors does not outweigh the
/// others. Cost: 60 trees of 8 leaves on at most 20,000 rows.
internal struct Spread: Sendable {
  /// One a feature of the model; nil where it is not looked at.
  let encoders: [NativeEncoder?]
  let learner: Boosting

  static let mostRows = 20_000
  private static let mostLevels = 256
  /// What is nearer to 0, as a share of the mean absolute error, is as near as this.
  private static let least = 1e-3

  static var parameters: Boosting.Parameters {
    var parameters = Boosting.Parameters()
    parameters.loss = .tweedie
    parameters.variancePower = 2
    parameters.maxIterations = 60
    parameters.learningRate = 0.1
    parameters.maxLeaves = 8
    parameters.minSamplesLeaf = 20
    parameters.folds = 0
    return parameters
  }

  init(encoders: [NativeEncoder?], learner: Boosting) {
    (self.encoders, self.learner) = (encoders, learner)
  }

  /// Features as they are seen here.
  static func encoders(of data: FeatureColumns) -> [NativeEncoder?] {
    Parallel.map(data.features.count) { index in
      let levels = data.features[index].levels
      guard levels?.count ?? 0 <= mostLevels else { return nil }
      return NativeEncoder(fitting: data.columns[index], levels: levels)
    }
  }

  /// - Parameters:
  ///   - rows: rows x features, and the location in the last column: what `matrix` makes.
  ///   - errors: absolute, one a row.
  ///   - weights: one a row; nil where each counts once.
  /// - Throws: where nothing can be fitted, as to errors that are all 0.
  init(
    fitting rows: Matrix<Double>, errors: [Double], weights: [Double]? = nil, encoders: [NativeEncoder?],
    seed: UInt64
  ) throws(FitError) {
    let count = weights?.reduce(0, +) ?? Double(errors.count)
    let mean = errors.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * (errors[$1] / count) }
    guard mean > 0, mean.isFinite else { throw .noRows }
    let training = try TrainingSet(
      x: rows, y: errors.map { max($0, Self.least * mean) }, weights: weights,
      kinds: encoders.compactMap { $0?.kind } + [.numeric])
    self.encoders = encoders
    learner = try Boosting(fitting: training, parameters: Self.parameters, seed: seed)
  }

  /// - Parameters:
  ///   - values: rows x features: a number or the index of a level, NaN where missing.
  ///   - locations: predictions on the scale of fitting.
  static func matrix(
    _ encoders: [NativeEncoder?], locations: [Double], value: (_ row: Int, _ feature: Int) -> Double
  ) -> Matrix<Double> {
    let used = encoders.enumerated().compactMap { index, encoder in encoder.map { (index, $0) } }
    return Matrix(rows: locations.count, columns: used.count + 1) { row, column in
      column < used.count ? used[column].1.encode(value(row, used[column].0)) : locations[row]
    }
  }

  /// Above 0, one a row.
  func predict(_ rows: Matrix<Double>) throws(PredictionError) -> [Double] {
    try learner.predict(rows).map { min(max($0, .leastNormalMagnitude), 1e300) }
  }
}
