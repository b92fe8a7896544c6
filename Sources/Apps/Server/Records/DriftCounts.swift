internal import Learners

/// How the features of the rows that were predicted are spread, counted in memory that all processes of a server share.
///
/// A model has a region of its own. Its first word says which content of the model's file the counts are of: those of another
/// one, or of a process that still serves another one, do not count.
struct DriftCounts: Sendable {
  /// Bins of a feature, and one word for rows that are beyond all training rows.
  private static let wordsOfFeature = TrainingShares.mostBins + 1
  static let wordsOfModel = 1 + TrainingShares.mostFeatures * wordsOfFeature
  /// Fewer rows tell nothing of shares.
  static let fewestRows = 100

  private let board: SharedBoard
  private let start: Int
  private let tag: Int
  private let shares: TrainingShares
  private let ranges: TrainingRanges?

  /// - Returns: nil for a model that does not know how its training rows were spread, as of older files.
  init?(_ region: DriftRegion, of model: Model, version: String) {
    guard let shares = model.trainingShares, !shares.features.isEmpty else { return nil }
    board = region.board
    start = region.start
    tag = Int(version.prefix(12), radix: 16).map { $0 + 1 } ?? 1
    self.shares = shares
    ranges = model.trainingRanges
  }

  /// Counts from now on, in this process. A process that takes the place of a dead one goes on with its counts.
  func begin() {
    guard board.own(at: start) != tag else { return }
    for word in 1..<Self.wordsOfModel where board.own(at: start + word) != 0 { board.set(0, at: start + word) }
    board.set(tag, at: start)
  }

  /// - Parameter value: of a feature in a row that is predicted.
  @inline(__always)
  func count(_ value: Double, feature: Int) {
    let first = start + 1 + feature * Self.wordsOfFeature
    board.add(1, at: first + shares.features[feature].bin(of: value))
    if ranges?.isStray(value, feature: feature) ?? false { board.add(1, at: first + TrainingShares.mostBins) }
  }

  /// - Parameter values: rows x features of the model.
  func count(_ values: [Double], featureCount: Int) {
    for feature in shares.features.indices {
      for place in stride(from: feature, to: values.count, by: featureCount) { count(values[place], feature: feature) }
    }
  }

  func count(_ data: FeatureColumns) {
    for feature in shares.features.indices {
      for value in data.columns[feature] { count(value, feature: feature) }
    }
  }

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
  let board: SharedBoard
  let start: Int
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
