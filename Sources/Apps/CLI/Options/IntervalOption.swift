import ArgumentParser
import Learners

/// The share of targets that ranges should hold.
struct IntervalOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Give for each row, too, the range that holds this share of the targets of rows like it, such as 0.9.",
      valueName: "share"))
  var interval: Double?

  func validate() throws {
    if let interval, !(interval > 0 && interval < 1) {
      throw ValidationError("--interval \(interval): it is a share between 0 and 1: use 0.9 for nine of ten")
    }
  }

  /// - Throws: `Failure` where the model cannot tell such ranges.
  func ranges(of model: Model, _ data: FeatureColumns, predictions: [Double]) throws -> [ClosedRange<Double>]? {
    guard let interval else { return nil }
    do throws(IntervalError) { return try model.ranges(of: data, predictions: predictions, level: interval) } catch {
      let advice =
        switch error {
        case .none: "fit it again, so that ten rows or more are held out"
        case .invalidLevel: "use 0.9 for nine of ten"
        case .levelTooHigh: "ask for less, or fit it with more rows"
        }
      throw Failure(.usage, "--interval \(interval): \(error): \(advice)")
    }
  }
}
