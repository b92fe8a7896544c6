internal import NIOCore
internal import NIOHTTP1

extension ConnectionHandler {
  func answer(
    _ exchange: Exchange, _ route: Route, _ action: (WebRequest) throws(Problem) -> WebAnswer,
    _ context: ChannelHandlerContext
  ) {
    let answer: WebAnswer
    do throws(Problem) { answer = try action(exchange.request) } catch { answer = route.answer(to: error) }
    send(answer, context)
  }

  func answerLater(
    _ exchange: Exchange, _ route: Route, _ action: @escaping @Sendable (WebRequest) throws(Problem) -> WebAnswer,
    _ context: ChannelHandlerContext
  ) {
    let request = exchange.request
    guard
      let work = site.threads.start(
        { () -> WebAnswer in
          do throws(Problem) { return try action(request) } catch { return route.answer(to: error) }
        }, on: context.eventLoop)
    else {
      site.metrics?.add(.requestsRejected)
      let busy = Problem(503, "busy", "too many requests wait for an answer", headers: [("retry-after", "1")])
      return send(route.answer(to: busy), context)
    }
    phase = .answer
    let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    work.whenSuccess { answer in
      let (handler, context) = box.value
      guard handler.context != nil else { return }
      handler.send(answer, context)
      handler.handleQueue(context)
      handler.flush(context)
      handler.resumeReading(context)
    }
  }

  /// Says no, and ends the connection: what else the client sends is not worth reading.
  func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
    let answer = exchange?.route?.answer(to: problem) ?? problem.answer(at: exchange?.request.path)
    send(answer, context, isLast: true)
  }

  func send(_ answer: WebAnswer, _ context: ChannelHandlerContext, isLast: Bool = false) {
    // Most are sent as they are, and not copied then.
    let isPlain = answer.detail == nil && exchange?.foreignOrigin == nil
    isPlain ? transmit(answer, context, isLast: isLast) : transmit(addressed(answer), context, isLast: isLast)
  }

  /// The answer in the form that whoever asked can use.
  private func addressed(_ answer: WebAnswer) -> WebAnswer {
    var answer = answer
    if let detail = answer.detail, let page = page(of: answer, detail) { answer = page }
    if let origin = exchange?.foreignOrigin { answer.headers += CrossOrigin.headers(for: origin) }
    return answer
  }

  private func transmit(_ answer: WebAnswer, _ context: ChannelHandlerContext, isLast: Bool) {
    let keepsAlive = !isLast && exchange?.keepsAlive == true && !loop.isDraining
    let withoutBody = exchange?.request.method == .HEAD
    let count = answer.body.readableBytes
    loop.buffer.clear(minimumCapacity: 768 + (count <= Self.copied ? count : 0))
    AnswerWriter.writeHead(
      of: answer, .length(count), .init(keeps: keepsAlive, isOldProtocol: exchange?.isOldProtocol == true),
      id: exchange?.request.id ?? loop.nextIdentifier(),
      date: loop.date, to: &loop.buffer)
    let follows = !withoutBody && count > Self.copied
    if !withoutBody && !follows { loop.buffer.writeImmutableBuffer(answer.body) }
    write(loop.buffer, context)
    if follows { write(answer.body, context) }
    conclude(keepsAlive: keepsAlive, status: answer.status, bytes: withoutBody ? 0 : count, context)
  }

  /// A browser that goes to an address gets a page; programs, and the script, get JSON.
  private func page(of answer: WebAnswer, _ detail: String) -> WebAnswer? {
    guard let make = site.problemPage, let request = exchange?.request, !request.path.hasPrefix("/api"),
      request.headers["accept"].contains(where: { $0.contains("text/html") })
    else { return nil }
    let depth = max(0, request.path.utf8.count { $0 == UInt8(ascii: "/") } - 1)
    var page = WebAnswer.html(make(answer.status, detail, depth), status: answer.status)
    page.headers = answer.headers
    return page
  }

  /// A body of at most so many bytes is sent with its head in one piece.
  private static let copied = 16 << 10

  func conclude(keepsAlive: Bool, status: Int, bytes: Int, _ context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    if let exchange {
      record(exchange, status: status, bytes: bytes, now, context)
      if exchange.charged > 0 { _ = charge(0, to: exchange) }
    }
    exchange = nil
    untaken = .max
    guard keepsAlive else { return closeBehindAnswers(now, context) }
    phase = .head
    deadline = now + site.headTime
  }

  /// Ends the connection when the client has its answers: to close at once would make those of one that still sends get
  /// lost.
  func closeBehindAnswers(_ now: NIODeadline, _ context: ChannelHandlerContext) {
    phase = .closing
    deadline = now + .seconds(2)
    flush(context)
    context.close(mode: .output, promise: nil)
  }

  func record(
    _ exchange: Exchange, status: Int, bytes: Int, _ now: NIODeadline, _ context: ChannelHandlerContext
  ) {
    let nanoseconds = Int((now - exchange.start).nanoseconds)
    site.metrics?.count(route: exchange.routeIndex, status: status, nanoseconds: nanoseconds)
    site.metrics?.add(.requestsInFlight, -1)
    loop.accessLog?.append(
      AccessLog.Line(
        id: exchange.request.id, peer: context.remoteAddress?.ipAddress ?? "-",
        method: exchange.request.method.rawValue, path: exchange.request.path, status: status, bytes: bytes,
        nanoseconds: nanoseconds))
  }

  func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(buffer), promise: nil)
    hasUnflushed = true
  }

  func flush(_ context: ChannelHandlerContext) {
    guard hasUnflushed else { return }
    hasUnflushed = false
    context.flush()
  }
}
