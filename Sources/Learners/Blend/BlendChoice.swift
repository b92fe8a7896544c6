/// What the choice of a blend is made of.
internal struct BlendChoice {
  /// One for each time that rows were dealt into folds.
  let repeats: [Repeat]
  private let size: Int

  /// - Parameter size: models in the blend at most.
  init(_ entries: [Experiment.Entry], _ experiment: Experiment, size: Int) {
    self.size = size
    repeats = experiment.repeats.enumerated().map { repetition, folds in
      Repeat(entries.map { $0.validations[repetition].predictions }, folds, experiment)
    }
  }

  /// Those of the blend: chosen by what was predicted in all folds of all repeats.
  /// - Returns: nil where there are no rows to choose by.
  var weights: BlendWeights? {
    guard repeats.count > 1 else { return repeats[0].weights(for: nil, size: size) }
    let errors = repeats[0].errors.indices.map { model in
      repeats.flatMap { part in part.rows.map { part.errors[model][$0] } }
    }
    let counts = repeats[0].rowWeights.map { weights in repeats.flatMap { part in part.rows.map { weights[$0] } } }
    guard !errors[0].isEmpty else { return nil }
    return BlendWeights(choosingBy: errors, rows: Array(errors[0].indices), rowWeights: counts, size: size)
  }

  /// One set of folds.
  struct Repeat {
    private let folds: Folds
    private let scale: TargetScale
    /// Of each model, on the scale of fitting.
    private let locations: [[Double]]
    let errors: [[Double]]
    /// What each row counts; nil where each counts once.
    let rowWeights: [Double]?
    /// Those that all models have predicted.
    let rows: [Int]

    init(_ predictions: [[Double]], _ folds: Folds, _ experiment: Experiment) {
      let scale = experiment.targetScale.scale
      let targets = experiment.dataset.target.map(scale.forward)
      self.folds = folds
      self.scale = scale
      rowWeights = experiment.dataset.weights
      locations = predictions.map { $0.map { scale.location(of: $0) } }
      errors = locations.map { zip($0, targets).map { $0 - $1 } }
      let errors = errors
      rows = folds.assignments.indices.filter { row in
        folds.assignments[row] >= 0 && errors.allSatisfy { $0[row].isFinite }
      }
    }

    /// - Parameter fold: whose rows must not have a say; nil for the final choice.
    /// - Returns: nil where there are no rows to choose by.
    func weights(for fold: Int?, size: Int) -> BlendWeights? {
      let allowed = rows.filter { row in
        guard let fold else { return true }
        let own = folds.assignments[row]
        return folds.trainsOnThePast ? own < fold : own != fold
      }
      return allowed.isEmpty
        ? nil : BlendWeights(choosingBy: errors, rows: allowed, rowWeights: rowWeights, size: size)
    }

    /// On the target's own scale, NaN for a row that was not predicted.
    func honestPredictions(size: Int) -> [Double] {
      let weights = (0..<folds.count).map { self.weights(for: $0, size: size)?.values }
      var predictions = [Double](repeating: .nan, count: folds.assignments.count)
      for row in rows {
        guard let own = weights[folds.assignments[row]] else { continue }
        predictions[row] = scale.inverse(zip(own, locations).reduce(0) { $0 + $1.0 * $1.1[row] })
      }
      return predictions
    }
  }
}
