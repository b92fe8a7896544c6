internal import Linalg

extension Boosting {
  /// Goes on with the trees of a model, on the same rows or on others.
  ///
  /// On the same rows, with the same seed, the result is that of one fit with so many iterations more, bit for bit. Other
  /// rows are binned anew; the trees so far stay as they are, and the next ones correct what they leave.
  ///
  /// - Parameter training: of the columns that the model was fitted on.
  /// - Parameter iterations: trees at most, beside those there are.
  /// - Throws: `.cannotContinue` for a model that is the mean of several runs or whose end was found on rows left out
  ///   (`folds` was not 0), for one of several quantiles, and for other columns; else as a fit.
  public init(
    continuing model: Boosting, on training: TrainingSet, iterations: Int, seed: UInt64 = 0
  ) throws(FitError) {
    guard model.parameters.quantiles == nil else { throw .cannotContinue(reason: "it predicts several quantiles") }
    guard model.growth.state != nil else {
      throw .cannotContinue(
        reason: "its number of trees was found on rows left out: only one that was fitted with folds=0 goes on")
    }
    guard training.x.columns == model.featureCount else {
      throw .cannotContinue(reason: "it takes \(model.featureCount) columns, there are \(training.x.columns)")
    }
    var parameters = model.parameters
    let (total, isTooMany) = parameters.maxIterations.addingReportingOverflow(iterations)
    parameters.maxIterations = isTooMany || iterations < 1 ? .max : total
    do throws(ParameterError) { try parameters.validate() } catch { throw .parameter(error) }
    let runs = try BoostedRuns(fitting: training, parameters: parameters, seed: seed, continuing: model)
    self.init(runs.assemble(maxIterations: total, behind: model), parameters: parameters)
  }
}
