internal import FoundationEssentials
internal import LoopbackServer
internal import NIOCore
internal import NIOHTTP1
internal import Repositories
internal import Synchronization

package struct ServerOptions: Sendable {
  package var population = PopulationOptions()
  package var limits = LimitOptions()
  package var faults = FaultPlan()
  /// The only token that is accepted; nil: any.
  package var token: String?
  /// Seconds of the server's clock in a real second.
  package var clockScale = 1.0
  /// Real time from a request to its answer.
  package var latency = Duration.zero
  package var compresses = false
  package var port = 0

  package init() {}
}

/// Behaves like GitHub's API towards a client, on 127.0.0.1, with made-up repositories and planned faults, and watches
/// whether the client keeps GitHub's rules.
package final class GitHubServer: Sendable {
  package let clock: FastClock
  private let server: LoopbackServer
  private let desk: SharedDesk

  package init(_ options: ServerOptions) throws {
    let clock = FastClock(scale: options.clockScale, epoch: Date.now.timeIntervalSince1970)
    let desk = SharedDesk(RequestDesk(options, clock: clock))
    self.clock = clock
    self.desk = desk
    let conduct = Conduct(latency: options.latency, compresses: options.compresses)
    server = try LoopbackServer(port: options.port) { channel in
      try channel.pipeline.syncOperations.configureHTTPServerPipeline()
      try channel.pipeline.syncOperations.addHandler(ConnectionHandler(desk, conduct))
    }
  }

  /// Without a slash at the end, for `--api`.
  package var url: String { server.url }

  package var report: ServerReport { desk.report }

  /// Ends all connections.
  package func stop() throws { try server.stop() }

  package func waitUntilClosed() throws { try server.waitUntilClosed() }
}

/// The desk for several connections.
final class SharedDesk: Sendable {
  private let desk: Mutex<RequestDesk>

  init(_ desk: RequestDesk) { self.desk = Mutex(desk) }

  var report: ServerReport { desk.withLock { $0.report } }

  func arrived(_ request: WebRequest) -> (WebAnswer, RequestDesk.Ticket) { desk.withLock { $0.arrived(request) } }

  func left(_ ticket: RequestDesk.Ticket) { desk.withLock { $0.left(ticket) } }
}

/// How answers are brought.
struct Conduct: Sendable {
  let latency: Duration
  let compresses: Bool
}

extension ServerReport {
  var json: [UInt8] { Array((try? JSONEncoder().encode(self)) ?? Data()) }
}

extension FastClock {
  /// As in `Date: Mon, 01 Sep 2025 00:00:00 GMT`.
  var httpDate: String {
    let moment = Int(now)
    let text = Timestamp(secondsSince1970: Double(moment)).description
    let month = months[(Int(text.dropFirst(5).prefix(2)) ?? 1) - 1]
    // The first of January 1970 was a Thursday.
    let weekday = weekdays[(moment / 86_400 + 4) % 7]
    return "\(weekday), \(text.dropFirst(8).prefix(2)) \(month) \(text.prefix(4)) \(text.dropFirst(11).prefix(8)) GMT"
  }
}

private let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
private let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
