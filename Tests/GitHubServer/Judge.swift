/// Watches whether a client keeps GitHub's rules.
struct Judge {
  private(set) var violations: [String] = []
  private let options: LimitOptions
  private let tolerance: Double
  private var running: [Resource: Int] = [:]
  private var lastSearch = -Double.infinity
  /// Until when a client was told to wait; nil is for everything.
  private var waits: [Resource?: Double] = [:]

  init(_ options: LimitOptions, clock: FastClock) {
    self.options = options
    tolerance = options.tolerance * clock.scale
  }

  mutating func arrived(_ request: WebRequest, at now: Double) {
    let resource = request.resource
    let waited = max(waits[nil] ?? -.infinity, waits[resource] ?? -.infinity)
    if now < waited - tolerance { note("came \(Int(waited - now)) s before the end of a wait it was told of", request) }
    if resource == .search {
      if running[.search, default: 0] > 0 { note("two searches at once", request) }
      if now - lastSearch < options.searchGap - tolerance {
        note("\(now - lastSearch) s after another search, \(options.searchGap) is the least", request)
      }
      lastSearch = now
    }
    if running.values.reduce(0, +) >= 100 { note("more than 100 requests at once", request) }
    if request.header("accept") == nil { note("without an Accept header", request) }
    if request.header("user-agent") == nil { note("without a User-Agent header", request) }
    if request.query.keys.contains(where: { $0.contains("token") }) { note("a token in a URL", request) }
    running[resource, default: 0] += 1
  }

  mutating func left(_ resource: Resource) { running[resource, default: 0] -= 1 }

  /// The client has been told to leave a resource, or everything, alone until a moment.
  mutating func told(toLeave resource: Resource?, until moment: Double) {
    waits[resource] = max(waits[resource] ?? moment, moment)
  }

  private mutating func note(_ what: String, _ request: WebRequest) {
    guard violations.count < 1000 else { return }
    violations.append("\(request.method) \(request.target.prefix(200)): \(what)")
  }
}
