internal import Repositories

/// Carries out an extraction: from where an earlier one stopped to the completeness report.
public final class Extractor {
  public struct Settings: Sendable {
    public var query = "stars:>=50"
    /// How many repositories, those with the most stars; nil for all that match.
    public var wanted: Int? = 1_000
    public var asksDetails = false
    /// Begins anew where a run is complete, asking only for what has changed.
    public var refreshes = false
    /// What is missing is no reason not to be done.
    public var acceptsMissing = false

    public init() {}
  }

  internal let store: Store
  internal let client: GitHubClient
  internal let settings: Settings
  internal let query: SearchQuery
  internal weak let observer: (any ExtractionObserver)?
  private let api: String
  /// What of the client's counts is in the store.
  private var spent = (requests: 0, unchanged: 0)

  /// - Throws: `ExtractionError` for a query that cannot be cut into slices, and for details without a token.
  public init(
    store: Store, client: GitHubClient, settings: Settings, observer: (any ExtractionObserver)?
  ) throws(ExtractionError) {
    query = try SearchQuery(settings.query)
    try Self.check(settings, client)
    self.store = store
    self.client = client
    self.settings = settings
    self.observer = observer
    api = client.settings.api
  }

  /// Finds out whether there is anything to ask, before a store is made.
  /// - Throws: `ExtractionError` for a query that cannot be cut into slices, and for details without a token.
  public static func check(_ settings: Settings, _ client: GitHubClient) throws(ExtractionError) {
    _ = try SearchQuery(settings.query)
    guard !settings.asksDetails || client.hasToken else {
      throw ExtractionError(
        .usage, "--details graphql: GitHub's GraphQL wants a token", advice: "give one with --token-file")
    }
  }

  /// Extracts what is not in the store yet.
  ///
  /// A run that is complete and of today is left as it is, unless it is to be refreshed.
  /// - Throws: `ExtractionError`; what was stored before is kept, and the same call goes on from there.
  public func run() throws(ExtractionError) -> CompletenessReport {
    let run = try beginning()
    if !run.isFinished {
      do { try proceed(run) } catch {
        // What was sent until then was sent.
        try? account(for: run)
        throw error
      }
    }
    let report = try CompletenessReport(store, run)
    if !run.isFinished && (report.missed == 0 || settings.acceptsMissing) { try store.finish(run, at: client.now) }
    return report
  }

  private func proceed(_ run: Run) throws(ExtractionError) {
    var search = try SearchPhase(self, run)
    try search.proceed()
    if let wanted = settings.wanted { try store.trim(run, to: wanted) }
    if settings.asksDetails {
      var details = try DetailsPhase(self, run)
      try details.proceed()
    }
    try account(for: run)
  }

  /// Writes the repositories of the report as one JSON array, in pieces, each as GitHub wrote it.
  /// - Throws: what `sink` throws, and `ExtractionError`.
  public func writeJSON(of report: CompletenessReport, to sink: (ArraySlice<UInt8>) throws -> Void) throws {
    try store.writeJSON(of: report.run, to: sink)
  }

  private func beginning() throws(ExtractionError) -> Run {
    let request = RunRequest(
      api: api, query: settings.query, wanted: settings.wanted, hasDetails: settings.asksDetails)
    let today = client.now.description.prefix(10)
    let latest = try store.latestRun(request)
    if let latest, try isToBeContinued(latest) {
      observer?.notes("going on with the extraction of \(latest.snapshot) in \(store.path)")
      try store.reopenIncomplete(latest)
      return latest
    }
    if let latest, latest.isFinished, !settings.refreshes, latest.snapshot == today {
      observer?.notes("the extraction of today is complete: --refresh asks for what has changed since")
      // Of several commands the store is read as the last one left it.
      try store.touch(latest, at: client.now)
      return latest
    }
    var slices = [(slice: query.whole, query: query.text(for: query.whole))]
    if let latest, settings.refreshes { slices = try store.leaves(of: latest) }
    return try store.begin(request, slices: slices, refreshes: settings.refreshes, at: client.now)
  }

  /// Whether an interrupted run goes on. One of an earlier day would put today's stars under its date: it does only until
  /// the day after, if it has any repositories and is not to be refreshed.
  private func isToBeContinued(_ run: Run) throws(ExtractionError) -> Bool {
    guard !run.isFinished else { return false }
    let today = client.now.description.prefix(10)
    let yesterday = client.now.adding(-86_400).description.prefix(10)
    if run.snapshot == today { return true }
    guard run.snapshot == yesterday, !settings.refreshes else { return false }
    return try store.repositoryCount(of: run) > 0
  }

  /// Adds what the client has sent since the last call to the costs of the run.
  internal func account(for run: Run, points: Int = 0) throws(ExtractionError) {
    try store.spend(
      run, requests: client.requests - spent.requests, unchanged: client.unchanged - spent.unchanged, points: points)
    spent = (client.requests, client.unchanged)
  }
}
