package import NIOHTTP1

/// Finds the route of a request.
package struct Router: Sendable {
  package enum Match: Sendable {
    case route(Int, Route)
    /// The path exists, with these methods.
    case otherMethod(allowed: String)
    case none
  }

  package let routes: [Route]
  /// Routes without a part in braces, by path.
  private var fixed: [String: [Int]] = [:]
  private var patterns: [(segments: [Segment], routes: [Int])] = []

  private enum Segment: Equatable { case text(String), any }

  package init(_ routes: [Route]) {
    self.routes = routes
    for (index, route) in routes.enumerated() {
      guard route.pattern.contains("{") else {
        fixed[route.pattern, default: []].append(index)
        continue
      }
      let segments = route.pattern.split(separator: "/").map { $0.hasPrefix("{") ? Segment.any : .text(String($0)) }
      if let place = patterns.firstIndex(where: { $0.segments == segments }) {
        patterns[place].routes.append(index)
      } else {
        patterns.append((segments, [index]))
      }
    }
  }

  package func match(_ method: HTTPMethod, _ path: String) -> Match {
    if let candidates = fixed[path] { return choose(method, candidates) }
    guard let parts = WebRequest.segments(of: path) else { return .none }
    for (segments, candidates) in patterns where segments.count == parts.count {
      let fits = zip(segments, parts).allSatisfy { segment, part in segment == .any || segment == .text(part) }
      if fits { return choose(method, candidates) }
    }
    return .none
  }

  /// HEAD is answered as GET is, without the body.
  private func choose(_ method: HTTPMethod, _ candidates: [Int]) -> Match {
    let wanted = method == .HEAD ? .GET : method
    if let index = candidates.first(where: { routes[$0].method == wanted }) { return .route(index, routes[index]) }
    var names = candidates.map { routes[$0].method.rawValue }
    if names.contains("GET") { names.append("HEAD") }
    return .otherMethod(allowed: names.sorted().joined(separator: ", "))
  }
}
