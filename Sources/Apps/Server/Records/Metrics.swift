internal import Glibc
internal import NIOCore
internal import NIOHTTP1

/// What the server counts, as Prometheus reads it (text format 0.0.4).
package final class Metrics: Sendable {
  /// Statuses that are counted by themselves; all others count as 0.
  private static let statuses = [
    200, 202, 204, 303, 304, 400, 401, 403, 404, 405, 408, 413, 414, 415, 421, 422, 429, 431, 500, 501, 502, 503, 504,
    505, 0,
  ]
  /// Upper ends of the histogram's buckets, in nanoseconds.
  private static let bounds = [
    100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
    250_000_000, 1_000_000_000, 5_000_000_000,
  ]

  package enum Counter: Int, CaseIterable {
    case predictions, connectionsRejected, requestsRejected, swaps, refusals, logLinesDropped, malformed
    // What follows goes down too, and is begun anew by a process that takes the place of another one.
    case connections, requestsInFlight, bodyBytes
  }

  /// Patterns of the routes; behind them one for requests of none.
  private let routes: [String]
  private let board: SharedBoard
  /// By model.
  private let turns: [DriftRegion.Turn]

  /// Words that a process needs. Of models whose rows are counted, few are ever written.
  static func size(routes: Int, models: Int) -> Int {
    sizeOfCounters(routes: routes) + models * DriftCounts.wordsOfModel
  }

  private static func sizeOfCounters(routes: Int) -> Int {
    Counter.allCases.count + (routes + 1) * (statuses.count + bounds.count + 2)
  }

  package convenience init(routes: [Route], models: Int = 0) throws(SystemError) {
    try self.init(routes: routes, models: models, slots: 1, slot: 0, descriptor: nil)
  }

  package init(routes: [Route], models: Int, slots: Int, slot: Int, descriptor: Int32?) throws(SystemError) {
    self.routes = routes.map { "\($0.method.rawValue) \($0.pattern)" } + ["none"]
    board = try SharedBoard(
      slots: slots, slot: slot, size: Self.size(routes: routes.count, models: models), descriptor: descriptor)
    turns = (0..<models).map { _ in DriftRegion.Turn() }
    for counter in [Counter.connections, .requestsInFlight, .bodyBytes] { board.set(0, at: counter.rawValue) }
  }

  package func add(_ counter: Counter, _ amount: Int = 1) { board.add(amount, at: counter.rawValue) }

  /// Where the rows that a model predicts are counted.
  /// - Parameter model: its place among the sources.
  package func region(of model: Int) -> DriftRegion {
    DriftRegion(
      board: board, start: Self.sizeOfCounters(routes: routes.count - 1) + model * DriftCounts.wordsOfModel,
      turn: turns[model])
  }

  /// Whether a model was unloaded: one bit a model, for all processes.
  func isWithdrawn(_ model: Int) -> Bool { board[common: model / 62] >> (model % 62) & 1 == 1 }

  func setWithdrawn(_ model: Int, _ isWithdrawn: Bool) {
    let (word, bit) = (model / 62, 1 << (model % 62))
    board[common: word] = isWithdrawn ? board[common: word] | bit : board[common: word] & ~bit
  }

  /// - Parameter route: index of the route, nil where there is none.
  func count(route: Int?, status: Int, nanoseconds: Int) {
    let first = first(route ?? routes.count - 1)
    board.add(1, at: first + (Self.statuses.firstIndex(of: status) ?? Self.statuses.count - 1))
    let bucket = Self.bounds.firstIndex { nanoseconds <= $0 } ?? Self.bounds.count
    board.add(1, at: first + Self.statuses.count + bucket)
    board.add(nanoseconds, at: first + Self.statuses.count + Self.bounds.count + 1)
  }

  private func first(_ route: Int) -> Int {
    Counter.allCases.count + route * (Self.statuses.count + Self.bounds.count + 2)
  }

  // MARK: Text

  /// A model that is served.
  package struct ModelLabel: Sendable {
    package let name: String
    package let version: String
    package let learner: String
    /// Of each feature that is counted.
    let drift: [DriftCounts.Report]
  }

  package func text(_ models: [ModelLabel]) -> String {
    var lines: [String] = []
    describe("learners_requests_total", "counter", "Requests answered, by route and status.", &lines)
    for route in routes.indices {
      for (index, status) in Self.statuses.enumerated() {
        let count = board.sum(at: first(route) + index)
        guard count > 0 else { continue }
        let name = status == 0 ? "other" : String(status)
        lines.append("learners_requests_total{route=\"\(routes[route])\",status=\"\(name)\"} \(count)")
      }
    }
    addHistogram(to: &lines)
    add(.predictions, "learners_predictions_total", "counter", "Rows predicted.", &lines)
    add(.connectionsRejected, "learners_connections_rejected_total", "counter", "Connections beyond the limit.", &lines)
    add(.requestsRejected, "learners_requests_rejected_total", "counter", "Requests beyond a limit.", &lines)
    add(.swaps, "learners_model_swaps_total", "counter", "Models that took another one's place.", &lines)
    add(.refusals, "learners_model_refusals_total", "counter", "Model files that were refused.", &lines)
    add(
      .logLinesDropped, "learners_log_lines_dropped_total", "counter", "Lines that the access log did not take.", &lines
    )
    add(.malformed, "learners_malformed_requests_total", "counter", "What came and was no HTTP.", &lines)
    add(.bodyBytes, "learners_body_bytes", "gauge", "Memory of the bodies of requests in progress.", &lines)
    add(.connections, "learners_connections", "gauge", "Connections now.", &lines)
    add(.requestsInFlight, "learners_requests_in_flight", "gauge", "Requests being answered now.", &lines)
    describe("learners_model_info", "gauge", "Models that are served.", &lines)
    for model in models {
      lines.append(
        "learners_model_info{name=\"\(escaped(model.name))\",version=\"\(model.version)\",learner=\"\(model.learner)\"} 1"
      )
    }
    addDrift(of: models, to: &lines)
    if let bytes = residentBytes() {
      describe("process_resident_memory_bytes", "gauge", "Memory of this process.", &lines)
      lines.append("process_resident_memory_bytes \(bytes)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// As the format wants the values of labels.
  func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  func describe(_ name: String, _ type: String, _ help: String, _ lines: inout [String]) {
    lines.append("# HELP \(name) \(help)")
    lines.append("# TYPE \(name) \(type)")
  }

  private func add(_ counter: Counter, _ name: String, _ type: String, _ help: String, _ lines: inout [String]) {
    describe(name, type, help, &lines)
    lines.append("\(name) \(board.sum(at: counter.rawValue))")
  }

  private func addHistogram(to lines: inout [String]) {
    let name = "learners_request_duration_seconds"
    describe(name, "histogram", "From a request's head to its answer.", &lines)
    for route in routes.indices {
      let first = first(route) + Self.statuses.count
      let counts = (0...Self.bounds.count).map { board.sum(at: first + $0) }
      let total = counts.reduce(0, +)
      guard total > 0 else { continue }
      let label = "route=\"\(routes[route])\""
      var sum = 0
      for (bound, count) in zip(Self.bounds, counts) {
        sum += count
        lines.append("\(name)_bucket{\(label),le=\"\(Double(bound) / 1e9)\"} \(sum)")
      }
      lines.append("\(name)_bucket{\(label),le=\"+Inf\"} \(total)")
      lines.append("\(name)_sum{\(label)} \(Double(board.sum(at: first + Self.bounds.count + 1)) / 1e9)")
      lines.append("\(name)_count{\(label)} \(total)")
    }
  }
}

/// Memory of this process that is in use; nil where the system does not tell.
func residentBytes() -> Int? {
  guard let file = unsafe fopen("/proc/self/statm", "re") else { return nil }
  defer { unsafe fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  guard unsafe fgets(&line, 128, file) != nil else { return nil }
  let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
}
