import ArgumentParser
import Learners

/// Whether a command is to give means or medians.
struct StatisticOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The number to give of what a row may be: a model that was fitted on ln(1 + target) predicts medians; means are above "
        + "them where targets are skewed, and add up to totals. (default: what the model predicts)",
      valueName: "mean|median"))
  var predict: WantedStatistic?

  /// What has to be done with the predictions of a model; nil where nothing has to be.
  func correction(for model: Model) throws -> MeanCorrection? {
    do throws(StatisticError) { return try model.correction(to: predict) } catch {
      let advice =
        switch error {
        case .onlyMeans: "leave out --predict, or fit with --set boosting.loss=absolute"
        case .onlyQuantile: "leave out --predict"
        case .noCorrection: "fit it again, on ten rows or more, or use --predict median"
        }
      throw Failure(.usage, "--predict \(predict?.rawValue ?? ""): \(error): \(advice)")
    }
  }

  /// What the numbers are, for people and in JSON: "mean", "median", "quantile 0.9".
  func statistic(of model: Model) -> String { predict?.rawValue ?? model.statistic.description }
}
