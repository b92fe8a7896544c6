internal import Learners
internal import Synchronization

/// How the features of the rows that were predicted are spread, counted in memory that all processes of a server share.
///
/// A model has a region of its own. Its first word says which content of the model's file the counts are of: those of another
/// one, or of a process that still serves another one, do not count.
final class DriftCounts: Sendable {
  /// Bins of a feature, and one word for rows that are beyond all training rows.
  private static let wordsOfFeature = TrainingShares.mostBins + 1
  static let wordsOfModel = 1 + TrainingShares.mostFeatures * wordsOfFeature
  /// Fewer rows tell nothing of shares.
  static let fewestRows = 100

  private let board: SharedBoard
  private let start: Int
  private let tag: Int
  private let turn: DriftRegion.Turn
  private let shares: TrainingShares
  private let limits: StrayLimits?
  /// Of the bins of each number, one feature behind the other: beside each other, since every row asks for all of them.
  private let edges: [Double]
  private static let edgesOfFeature = TrainingShares.mostBins - 2

  /// - Returns: nil for a model that does not know how its training rows were spread, as of older files.
  init?(_ region: DriftRegion, of model: Model, version: String) {
    guard let shares = model.trainingShares, !shares.features.isEmpty else { return nil }
    board = region.board
    start = region.start
    turn = region.turn
    tag = Int(version.prefix(12), radix: 16).map { $0 + 1 } ?? 1
    self.shares = shares
    edges = shares.features.flatMap { feature in
      feature.edges + repeatElement(.infinity, count: Self.edgesOfFeature - feature.edges.count)
    }
    limits = model.trainingRanges.map(StrayLimits.init)
  }

  /// Counts from now on, in this process, and who counted here before does not. A process that takes the place of a dead one
  /// goes on with its counts.
  func begin() {
    turn.mutex.withLock { _ in
      guard board.own(at: start) != tag else { return }
      for word in 1..<Self.wordsOfModel where board.own(at: start + word) != 0 { board.set(0, at: start + word) }
      board.set(tag, at: start)
    }
  }

  @inline(__always)
  private func count(_ value: Double, feature: Int) {
    let first = start + 1 + feature * Self.wordsOfFeature
    board.addAlone(1, at: first + bin(of: value, feature: feature))
    if limits?.isStray(value, feature: feature) ?? false { board.addAlone(1, at: first + TrainingShares.mostBins) }
  }

  @inline(__always)
  private func bin(of value: Double, feature: Int) -> Int {
    let first = feature * Self.edgesOfFeature
    guard edges[first].isFinite, value.isFinite else { return shares.features[feature].bin(of: value) }
    return (first..<first + Self.edgesOfFeature).reduce(0) { $0 + (edges[$1] <= value ? 1 : 0) }
  }

  /// - Parameter values: rows x features of the model.
  func count(_ values: [Double], featureCount: Int) {
    count(rows: values.count / featureCount) { row, feature in values[row * featureCount + feature] }
  }

  func count(_ data: FeatureColumns) {
    count(rows: data.rowCount) { row, feature in data.columns[feature][row] }
  }

  /// Of many numbers some at a time, so that a thread with a single row has not to wait for long.
  @inline(__always)
  private func count(rows: Int, _ value: (_ row: Int, _ feature: Int) -> Double) {
    let rowsOfTurn = max(1, Self.numbersOfTurn / shares.features.count)
    for first in stride(from: 0, to: rows, by: rowsOfTurn) {
      turn.mutex.withLock { _ in
        guard board.own(at: start) == tag else { return }
        for feature in shares.features.indices {
          for row in first..<min(first + rowsOfTurn, rows) { count(value(row, feature), feature: feature) }
        }
      }
    }
  }

  private static let numbersOfTurn = 4_096

  /// What was counted of one feature, in all processes.
  struct Report: Sendable {
    let feature: String
    let rows: Int
    /// Rows farther out than any training row.
    let beyond: Int
    /// `TrainingShares.stabilityIndex`; nil for too few rows.
    let stability: Double?
  }

  func reports(of features: [Feature]) -> [Report] {
    shares.features.indices.map { feature in
      let first = start + 1 + feature * Self.wordsOfFeature
      func sum(_ index: Int) -> Int { board.sum(at: first + index, where: start, is: tag) }
      let counts = shares.features[feature].counts.indices.map(sum)
      let rows = counts.reduce(0, +)
      return Report(
        feature: features[feature].name, rows: rows, beyond: sum(TrainingShares.mostBins),
        stability: rows < Self.fewestRows ? nil : shares.stabilityIndex(of: counts, feature: feature))
    }
  }
}

/// Where a model's counts are.
package struct DriftRegion: Sendable {
  /// Held by whoever writes the counts of a place in this process: a model, or the one that takes its place.
  final class Turn: Sendable {
    let mutex = Mutex(())
  }

  let board: SharedBoard
  let start: Int
  let turn: Turn
}

extension Metrics {
  /// Of each model how far the rows that are predicted are from those that it was fitted on.
  func addDrift(of models: [ModelLabel], to lines: inout [String]) {
    func add(_ name: String, _ type: String, _ help: String, _ value: (DriftCounts.Report) -> String?) {
      describe(name, type, help, &lines)
      for model in models {
        for report in model.drift {
          guard let value = value(report) else { continue }
          lines.append(
            "\(name){model=\"\(escaped(model.name))\",feature=\"\(escaped(report.feature))\"} \(value)")
        }
      }
    }
    add(
      "learners_feature_stability_index", "gauge",
      "Population stability index of the rows predicted since the model was loaded, against its training rows."
    ) { $0.stability.map { "\($0)" } }
    add(
      "learners_rows_beyond_training_total", "counter",
      "Rows predicted with a number far beyond those of all training rows."
    ) { $0.rows > 0 ? "\($0.beyond)" : nil }
  }
}
