import Learners
import Synchronization

/// Tells how far the cross-validation of some grids is, and of one that takes long how much time is left.
final class StageProgress: Sendable {
  private let remaining: Mutex<[String: Int]>
  private let steps: Int
  private let folds: Int
  private let forecast: Forecast?
  private let progress: Progress
  private let start = ContinuousClock.now

  /// Seconds: a fold that takes so long is worth a line.
  private static let worthALine = 3.0

  /// - Parameter forecast: of the one grid, where it takes long.
  init(_ grids: [(name: String, steps: Int)], forecast: Forecast?, folds: Int, _ progress: Progress) {
    remaining = Mutex(Dictionary(uniqueKeysWithValues: grids))
    steps = grids.reduce(0) { $0 + $1.steps }
    self.folds = folds
    self.forecast = forecast
    self.progress = progress
    let names = grids.map(\.name).joined(separator: ", ")
    guard let forecast else {
      progress.begin(names)
      return
    }
    progress.begin(names, secondsLeft: forecast.seconds)
    progress.finished("\(names): \(TimeSpan(forecast.seconds).about)")
  }

  func foldIsDone(of name: String) {
    progress.advance()
    let left = remaining.withLock { remaining in
      remaining[name, default: 0] -= 1
      return remaining[name, default: 0]
    }
    guard left > 0 else { return progress.finished("\(name): \(counted(folds, "fold")) done") }
    guard let forecast else { return }
    let done = steps - left
    let spent = (ContinuousClock.now - start).seconds
    // What has been seen is believed the more, the more of it there is.
    let share = Double(done) / Double(steps)
    let trust = share.squareRoot()
    let whole = trust * spent / share + (1 - trust) * forecast.crossValidationSeconds
    let refit = forecast.refitSeconds * whole / max(forecast.crossValidationSeconds, 1e-9)
    let secondsLeft = whole * (1 - share) + refit
    progress.expect(secondsLeft: secondsLeft)
    if spent / Double(done) >= Self.worthALine {
      progress.finished("\(name): \(done) of \(counted(steps, "fold")) done, \(TimeSpan(secondsLeft).about) left")
    }
  }
}
