internal import Glibc
internal import Linalg

/// How long a grid will take: its cross-validation, and the fit of the best to all rows with the ranges around its predictions.
public struct Forecast: Sendable, Hashable {
  public let name: String
  public let crossValidationSeconds: Double
  public let refitSeconds: Double
  /// Memory beside the table and its matrices, of folds that are fitted side by side.
  public let bytes: Double
  /// Whether it was measured on few rows; else it is what such learners usually cost.
  public let isMeasured: Bool

  public var seconds: Double { crossValidationSeconds + refitSeconds }

  /// Of what is made without a fit.
  public static func none(of name: String) -> Forecast {
    Forecast(name: name, crossValidationSeconds: 0, refitSeconds: 0, bytes: 0, isMeasured: true)
  }
}

extension Experiment {
  /// What the grid usually costs on a machine of today.
  public func guess(_ grid: CandidateGrid) -> Forecast { Costs(self, grid).forecast(scale: 1, isMeasured: false) }

  /// Measures the grid on few rows, then on twice as many, and so on, and stretches that by the known cost of the learner.
  ///
  /// - Parameters:
  ///   - patience: the share of the grid's own time that measuring may take.
  ///   - limit: seconds that it may take at most, about; where even the fewest rows would take longer, it is a guess.
  public func measure(_ grid: CandidateGrid, patience: Double = 0.02, atMost limit: Double = 2) -> Forecast {
    let costs = Costs(self, grid)
    var probe = Probe(self, grid, costs)
    var forecast = costs.forecast(scale: 1, isMeasured: false)
    while probe.canGoOn && probe.spent + probe.expected <= limit {
      // The first time is worth a measurement; from then on what has been measured is believed.
      guard probe.spent == 0 || probe.spent + probe.expected <= forecast.seconds * patience else { break }
      guard probe.measure(), let measured = probe.forecast else { break }
      forecast = measured
    }
    return forecast
  }
}

/// The known cost of a grid.
private struct Costs {
  let grid: CandidateGrid
  /// Whether all folds are one fit.
  private let sharesFolds: Bool
  private let rows: Int
  private let foldCount: Int
  /// How often rows are dealt into folds.
  private let repeats: Double
  private let columns: Int
  private let preparation: PreparationEffort

  init(_ experiment: Experiment, _ grid: CandidateGrid) {
    rows = experiment.dataset.rowCount
    // What is left to the number of rows is as for all of them, also where few are measured.
    self.grid = CandidateGrid(grid.candidates.map { $0.settled(forRows: experiment.dataset.rowCount) })
    foldCount = experiment.folds.count
    repeats = Double(experiment.repeats.count)
    // One level, one column, but for the rarest of many.
    columns = experiment.dataset.schema.features.reduce(0) { $0 + min($1.levels?.count ?? 1, 100) }
    sharesFolds = Self.sharesFolds(grid)
    preparation = PreparationEffort(
      experiment.dataset, columns: columns, as: grid.candidates[0].preparation.features,
      scale: experiment.targetScale.scale, options: experiment.options)
  }

  /// Rows of a training part of so many rows in all.
  func trainingRows(of rows: Int) -> Int { max(1, rows - rows / foldCount) }

  /// Nanoseconds of one thread for some folds of so many rows in all.
  /// - Parameter share: of the grid's settings.
  func work(rows: Int, folds count: Int, share: Double = 1) -> Double {
    let trainingRows = trainingRows(of: rows)
    let candidates = sharesFolds ? Array(grid.candidates.prefix(1)) : grid.candidates
    let fits = candidates.reduce(0) { $0 + $1.workload(rows: trainingRows, columns: columns).nanoseconds }
    return fits * share * (sharesFolds ? 1 : Double(count))
      + Double(count) * preparation.nanoseconds(rows: trainingRows)
  }

  var fewestTelling: Int { grid.candidates[0].workload(rows: rows, columns: columns).fewestTelling }

  var drift: ClosedRange<Double> { grid.candidates[0].workload(rows: rows, columns: columns).drift }

  /// - Parameter scale: how much longer than usual all takes.
  func forecast(scale: Double, isMeasured: Bool) -> Forecast {
    let seconds = 1e-9 / Double(Parallel.threads)
    let refit =
      grid.candidates[0].workload(rows: rows, columns: columns).nanoseconds + preparation.nanoseconds(rows: rows)
    // What is measured on few rows has no ranges; their fits are too small for several threads.
    let ranges = 1e-9 * IntervalFitting.nanoseconds(rows: rows, columns: columns, folds: foldCount)
    return Forecast(
      name: grid.name, crossValidationSeconds: scale * repeats * work(rows: rows, folds: foldCount) * seconds,
      refitSeconds: scale * refit * seconds + ranges,
      bytes: grid.candidates.reduce(0) { max($0, $1.workload(rows: rows, columns: columns).bytes) }
        * Double(min(Parallel.threads, foldCount)),
      isMeasured: isMeasured)
  }

