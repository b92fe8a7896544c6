import Learners

/// What all fits of a search have in common: in another experiment one of these is another, and no result of one is worth
/// anything in the other.
struct TuneFacts {
  let all: [String: String]

  init(_ job: FitJob, _ options: TuneOptions) {
    let experiment = job.experiment
    let pipeline = experiment.options
    all = [
      "the data's SHA-256": job.source.sha256,
      "the rows as they are read": Self.hash(of: experiment.dataset),
      "the target": experiment.dataset.schema.target,
      "the folds": Self.hash(ofFolds: experiment.folds),
      "--groups": options.groups ?? "none",
      "--time-column": options.timeColumn ?? "none",
      "--weights": options.experiment.weights ?? "none",
      "the seed": String(experiment.seed),
      "the scale of the target": experiment.targetScale.scale.label(of: experiment.dataset.schema.target),
      "--numbers": pipeline.numbers.map { "\($0)" } ?? "auto",
      "--level-rows": String(pipeline.leastLevelRows),
      "--bounds": pipeline.margin.map { "\($0)" } ?? "none",
      "the version of learners": programVersion,
    ]
  }

  /// Columns, their kinds, and all values.
  private static func hash(of dataset: Dataset) -> String {
    var texts = [jsonText(dataset.schema)]
    for column in dataset.features.columns + [dataset.target] {
      texts.append(ContentHash.sha256(of: column))
    }
    return ContentHash.sha256(of: Array(texts.joined(separator: "\n").utf8))
  }

  private static func hash(ofFolds folds: Folds) -> String {
    let hash = ContentHash.sha256(of: Array(folds.assignments.map(String.init).joined(separator: ",").utf8))
    return "\(folds.count) folds \(hash.prefix(8))"
  }
}

extension ContentHash {
  /// Of the numbers' bits, the smallest byte first, as all machines that this runs on have them.
  fileprivate static func sha256(of numbers: [Double]) -> String {
    sha256(of: unsafe numbers.withUnsafeBytes { unsafe [UInt8]($0) })
  }
}
