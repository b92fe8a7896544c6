/// What was asked for, what came, and what is missing: per slice and in total.
public struct CompletenessReport: Sendable {
  internal let run: Run
  /// The day of the snapshot, in UTC.
  public let snapshot: String
  public let slices: [SliceReport]
  /// Repositories in the snapshot.
  public let found: Int
  /// Repositories that match the whole search, as GitHub counted first.
  public let matching: Int?
  /// Repositories with details; that GitHub does not show any more; that it failed to tell about.
  public let details: (done: Int, gone: Int, missed: Int)?
  /// Why details are missed, with how many of them.
  public let detailsReasons: [(reason: String, count: Int)]
  /// Sent, by all processes that worked on it, and of these those that found nothing changed.
  public let requests: Int
  public let unchanged: Int
  /// Points of GraphQL.
  public let points: Int

  internal init(_ store: Store, _ run: Run) throws(ExtractionError) {
    self.run = run
    snapshot = run.snapshot
    slices = try store.sliceReports(of: run)
    found = try store.repositoryCount(of: run)
    matching = try store.matching(of: run)
    details = run.request.hasDetails ? try store.detailsCount(of: run) : nil
    detailsReasons = run.request.hasDetails ? try store.missedReasons(of: run) : []
    (requests, unchanged, points) = try store.requests(of: run)
  }

  public var asked: Int { slices.reduce(0) { $0 + $1.asked } }
  public var returned: Int { slices.reduce(0) { $0 + $1.returned } }
  public var duplicates: Int { slices.reduce(0) { $0 + $1.duplicates } }
  /// Repositories, and repositories without their details.
  public var missed: Int { slices.reduce(0) { $0 + $1.missed } + (details?.missed ?? 0) }
}