  /// Whether all folds are one fit.
  private static func sharesFolds(_ grid: CandidateGrid) -> Bool {
    guard let family = grid.learner as? any FoldSharing.Type else { return false }
    return canFitFolds(family, grid.candidates)
  }

  private static func canFitFolds<Family: FoldSharing>(_: Family.Type, _ candidates: [Candidate]) -> Bool {
    Family.canFitFolds(candidates.compactMap { try? Candidate.parameters($0.settings) as Family.Parameters })
  }
}

/// The same comparison on fewer rows, timed.
private struct Probe {
  private let experiment: Experiment
  private let candidates: [Candidate]
  private let costs: Costs
  private let clock = ContinuousClock()
  /// How much longer than usual each measurement took.
  private var scales: [(rows: Int, scale: Double)] = []
  private var lastSeconds = 0.0
  private(set) var spent = 0.0
  private var nextRows: Int

  private static let mostCandidates = 8

  init(_ experiment: Experiment, _ grid: CandidateGrid, _ costs: Costs) {
    self.experiment = experiment
    self.costs = costs
    let rows = experiment.dataset.rowCount
    // Some settings stand for all of a large grid.
    let step = max(1, grid.candidates.count / Self.mostCandidates)
    candidates = stride(from: 0, to: grid.candidates.count, by: step).map { costs.grid.candidates[$0] }
    nextRows = min(max(costs.fewestTelling, rows / 200), rows / 2)
  }

  var canGoOn: Bool { nextRows <= experiment.dataset.rowCount / 2 }

  /// Seconds that the next measurement will take, about.
  var expected: Double { scales.isEmpty ? usual(rows: nextRows) * 1e-9 / Double(Parallel.threads) : lastSeconds * 2.5 }

  /// Nanoseconds of one thread that a measurement with so many rows usually takes.
  private func usual(rows: Int) -> Double {
    let share = Double(candidates.count) / Double(costs.grid.candidates.count)
    return costs.work(rows: rows, folds: foldCount, share: share)
  }

  private var foldCount: Int { min(Parallel.threads, experiment.folds.count) }

  /// Nil before the first measurement.
  var forecast: Forecast? {
    guard let last = scales.last else { return nil }
    var scale = last.scale
    if scales.count > 1 {
      // Where the cost grows otherwise than it is known to, so it goes on, within reason.
      let before = scales[scales.count - 2]
      let drift = log2(last.scale / before.scale) / log2(Double(last.rows) / Double(before.rows))
      let kept = min(max(drift, costs.drift.lowerBound), costs.drift.upperBound)
      scale *= exp2(kept * log2(Double(experiment.dataset.rowCount) / Double(last.rows)))
    }
    return costs.forecast(scale: scale, isMeasured: true)
  }

  /// - Returns: false where so few rows cannot be fitted.
  mutating func measure() -> Bool {
    guard let few = experiment.sample(rows: nextRows, folds: foldCount) else { return false }
    let start = clock.now
    let outcome = few.run([CandidateGrid(candidates)]).outcomes[0]
    lastSeconds = (clock.now - start).inSeconds
    spent += lastSeconds
    guard case .success = outcome else { return false }
    let scale = lastSeconds * Double(Parallel.threads) * 1e9 / usual(rows: nextRows)
    // What takes much longer than half as many rows made likely was kept waiting by something else.
    let likely = scales.last.map { $0.scale * exp2(costs.drift.upperBound) } ?? .infinity
    scales.append((nextRows, min(scale, likely)))
    nextRows *= 2
    return true
  }
}

extension Experiment {
  /// The experiment on some of its rows, of which so many folds are held out, each as large a share as in the whole.
  ///
  /// - Returns: nil where the targets of these rows are all equal.
  fileprivate func sample(rows: Int, folds count: Int) -> Experiment? {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("forecast"))
    let chosen = random.permutation(dataset.rowCount).prefix(rows).sorted()
    let few = Dataset(dataset, rows: chosen)
    guard let first = few.target.first, few.target.contains(where: { $0 != first }) else { return nil }
    let assignments = chosen.indices.map { $0 % folds.count < count ? $0 % folds.count : -1 }
    guard let parts = try? Folds(assignments: assignments, rows: chosen.count) else { return nil }
    return Experiment(dataset: few, folds: parts, targetTransform: targetTransform, options: options, seed: seed)
  }
}

extension Duration {
  fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
