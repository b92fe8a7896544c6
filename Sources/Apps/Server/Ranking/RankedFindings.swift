internal import Repositories

/// What GitHub says about some repositories, in the order of their predicted stars.
struct RankedFindings {
  struct Entry {
    let record: RepositoryRecord
    /// When GitHub said it, where it could not be asked again.
    let since: Timestamp?
    let predicted: Double
    /// Its row in the predictions.
    let row: Int
  }

  let entries: [Entry]
  let predictions: RowPredictions
  /// Those that nothing is known of, and why.
  let failures: [(name: RepositoryName, why: LookupFailure)]
  let warnings: [RowWarning]

  /// What the model knows and GitHub did not tell.
  var missingFeatures: [String] { warnings.filter { $0.code == .missingFeature }.map(\.feature) }

  /// Blocks the thread while GitHub answers.
  init(_ names: [RepositoryName], _ ranker: Ranker, _ lookup: RepositoryLookup) throws(Problem) {
    var found: [(record: RepositoryRecord, since: Timestamp?)] = []
    var failures: [(name: RepositoryName, why: LookupFailure)] = []
    for (name, finding) in zip(names, lookup.find(names, detailed: ranker.needsDetails)) {
      switch finding {
      case .found(let record, let since): found.append((record, since))
      case .failed(let failure): failures.append((name, failure))
      }
    }
    let predicted = try ranker.predict(found.map(\.record), now: lookup.now)
    predictions = predicted.rows
    entries = descending(predictions.values).map { row in
      Entry(record: found[row].record, since: found[row].since, predicted: predicted.values[row], row: row)
    }
    warnings = predicted.warnings
    self.failures = failures
  }
}

/// Places of numbers, the largest first, the first of equals first.
func descending(_ numbers: [Double]) -> [Int] { numbers.indices.sorted { (-numbers[$0], $0) < (-numbers[$1], $1) } }
