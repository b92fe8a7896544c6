internal import Linalg

/// The pipelines of all folds, fitted to their training parts: once for each form of features, whoever uses them.
internal struct FoldPipelines: Sendable {
  private let dataset: Dataset
  private let folds: Folds
  /// Of each fold.
  private let trainingRows: [TrainingRows]
  private let pipelines: [Preparation: [Result<Pipeline, FitError>]]
  /// Time to fit the encoders, one a fold.
  private let durations: [Preparation.Features: [Duration]]

  init(
    _ dataset: Dataset, _ folds: Folds, for preparations: Set<Preparation>, scale: TargetScale,
    options: PipelineOptions,
    clock: ContinuousClock
  ) {
    let forms = Array(Set(preparations.map(\.features))).sorted { $0.rawValue < $1.rawValue }
    let trainingRows = Parallel.map(folds.count) { dataset.trainingRows(among: folds.trainingRows($0)) }
    let fitted = Parallel.map(folds.count * forms.count) { index in
      let start = clock.now
      let encoders = Pipeline.encoders(
        fitting: dataset, rows: trainingRows[index / forms.count], as: forms[index % forms.count], scale: scale,
        options: options)
      return (encoders: encoders, duration: clock.now - start)
    }
    func ofFolds<Value>(_ form: Preparation.Features, _ value: (Int) -> Value) -> [Value] {
      let place = forms.firstIndex(of: form) ?? 0
      return (0..<folds.count).map { value($0 * forms.count + place) }
    }
    var pipelines: [Preparation: [Result<Pipeline, FitError>]] = [:]
    for preparation in preparations {
      let encoders = ofFolds(preparation.features) { fitted[$0].encoders }
      pipelines[preparation] = encoders.enumerated().map { fold, encoders in
        Result { () throws(FitError) in
          try Pipeline(
            encoders: encoders, fitting: dataset, rows: trainingRows[fold], target: preparation.target,
            scale: scale, options: options)
        }
      }
    }
    self.dataset = dataset
    self.folds = folds
    self.trainingRows = trainingRows
    self.pipelines = pipelines
    durations = Dictionary(uniqueKeysWithValues: forms.map { form in (form, ofFolds(form) { fitted[$0].duration }) })
  }

  func trainingRows(fold: Int) -> TrainingRows { trainingRows[fold] }

  func pipeline(_ preparation: Preparation, fold: Int) throws(FitError) -> Pipeline {
    guard let pipelines = pipelines[preparation] else {
      preconditionFailure("FoldPipelines: not made for \(preparation)")
    }
    return try pipelines[fold].get()
  }

  func duration(_ form: Preparation.Features, fold: Int) -> Duration { durations[form]?[fold] ?? .zero }

  /// All rows in the encoding of the first fold, where every other fold's encoding differs from it by a shift and a factor
  /// for each column only; nil otherwise.
  ///
  /// So it is where all folds see the same levels and missing indicators, give the same shapes to the same features, impute
  /// missing values by the same median, and take the target as it is on its scale.
  func foldedRows(_ preparation: Preparation) -> FoldedRows? {
    guard preparation.features == .linear && preparation.target == .asGiven,
      let pipelines = try? pipelines[preparation]?.map({ try $0.get() }), let first = pipelines.first
    else { return nil }
    let hasMissing = dataset.features.columns.map { $0.contains(where: \.isNaN) }
    var factors: [[Double]] = []
    for pipeline in pipelines {
      var ofFold: [Double] = []
      for index in first.encoders.indices {
        guard
          let columns = first.encoders[index].factors(to: pipeline.encoders[index], hasMissing: hasMissing[index])
        else { return nil }
        ofFold += columns
      }
      factors.append(ofFold)
    }
    return FoldedRows(
      x: first.matrix(of: Array(0..<dataset.rowCount), in: dataset.features),
      y: first.target.forward(dataset.target), weights: dataset.weights, folds: folds, factors: factors)
  }
}

extension FeatureEncoder {
  /// One number a column: times it, and shifted, the column of this encoder is that of the other; nil where it is not.
  fileprivate func factors(to other: FeatureEncoder, hasMissing: Bool) -> [Double]? {
    switch (self, other) {
    case (.numeric(let mine), .numeric(let theirs)):
      guard mine.hasIndicator == theirs.hasIndicator, !hasMissing || mine.median == theirs.median,
        mine.columns.map(\.shape) == theirs.columns.map(\.shape)
      else { return nil }
      let scaled = zip(mine.columns, theirs.columns).map { $0.deviation / $1.deviation }
      return scaled + (mine.hasIndicator ? [1] : [])
    case (.oneHot(let mine), .oneHot(let theirs)):
      // What levels add to the target is another number for a row of the training part.
      return mine == theirs && mine.effects.isEmpty ? Array(repeating: 1, count: mine.width) : nil
    default: return nil
    }
  }
}
