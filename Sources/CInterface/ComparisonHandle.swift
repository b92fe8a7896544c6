internal import CLearners
internal import Learners
internal import Linalg
internal import Synchronization

/// What came of a comparison.
internal final class ComparisonHandle: Sendable {
  struct Entry: Sendable {
    let entry: Experiment.Entry
    let model: ModelHandle

    var name: String { entry.candidate.name }

    /// One of the models of the folds; nil for a model that was fitted on all rows, and for a blend.
    var bagged: Model? {
      name == Blend.name ? nil : (model.model.learner as? Blend)?.members.first?.model
    }
  }

  let dataset: Dataset
  let tableRowCount: Int
  let folds: Folds
  /// How often rows were dealt into folds.
  let repeats: Int
  /// In the order asked for.
  let entries: [Entry]
  let best: Int
  let ranking: RankingFigure
  let scale: String
  let scaleReason: String
  let leftOut: [(name: String, reason: String)]
  let warnings: [String]

  /// Cross-validates all grids and fits the best setting of each on all rows; one that cannot be fitted is left out.
  /// - Throws: `Refusal` where none can, `FitError.cancelled`.
  /// - Parameter blends: whether a blend of them is one of the models.
  init(
    _ experiment: Experiment, _ grids: [CandidateGrid], blends: Bool, tableRowCount: Int, stage: Stage
  ) throws {
    dataset = experiment.dataset
    (folds, repeats) = (experiment.folds, experiment.repeats.count)
    self.tableRowCount = tableRowCount
    warnings = DatasetReview(dataset).warnings + dataset.kinWarnings
    scale = experiment.targetScale.scale.label(of: dataset.schema.target)
    scaleReason = experiment.targetScale.reason
    let steps = grids.reduce(grids.count) { $0 + experiment.foldSteps(of: $1) }
    let done = Atomic<Int>(0)
    var planner = Planner(experiment, grids)
    stage.tell(grids.map(\.name).joined(separator: ", "), fraction: 0)
    let outcomes = planner.run(
      Array(grids.indices),
      onFold: { name in
        stage.tell(name, fraction: Double(done.add(1, ordering: .relaxed).newValue) / Double(steps))
      }, shouldStop: { Cancellation.isRequested })
    guard !Cancellation.isRequested else { throw FitError.cancelled }
    let finish = Finish(experiment)
    var fitted: [Finished] = []
    var leftOut: [(name: String, reason: String)] = []
    for (grid, outcome) in zip(grids, outcomes) {
      do {
        stage.tell(grid.name, fraction: Double(done.add(1, ordering: .relaxed).newValue) / Double(steps))
        let entry = try outcome.get()
        fitted.append((entry, try finish.handle(try experiment.bag(entry) ?? experiment.refit(entry), entry)))
      } catch FitError.cancelled {
        throw FitError.cancelled
      } catch {
        leftOut.append((grid.name, Self.reason(error)))
      }
    }
    guard !fitted.isEmpty else {
      let reasons = leftOut.map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
      throw Refusal(LEARNERS_BAD_DATA, "no model could be fitted: \(reasons)")
    }
    self.leftOut = leftOut
    ranking = Experiment.ranking(of: fitted.map { CandidateGrid($0.entry.candidate) })
    if blends && ranking == .r2 { fitted += try finish.blend(of: fitted) }
    let winner = Experiment.best(of: fitted.map(\.entry), by: ranking)?.candidate.name
    best = fitted.firstIndex { $0.entry.candidate.name == winner } ?? 0
    entries = fitted.map { Entry(entry: $0.entry, model: $0.model) }
  }

  private static func reason(_ error: any Error) -> String {
    guard let failure = error as? CrossValidation.Failure else { return "on all rows: \(error)" }
    switch failure {
    case .fit(let error, let fold): return "fold \(fold): \(error)"
    case .prediction(let error, let fold): return "fold \(fold): \(error)"
    case .stopped: return "it was stopped"
    }
  }

  func entry(_ place: Int64) throws -> Entry {
    guard entries.indices.contains(Int(clamping: place)) else {
      throw Refusal(LEARNERS_BAD_ARGUMENT, "place \(place): there are models 0 to \(entries.count - 1)")
    }
    return entries[Int(place)]
  }
}

/// A model that was cross-validated and fitted on all rows.
private typealias Finished = (entry: Experiment.Entry, model: ModelHandle)

/// Makes models of a comparison complete.
private struct Finish {
  let experiment: Experiment
  private let hash: String

  init(_ experiment: Experiment) {
    self.experiment = experiment
    hash = experiment.dataset.contentHash
  }

  func handle(_ model: Model, _ entry: Experiment.Entry) throws -> ModelHandle {
    try ModelHandle(
      model, of: experiment.dataset, scores: entry.scores, seed: experiment.seed, dataHash: hash,
      notes: experiment.dataset.notes)
  }

  /// A blend of them; none where they cannot be blended.
  func blend(of members: [Finished]) throws -> [Finished] {
    let size = Blend.Parameters().size
    guard let (entry, model) = experiment.blend(members.map { ($0.entry, $0.model.model) }, size: size) else {
      return []
    }
    return [(entry, try handle(model, entry))]
  }
}

extension [Duration] {
  internal var meanSeconds: Double {
    reduce(0) { $0 + Double($1.components.seconds) + Double($1.components.attoseconds) * 1e-18 } / Double(count)
  }
}
