internal import NIOCore
internal import NIOHTTP1

/// Reads the requests of one connection, one after the other, and writes their answers. Used on its event loop only.
///
/// Everything is synchronous but for answers that take long, which are made on another thread; meanwhile nothing is read
/// from the connection. Answers are written as bytes, head and body in one piece.
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = Never
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  /// What the connection is about.
  private enum Phase {
    /// Waiting for a request's head.
    case head
    /// Collecting a request's body.
    case body
    /// Waiting for another thread's answer.
    case answer
    /// Answering while the body arrives.
    case stream(any BodyStream)
    /// The last answer is sent: what still comes is thrown away until the client ends it too.
    case closing
  }

  private let site: Site
  private let loop: LoopState
  private var context: ChannelHandlerContext?
  private var phase = Phase.head
  private var exchange: Exchange?
  /// When the connection ends, unless something happens.
  private var deadline: NIODeadline
  /// Bytes that the client had still to take when the deadline was last put off for them.
  private var untaken = Int.max
  /// Parts of requests that the client sent before it had its answer.
  private var queue = CircularBuffer<HTTPServerRequestPart>()
  /// What is wrong with the bytes behind those parts: answered when they are.
  private var flaw: Problem?
  private var readIsPending = false
  private var hasUnflushed = false

  init(_ site: Site, _ loop: LoopState) {
    self.site = site
    self.loop = loop
    deadline = .now() + site.headTime
  }

  // MARK: Channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    loop.add(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { forget() }

  func channelInactive(context: ChannelHandlerContext) {
    forget()
    context.fireChannelInactive()
  }

  private func forget() {
    loop.remove(self)
    if exchange != nil { site.metrics?.add(.requestsInFlight, -1) }
    exchange = nil
    context = nil
    queue.removeAll()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if queue.isEmpty && !mustWait(context) { handle(part, context) } else { queue.append(part) }
  }

  /// Whether the next request has to wait: for the answer of the one before it, or for the client to take its answers.
  private func mustWait(_ context: ChannelHandlerContext) -> Bool {
    switch phase {
    case .answer: true
    case .head: !context.channel.isWritable
    case .body, .stream, .closing: false
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { flush(context) }

  /// Reads nothing while a request is being answered, or while the client does not take what it is sent.
  func read(context: ChannelHandlerContext) {
    var isHeld = !context.channel.isWritable
    if case .answer = phase { isHeld = true }
    if isHeld { readIsPending = true } else { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      handleQueue(context)
      flush(context)
      resumeReading(context)
    }
    context.fireChannelWritabilityChanged()
  }

  private func resumeReading(_ context: ChannelHandlerContext) {
    guard readIsPending else { return }
    readIsPending = false
    read(context: context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // More bytes behind what made no sense: thrown away, so that the answers before them are not lost.
    if error is ByteToMessageDecoderError { return }
    guard let problem = Problem(ofParser: error) else { return context.close(promise: nil) }
    flaw = problem
    handleQueue(context)
    flush(context)
  }

  // MARK: Time

  func checkTime(_ now: NIODeadline) {
    guard now >= deadline, let context else { return }
    switch phase {
    case .head, .stream, .closing:
      if isTakingAnswers(context) { deadline = now + site.bodyTime } else { context.close(promise: nil) }
    case .answer: break
    case .body:
      refuse(Problem(408, "timeout", "the request did not arrive in time"), context)
      flush(context)
    }
  }

  /// Whether the client has answers to take, and took some of them since the last time. It may take as long as it goes on.
  private func isTakingAnswers(_ context: ChannelHandlerContext) -> Bool {
    let before = untaken
    untaken = bufferedBytes(context)
    return 0 < untaken && untaken < before
  }

  private func bufferedBytes(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  func drain() {
    guard let context, case .head = phase else { return }
    if bufferedBytes(context) > 0 { closeBehindAnswers(.now(), context) } else { context.close(promise: nil) }
  }

  func abandon() { context?.close(promise: nil) }

  // MARK: Requests

  private func handle(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch (phase, part) {
    case (.head, .head(let head)): begin(head, context)
    case (.body, .body(let piece)): collect(piece, context)
    case (.body, .end): finish(context)
    case (.stream(let stream), .body(let piece)): pass(piece, stream, context)
    case (.stream(let stream), .end): end(stream, context)
    default: break
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    var facts = HeaderFacts(head.headers)
    let request = WebRequest(
      method: head.method, target: facts.target(of: head), headers: head.headers, contentType: facts.contentType,
      id: identifier(given: facts.requestID))
    // Behind an upgrade the parser does not know what follows.
    let keepsAlive = head.isKeepAlive && !loop.isDraining && !facts.hasUpgrade
    let now = NIODeadline.now()
    let exchange = Exchange(
      request, length: facts.contentLength ?? 0, keepsAlive: keepsAlive, isOldProtocol: head.version.minor == 0,
      start: now)
    self.exchange = exchange
    site.metrics?.add(.requestsInFlight)
    if let problem = Problem(of: head, facts, limits: site.limits) { return refuse(problem, context) }
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
    case .none: return refuse(Problem(404, "not-found", "there is nothing at \(request.path.prefix(200))"), context)
    }
    deadline = now + site.bodyTime
    if !route.isStream, exchange.length > site.limits.body {
      return refuse(.bodyTooLarge(limit: site.limits.body), context)
    }
    let stream: (any BodyStream)?
    do throws(Problem) { stream = try route.stream(for: request) } catch { return refuse(error, context) }
    if facts.expectsContinue && !exchange.isOldProtocol {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }
    if let stream { start(stream, context) } else { phase = .body }
  }

  /// The client's name for the request if it is a plain one, else a new one.
  private func identifier(given: String?) -> String {
    guard let given, !given.isEmpty, given.utf8.count <= 64,
      given.utf8.allSatisfy({ byte in
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "-_.".utf8.contains(byte)
      })
    else { return loop.nextIdentifier() }
    return given
  }

  private func collect(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
    guard let exchange else { return }
    let count = exchange.request.body.readableBytes + piece.readableBytes
    guard count <= site.limits.body else { return refuse(.bodyTooLarge(limit: site.limits.body), context) }
    if count == piece.readableBytes {
      exchange.request.body = piece
      // A body of several pieces is put together without being moved again and again.
      if exchange.length > count { exchange.request.body.reserveCapacity(min(exchange.length, 1 << 20)) }
    } else {
      exchange.request.body.writeImmutableBuffer(piece)
    }
  }

  private func finish(_ context: ChannelHandlerContext) {
    guard let exchange, let route = exchange.route else { return }
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

  private func answer(
    _ exchange: Exchange, _ route: Route, _ action: (WebRequest) throws(Problem) -> WebAnswer,
    _ context: ChannelHandlerContext
  ) {
    let answer: WebAnswer
    do throws(Problem) { answer = try action(exchange.request) } catch { answer = route.answer(to: error) }
    send(answer, context)
  }

  private func answerLater(
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

  private func handleQueue(_ context: ChannelHandlerContext) {
    while let part = queue.first, !mustWait(context) {
      queue.removeFirst()
      handle(part, context)
    }
    if let problem = flaw, queue.isEmpty, !mustWait(context) { end(with: problem, context) }
  }

  /// The client's bytes make no sense any more.
  private func end(with flaw: Problem, _ context: ChannelHandlerContext) {
    self.flaw = nil
    switch phase {
    // Nothing follows the answer that a connection ends with; one that is being made is waited for.
    case .closing, .answer: break
    // An answer that is under way cannot be followed by another one.
    case .stream: context.close(promise: nil)
    case .head, .body: refuse(flaw, context)
    }
  }

  // MARK: Streams

  private func start(_ stream: any BodyStream, _ context: ChannelHandlerContext) {
    guard let exchange else { return }
    let answer = WebAnswer(contentType: stream.contentType, body: ByteBuffer(), headers: stream.headers)
    var head = ByteBufferAllocator().buffer(capacity: 1024)
    AnswerWriter.writeHead(
      of: answer, exchange.isOldProtocol ? .close : .chunks, keepsAlive: exchange.keepsAlive && !exchange.isOldProtocol,
      id: exchange.request.id, date: loop.date, to: &head)
    write(head, context)
    phase = .stream(stream)
  }

  private func pass(_ piece: ByteBuffer, _ stream: any BodyStream, _ context: ChannelHandlerContext) {
    let output = stream.take(piece)
    deadline = .now() + site.bodyTime
    untaken = .max
    writeChunk(output, context)
    flush(context)
  }

  private func end(_ stream: any BodyStream, _ context: ChannelHandlerContext) {
    guard let exchange else { return }
    writeChunk(stream.finish(), context)
    if !exchange.isOldProtocol { write(ByteBuffer(string: "0\r\n\r\n"), context) }
    conclude(
      keepsAlive: exchange.keepsAlive && !exchange.isOldProtocol && !loop.isDraining, status: 200,
      bytes: exchange.streamed, context)
  }

  private func writeChunk(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    guard bytes.readableBytes > 0 else { return }
    exchange?.streamed += bytes.readableBytes
    guard exchange?.isOldProtocol == false else { return write(bytes, context) }
    var frame = ByteBuffer(string: String(bytes.readableBytes, radix: 16) + "\r\n")
    write(frame, context)
    write(bytes, context)
    frame.clear()
    frame.writeStaticString("\r\n")
    write(frame, context)
  }

  // MARK: Answers

  /// Says no, and ends the connection: what else the client sends is not worth reading.
  private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
    let answer = exchange?.route?.answer(to: problem) ?? problem.answer(at: exchange?.request.path)
    send(answer, context, isLast: true)
  }

  private func send(_ answer: WebAnswer, _ context: ChannelHandlerContext, isLast: Bool = false) {
    let keepsAlive = !isLast && exchange?.keepsAlive == true && !loop.isDraining
    let withoutBody = exchange?.request.method == .HEAD
    let count = answer.body.readableBytes
    var buffer = ByteBufferAllocator().buffer(capacity: 768 + (count <= Self.copied ? count : 0))
    AnswerWriter.writeHead(
      of: answer, .length(count), keepsAlive: keepsAlive, id: exchange?.request.id ?? loop.nextIdentifier(),
      date: loop.date, to: &buffer)
    if withoutBody || count == 0 {
      write(buffer, context)
    } else if count <= Self.copied {
      buffer.writeImmutableBuffer(answer.body)
      write(buffer, context)
    } else {
      write(buffer, context)
      write(answer.body, context)
    }
    conclude(keepsAlive: keepsAlive, status: answer.status, bytes: withoutBody ? 0 : count, context)
  }

  /// A body of at most so many bytes is sent with its head in one piece.
  private static let copied = 16 << 10

  private func conclude(keepsAlive: Bool, status: Int, bytes: Int, _ context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    if let exchange { record(exchange, status: status, bytes: bytes, now, context) }
    exchange = nil
    untaken = .max
    guard keepsAlive else { return closeBehindAnswers(now, context) }
    phase = .head
    deadline = now + site.headTime
  }

  /// Ends the connection when the client has its answers: to close at once would make those of one that still sends get
  /// lost.
  private func closeBehindAnswers(_ now: NIODeadline, _ context: ChannelHandlerContext) {
    phase = .closing
    deadline = now + .seconds(2)
    flush(context)
    context.close(mode: .output, promise: nil)
  }

  private func record(
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

  private func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(buffer), promise: nil)
    hasUnflushed = true
  }

  private func flush(_ context: ChannelHandlerContext) {
    guard hasUnflushed else { return }
    hasUnflushed = false
    context.flush()
  }
}
