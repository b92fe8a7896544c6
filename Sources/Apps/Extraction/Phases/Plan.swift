internal import Repositories

/// What an extraction would ask for: slices and requests.
public struct Plan: Sendable {
  public struct Entry: Sendable {
    public let query: String
    public let repositories: Int
    public let requests: Int
    /// The slice would be cut further: its requests are an estimate.
    public let isEstimate: Bool
  }

  public let entries: [Entry]
  public let matching: Int
  /// Requests that made the plan.
  public let spent: Int
  public let searchRequests: Int
  public let detailsRequests: Int
  /// At least, as requests have to be apart.
  public let seconds: Double

  public var repositories: Int { entries.reduce(0) { $0 + $1.repositories } }
}

extension Extractor {
  /// Counts slices as `run` would cut them, without asking for a page of them.
  ///
  /// - Parameter counts: requests that the plan may cost; what is not counted by then is estimated.
  public static func plan(
    client: GitHubClient, settings: Settings, counts: Int = 20
  ) throws(ExtractionError) -> Plan {
    var planner = Planner(client: client, query: try SearchQuery(settings.query), wanted: settings.wanted ?? .max)
    try planner.count(atMost: counts)
    let details =
      settings.asksDetails ? planner.entries.reduce(0) { $0 + $1.repositories }.pages(of: DetailsQuery.largestBatch) : 0
    let searches = planner.entries.reduce(planner.cuts) { $0 + $1.requests }
    return Plan(
      entries: planner.entries, matching: planner.matching, spent: client.requests, searchRequests: searches,
      detailsRequests: details,
      seconds: Double(searches) * client.interval(.search) + Double(details) * client.interval(.graphQL))
  }
}

private struct Planner {
  let client: GitHubClient
  let query: SearchQuery
  var wanted: Int
  var matching = 0
  /// Requests whose only use is to find out that a slice is too large.
  var cuts = 0
  var entries: [Plan.Entry] = []
  private var left: [Part] = []

  /// A slice that GitHub has counted, or whose count follows from those of others.
  private struct Part {
    let slice: Slice
    let count: Int
    var highest: Int?
  }

  init(client: GitHubClient, query: SearchQuery, wanted: Int) {
    self.client = client
    self.query = query
    self.wanted = wanted
  }

  mutating func count(atMost counts: Int) throws(ExtractionError) {
    left = [try counted(query.whole)]
    matching = left[0].count
    if isTooMuch(matching) { cuts = 1 }
    let now = Int(client.now.secondsSince1970)
    while wanted > 0, let part = left.popLast() {
      if isTooMuch(part.count), client.requests < counts,
        let halves = part.slice.halves(count: part.count, highest: part.highest, now: now)
      {
        let upper = try counted(halves.0)
        if isTooMuch(upper.count) { cuts += 1 }
        // The lower half holds what the upper one does not.
        left += [Part(slice: halves.1, count: max(0, part.count - upper.count)), upper]
      } else {
        add(part.slice, part.count)
      }
    }
  }

  private mutating func add(_ slice: Slice, _ count: Int) {
    let repositories = min(count, wanted)
    let isEstimate = isTooMuch(count)
    // Slices that are cut by halves are about two thirds full.
    let requests = isEstimate ? repositories.pages(of: 65) : max(1, repositories.pages(of: 100))
    entries.append(
      .init(query: query.text(for: slice), repositories: repositories, requests: requests, isEstimate: isEstimate))
    wanted -= repositories
  }

  private func isTooMuch(_ count: Int) -> Bool {
    wanted < count ? wanted > Slice.reach : count > Slice.comfortable
  }

  private func counted(_ slice: Slice) throws(ExtractionError) -> Part {
    switch try client.search(query.text(for: slice), perPage: 1) {
    case .content(let page, _): return Part(slice: slice, count: page.total, highest: page.items.first?.stars)
    case .notModified, .tooMuch:
      throw ExtractionError(.unavailable, "GitHub does not count \(slice)", advice: "try again later")
    }
  }
}

extension Int {
  fileprivate func pages(of size: Int) -> Int { (self + size - 1) / size }
}
