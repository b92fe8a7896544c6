internal import Synchronization

/// Speaks HTTP as a client: HTTP/1.1, and HTTP/2 where TLS offers it, over libcurl.
///
/// Calls block and may come from any thread; each has a connection of its own, and connections are kept for the next
/// call. Certificates are always verified. There are no cookies, no signals, and no file but the certificates is read.
/// Proxies come from the usual variables (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`); what carries
/// credentials without encryption goes through none.
/// Redirects are followed to http and https, never from https to http, and credentials stay with their origin.
public final class HTTPClient: HTTPExchange {
  private let configuration: HTTPConfiguration
  private let credentials: Credentials
  private let pool = Mutex(Pool())

  private struct Pool {
    var idle: [Transfer] = []
    var running: [ObjectIdentifier: Transfer] = [:]
    var isCancelled = false
  }

  /// - Throws: `HTTPError` at stage `address` for a credential or a user agent that cannot be sent.
  public init(configuration: HTTPConfiguration) throws(HTTPError) {
    guard HTTPHeader("user-agent", configuration.userAgent).isValid else {
      throw HTTPError(stage: .address, url: "", reason: "the user agent has control characters")
    }
    self.configuration = configuration
    credentials = try Credentials(configuration.credentials)
  }

  /// Asks and waits for the whole answer, whatever its status.
  /// - Throws: `HTTPError`, which says what failed.
  public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let deadline = ContinuousClock.now + configuration.totalTimeout
    var outgoing = try OutgoingRequest(request, credentials: credentials)
    let transfer = try start(for: request)
    defer { finish(transfer) }
    for _ in 0...max(0, configuration.maximumRedirects) {
      let response = try transfer.perform(outgoing, configuration, until: deadline) {
        pool.withLock { $0.isCancelled }
      }
      guard [301, 302, 303, 307, 308].contains(response.status), let location = response.headers["location"] else {
        return response
      }
      outgoing = try outgoing.redirected(status: response.status, to: location)
    }
    throw HTTPError(
      stage: .redirect, url: request.url, reason: "it redirects more than \(configuration.maximumRedirects) times")
  }

  /// Breaks off what is being sent, from any thread; that and all that is sent later throws `cancelled`.
  public func cancel() {
    pool.withLock { pool in
      pool.isCancelled = true
      for transfer in pool.running.values { transfer.wake() }
    }
  }

  private func start(for request: HTTPRequest) throws(HTTPError) -> Transfer {
    let idle = pool.withLock { $0.idle.popLast() }
    guard let transfer = idle ?? Transfer() else {
      throw HTTPError(stage: .connect, url: request.url, reason: "no memory for a connection")
    }
    pool.withLock { $0.running[ObjectIdentifier(transfer)] = transfer }
    return transfer
  }

  private func finish(_ transfer: Transfer) {
    pool.withLock { pool in
      pool.running[ObjectIdentifier(transfer)] = nil
      if pool.idle.count < 4 { pool.idle.append(transfer) }
    }
  }
}
