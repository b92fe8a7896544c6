import Learners

/// In which order grids are run, and how long that will take.
struct FitSchedule {
  /// One a grid, in their order.
  let forecasts: [Forecast]
  /// Places of grids that are run side by side, the cheap ones first; one stage after another.
  let stages: [[Int]]
  /// Whether a person wants to know how long each will take.
  let isLong: Bool
  /// What there is to say before it begins; nil where it is a matter of a moment.
  let summary: String?

  /// Seconds: below, nothing is measured and nothing said.
  private static let moment = 1.0
  /// Seconds: above, one grid is run after the other, so that those that are done can be kept.
  private static let lengthy = 10.0
  /// Bytes that are worth a word.
  private static let muchMemory = 5e8
  /// Seconds: a grid that costs less is not measured.
  private static let trifle = 0.2

  /// - Parameter budget: seconds that are there; nil where there is no end. A tenth of them may go into measuring.
  init(_ experiment: Experiment, _ grids: [CandidateGrid], budget: Double?, _ progress: Progress) {
    let guesses = grids.map { experiment.guess($0) }
    let guessed = guesses.reduce(0) { $0 + $1.seconds }
    let cheapFirst = grids.indices.sorted { (guesses[$0].seconds, $0) < (guesses[$1].seconds, $1) }
    guard guessed >= Self.moment || budget != nil else {
      (forecasts, stages, isLong, summary) = (guesses, [cheapFirst], false, nil)
      return
    }
    let forecasts = zip(grids, guesses).map { grid, guess -> Forecast in
      guard guess.seconds >= Self.trifle else { return guess }
      progress.begin("measuring \(grid.name)")
      return experiment.measure(grid, atMost: min(2, budget.map { 0.1 * $0 / Double(grids.count) } ?? 2))
    }
    let total = forecasts.reduce(0) { $0 + $1.seconds }
    let order = grids.indices.sorted { (forecasts[$0].seconds, $0) < (forecasts[$1].seconds, $1) }
    isLong = total >= Self.lengthy
    self.forecasts = forecasts
    stages = isLong || budget != nil ? order.map { [$0] } : [order]
    let each = order.map { place -> String in
      let forecast = forecasts[place]
      let memory = forecast.bytes < Self.muchMemory ? "" : " and \((forecast.bytes / 1e9).significant(2)) GB"
      return "\(forecast.name) \(TimeSpan(forecast.seconds).rounded)\(memory)"
    }
    summary = "this will take \(TimeSpan(total).about): \(each.joined(separator: ", "))"
  }
}
