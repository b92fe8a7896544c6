package import Linalg

/// An experiment in pieces, for who spreads it over processes and keeps what comes of them.
extension Experiment {
  /// What the fits of one fold read.
  ///
  /// - Throws: the reason why no candidate with this preparation can be fitted there.
  package func input(_ preparation: Preparation, fold: Int) throws(FitError) -> FoldInput {
    precondition((0..<folds.count).contains(fold), "Experiment: there is no fold \(fold)")
    let alone = folds.alone(fold)
    let clock = ContinuousClock()
    let pipelines = FoldPipelines(
      dataset, alone, for: [preparation], scale: targetScale.scale, options: options, clock: clock)
    do throws(FitError) {
      _ = try pipelines.pipeline(preparation, fold: 0)
      let prepared = PreparedFold(0, of: alone, dataset, pipelines, for: [preparation], clock: clock)
      return try FoldInput(prepared, preparation, pipelines, self).renumbered(fold)
    } catch {
      throw error.counted(in: pipelines.trainingRows(fold: 0).rows)
    }
  }

  /// The figure of out-of-fold predictions that candidates are ranked by, over some of the folds.
  package func figure(
    of predictions: [Double], quantiles: Matrix<Double>?, by ranking: RankingFigure, over parts: Folds
  ) -> Double {
    switch ranking {
    case .r2:
      Scores.r2Transformed(
        predictions: predictions, targets: dataset.target, weights: dataset.weights, folds: parts,
        scale: targetScale.scale)
    default:
      ranking.figure(
        predictions: predictions, quantiles: quantiles, targets: dataset.target, weights: dataset.weights, folds: parts)
    }
  }

  /// The entry of a candidate whose folds were fitted elsewhere.
  package func entry(
    _ candidate: Candidate, _ validation: CrossValidation, trials: [Trial], ranking: RankingFigure
  ) -> Entry {
    let scores = scores(of: [validation], loss: candidate.fittedLoss, levels: ranking.levels)
    return Entry(candidate: candidate, validations: [validation], scores: scores, trials: trials)
  }
}

extension Experiment.Trial {
  package init(_ candidate: Candidate, r2Transformed: Double, figure: Double) {
    self.candidate = candidate
    self.r2Transformed = r2Transformed
    self.figure = figure
  }
}

extension CrossValidation {
  /// Of the outcomes of all folds, in their order.
  package init(_ outcomes: [FoldInput.Outcome], of folds: Folds) {
    precondition(outcomes.count == folds.count, "CrossValidation: \(outcomes.count) outcomes of \(folds.count) folds")
    let parts = outcomes.enumerated().map { fold, outcome in (rows: folds.testRows(fold), outcome: outcome.inside) }
    self.init(
      parts, rowCount: folds.assignments.count, fitDurations: outcomes.map(\.fitDuration),
      predictDurations: outcomes.map(\.predictDuration))
  }
}

extension FoldInput.Outcome {
  /// - Parameter quantiles: rows x levels; no columns for one number a row.
  package init(
    predictions: [Double], quantiles: Matrix<Double>, tellsRowsApart: Bool, unconvergedReason: String?,
    fitSeconds: Double, predictSeconds: Double
  ) {
    self.predictions = predictions
    self.quantiles = quantiles
    self.tellsRowsApart = tellsRowsApart
    self.unconvergedReason = unconvergedReason
    fitDuration = .seconds(fitSeconds)
    predictDuration = .seconds(predictSeconds)
  }

  fileprivate var inside: FoldOutcome {
    FoldOutcome(
      predictions: Predictions(values: predictions, quantiles: quantiles), duration: predictDuration,
      tellsRowsApart: tellsRowsApart,
      convergence: unconvergedReason.map { Convergence(converged: false, iterations: 0, otherwise: $0) }, model: nil)
  }
}

extension FoldInput {
  fileprivate func renumbered(_ fold: Int) -> FoldInput {
    FoldInput(
      fold: fold, trainingRows: trainingRows, testRows: testRows, training: training, test: test,
      trainingTargets: trainingTargets, target: target, groups: groups, kinds: kinds, names: names)
  }
}
