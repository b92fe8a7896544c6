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
  enum Phase {
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

  let site: Site
  let loop: LoopState
  var context: ChannelHandlerContext?
  var phase = Phase.head
  var exchange: Exchange?
  /// When the connection ends, unless something happens.
  var deadline: NIODeadline
  /// Bytes that the client had still to take when the deadline was last put off for them.
  var untaken = Int.max
  /// Parts of requests that the client sent before it had its answer.
  var queue = CircularBuffer<HTTPServerRequestPart>()
  /// What is wrong with the bytes behind those parts: answered when they are.
  var flaw: Problem?
  var readIsPending = false
  var hasUnflushed = false
  /// Whether the client takes its answers: the channel's word, kept, since each part of a request asks.
  private var isWritable = true

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

  func forget() {
    loop.remove(self)
    if let exchange {
      site.metrics?.add(.requestsInFlight, -1)
      _ = charge(0, to: exchange)
    }
    exchange = nil
    context = nil
    queue.removeAll()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if queue.isEmpty && !mustWait { handle(part, context) } else { queue.append(part) }
  }

  /// Whether the next request has to wait: for the answer of the one before it, or for the client to take its answers.
  var mustWait: Bool {
    switch phase {
    case .answer: true
    case .head: !isWritable
    case .body, .stream, .closing: false
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { flush(context) }

  /// Reads nothing while a request is being answered, or while the client does not take what it is sent.
  func read(context: ChannelHandlerContext) {
    var isHeld = !isWritable
    if case .answer = phase { isHeld = true }
    if isHeld { readIsPending = true } else { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    if isWritable {
      handleQueue(context)
      flush(context)
      resumeReading(context)
    }
    context.fireChannelWritabilityChanged()
  }

  func resumeReading(_ context: ChannelHandlerContext) {
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
  func isTakingAnswers(_ context: ChannelHandlerContext) -> Bool {
    let before = untaken
    untaken = bufferedBytes(context)
    return 0 < untaken && untaken < before
  }

  func bufferedBytes(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  func drain() {
    guard let context, case .head = phase else { return }
    if bufferedBytes(context) > 0 { closeBehindAnswers(.now(), context) } else { context.close(promise: nil) }
  }

  func abandon() { context?.close(promise: nil) }

  func handleQueue(_ context: ChannelHandlerContext) {
    while let part = queue.first, !mustWait {
      queue.removeFirst()
      handle(part, context)
    }
    if let problem = flaw, queue.isEmpty, !mustWait { end(with: problem, context) }
  }

  /// The client's bytes make no sense any more.
  func end(with flaw: Problem, _ context: ChannelHandlerContext) {
    self.flaw = nil
    switch phase {
    // Nothing follows the answer that a connection ends with; one that is being made is waited for.
    case .closing, .answer: break
    // An answer that is under way cannot be followed by another one.
    case .stream: context.close(promise: nil)
    case .body: refuse(flaw, context)
    case .head:
      // What is no request is in the log and the metrics all the same.
      let unknown = WebRequest(method: .RAW(value: "-"), target: "-", id: loop.nextIdentifier())
      exchange = Exchange(unknown, length: 0, keepsAlive: false, isOldProtocol: false, start: .now())
      site.metrics?.add(.requestsInFlight)
      site.metrics?.add(.malformed)
      refuse(flaw, context)
    }
  }

  func handle(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch (phase, part) {
    case (.head, .head(let head)): begin(head, context)
    case (.body, .body(let piece)): collect(piece, context)
    case (.body, .end): finish(context)
    case (.stream(let stream), .body(let piece)): pass(piece, stream, context)
    case (.stream(let stream), .end): end(stream, context)
    default: break
    }
  }
}
