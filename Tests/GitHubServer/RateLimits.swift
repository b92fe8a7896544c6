/// The rules that the server enforces and judges. Times are seconds of its own clock.
package struct LimitOptions: Sendable {
  /// Requests (points for GraphQL) per window, with a token.
  package var core = 5000
  package var search = 30
  package var graphql = 5000
  /// The same without a token, which GraphQL does not allow at all.
  package var anonymousCore = 60
  package var anonymousSearch = 10
  package var coreWindow = 3600.0
  package var searchWindow = 60.0
  /// From one search to the next; 0 allows any.
  package var searchGap = 2.0
  /// What a request may come too early, in real seconds: the server cannot see when it was sent.
  package var tolerance = 0.02
  /// Seconds to wait after a secondary limit that does not say how long.
  package var silentWait = 60.0

  package init() {}

  /// No limit is ever reached, and searches may follow at once.
  package static var none: LimitOptions {
    var limits = LimitOptions()
    let unlimited = Int(Int32.max)
    (limits.core, limits.search, limits.graphql) = (unlimited, unlimited, unlimited)
    (limits.anonymousCore, limits.anonymousSearch, limits.searchGap) = (unlimited, unlimited, 0)
    return limits
  }
}

/// The primary limits: how much of each window is used.
struct RateLimits {
  private struct Window {
    var used = 0
    var end = -Double.infinity
  }

  private let options: LimitOptions
  private var windows: [Resource: Window] = [:]

  init(_ options: LimitOptions) { self.options = options }

  private func limit(_ resource: Resource, authorized: Bool) -> Int {
    switch resource {
    case .core: authorized ? options.core : options.anonymousCore
    case .search: authorized ? options.search : options.anonymousSearch
    case .graphql: authorized ? options.graphql : 0
    }
  }

  /// Opens a new window where the last is over.
  mutating func refresh(at now: Double) {
    for resource in Resource.allCases where windows[resource]?.end ?? -.infinity <= now {
      let length = resource == .search ? options.searchWindow : options.coreWindow
      windows[resource] = Window(end: (now + length).rounded(.up))
    }
  }

  func isExhausted(_ resource: Resource, authorized: Bool) -> Bool {
    windows[resource]?.used ?? 0 >= limit(resource, authorized: authorized)
  }

  mutating func use(_ resource: Resource, points: Int) { windows[resource]?.used += points }

  /// Ends what is left of a window, as if others had used the token; it opens again at `end`.
  mutating func exhaust(_ resource: Resource, authorized: Bool, until end: Double) {
    windows[resource] = Window(used: limit(resource, authorized: authorized), end: end.rounded(.up))
  }

  func reset(_ resource: Resource) -> Double { windows[resource]?.end ?? 0 }

  func remaining(_ resource: Resource, authorized: Bool) -> Int {
    max(0, limit(resource, authorized: authorized) - (windows[resource]?.used ?? 0))
  }

  func headers(_ resource: Resource, authorized: Bool) -> [(name: String, value: String)] {
    [
      ("X-RateLimit-Limit", String(limit(resource, authorized: authorized))),
      ("X-RateLimit-Remaining", String(remaining(resource, authorized: authorized))),
      ("X-RateLimit-Used", String(windows[resource]?.used ?? 0)),
      ("X-RateLimit-Reset", String(Int(reset(resource)))), ("X-RateLimit-Resource", resource.rawValue),
    ]
  }

  /// `GET /rate_limit`.
  func overview(authorized: Bool) -> JSONValue {
    func entry(_ resource: Resource) -> JSONValue {
      .object([
        ("limit", .number(limit(resource, authorized: authorized))), ("used", .number(windows[resource]?.used ?? 0)),
        ("remaining", .number(remaining(resource, authorized: authorized))), ("reset", .number(Int(reset(resource)))),
      ])
    }
    return .object([
      ("resources", .object(Resource.allCases.map { ($0.rawValue, entry($0)) })), ("rate", entry(.core)),
    ])
  }
}
