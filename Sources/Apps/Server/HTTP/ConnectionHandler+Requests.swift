internal import NIOCore
internal import NIOHTTP1

extension ConnectionHandler {
  func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    var facts = HeaderFacts(head.headers)
    let request = WebRequest(
      method: head.method, target: site.withoutBasePath(facts.target(of: head)), headers: head.headers,
      contentType: facts.contentType,
      id: identifier(given: facts.requestID))
    // Behind an upgrade the parser does not know what follows.
    let keepsAlive = head.isKeepAlive && !loop.isDraining && !facts.hasUpgrade
    let now = NIODeadline.now()
    let exchange = Exchange(
      request, length: facts.contentLength ?? 0, keepsAlive: keepsAlive, isOldProtocol: head.version.minor == 0,
      start: now)
    self.exchange = exchange
    site.metrics?.add(.requestsInFlight)
    if let problem = Problem(of: head, facts, site) { return refuse(problem, context) }
    if let origin = facts.origin, facts.isFromElsewhere, site.limits.origins.allow(origin) {
      exchange.foreignOrigin = origin
      if head.method == .OPTIONS, head.headers.contains(name: "access-control-request-method") {
        return send(CrossOrigin.permission, context)
      }
    }
    let route: Route
    switch site.router.match(head.method, request.path) {
    case .route(let index, let found):
      route = found
      exchange.route = found
      exchange.routeIndex = index
    case .otherMethod(let allowed):
      let problem = Problem(
        405, "method-not-allowed", "\(request.path) knows \(allowed)", headers: [("allow", allowed)])
      return refuse(problem, context)
    case .none: return refuse(.nothing(at: request.path), context)
    }
    exchange.isPacked = facts.isGzip
    if route.isStream && facts.isGzip {
      return refuse(
        Problem(415, "content-encoding", "a stream has to be sent as it is: without Content-Encoding"), context)
    }
    deadline = now + site.bodyTime
    if !route.isStream, exchange.length > site.limits.body {
      return refuse(.bodyTooLarge(limit: site.limits.body), context)
    }
    if !route.isStream, !site.bodies.hasRoom(for: exchange.length) { return refuseForRoom(context) }
    let stream: (any BodyStream)?
    do throws(Problem) { stream = try route.stream(for: request) } catch { return refuse(error, context) }
    if facts.expectsContinue && !exchange.isOldProtocol {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }
    if let stream { start(stream, context) } else { phase = .body }
  }

  /// The client's name for the request if it is a plain one, else a new one.
  func identifier(given: String?) -> String {
    guard let given, !given.isEmpty, given.utf8.count <= 64,
      given.utf8.allSatisfy({ byte in
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "-_.".utf8.contains(byte)
      })
    else { return loop.nextIdentifier() }
    return given
  }

  func collect(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
    guard let exchange else { return }
    let count = exchange.request.body.readableBytes + piece.readableBytes
    guard count <= site.limits.body else { return refuse(.bodyTooLarge(limit: site.limits.body), context) }
    guard charge(count, to: exchange) else { return refuseForRoom(context) }
    if count == piece.readableBytes {
      exchange.request.body = piece
      // A body of several pieces is put together without being moved again and again.
      if exchange.length > count { exchange.request.body.reserveCapacity(min(exchange.length, 1 << 20)) }
    } else {
      exchange.request.body.writeImmutableBuffer(piece)
    }
  }

  /// Counts what a request holds in memory.
  /// - Returns: whether there is room for it.
  func charge(_ bytes: Int, to exchange: Exchange) -> Bool {
    guard site.bodies.change(from: exchange.charged, to: bytes) else { return false }
    site.metrics?.add(.bodyBytes, bytes - exchange.charged)
    exchange.charged = bytes
    return true
  }

  func refuseForRoom(_ context: ChannelHandlerContext) {
    site.metrics?.add(.requestsRejected)
    refuse(.noRoomForBody, context)
  }

  /// Unpacking takes long, so another thread does it.
  private func finishPacked(_ exchange: Exchange, _ route: Route, _ context: ChannelHandlerContext) {
    let limit = site.limits.body
    switch route.action {
    case .quick(let action), .quickUpTo(_, let action), .slow(let action):
      answerLater(
        exchange, route, { request throws(Problem) in try action(PackedBody.unpacked(request, limit: limit)) }, context)
    case .stream: break
    }
  }

  func finish(_ context: ChannelHandlerContext) {
    guard let exchange, let route = exchange.route else { return }
    // Nothing is not packed.
    if exchange.isPacked && exchange.request.body.readableBytes > 0 { return finishPacked(exchange, route, context) }
    switch route.action {
    case .quick(let action): answer(exchange, route, action, context)
    case .quickUpTo(let limit, let action):
      if exchange.request.body.readableBytes <= limit {
        answer(exchange, route, action, context)
      } else {
        answerLater(exchange, route, action, context)
      }
    case .slow(let action): answerLater(exchange, route, action, context)
    case .stream: break
    }
  }
}
