internal import Repositories

/// What GitHub says about some repositories, in the order of their predicted stars.
struct RankedFindings {
  struct Entry {
    let record: RepositoryRecord
    /// When GitHub said it, where it could not be asked again.
    let since: Timestamp?
    let predicted: Double
    /// Its row in the quantiles.
    let row: Int
  }

  let entries: [Entry]
  let quantiles: RowQuantiles?
  /// Those that nothing is known of, and why.
  let failures: [(name: RepositoryName, why: LookupFailure)]
  /// What the model knows and GitHub did not tell.
  let missingFeatures: [String]

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
    let (stars, quantiles, missing) = try ranker.predict(found.map(\.record), now: lookup.now)
    entries = descending(stars).map { row in
      Entry(record: found[row].record, since: found[row].since, predicted: stars[row], row: row)
    }
    self.quantiles = quantiles
    self.failures = failures
    missingFeatures = missing
  }
}

/// Places of numbers, the largest first, the first of equals first.
func descending(_ numbers: [Double]) -> [Int] { numbers.indices.sorted { (-numbers[$0], $0) < (-numbers[$1], $1) } }
