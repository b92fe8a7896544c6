internal import LoopbackServer
internal import NIOCore
internal import NIOHTTP1

/// Reads requests of one connection and brings the answers, right or faulty. Used on its event loop only.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let desk: SharedDesk
  private let conduct: Conduct
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var ticket: RequestDesk.Ticket?

  init(_ desk: SharedDesk, _ conduct: Conduct) {
    self.desk = desk
    self.conduct = conduct
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, [])
    case .body(var part):
      guard body.count + part.readableBytes <= 4 << 20 else { return context.close(promise: nil) }
      body += part.readBytes(length: part.readableBytes) ?? []
    case .end: if let head { serve(head, context) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func serve(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let host = head.headers.first(name: "host") ?? "127.0.0.1"
    let request = WebRequest(
      method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: body,
      base: "http://\(host)")
    let (answer, ticket) = desk.arrived(request)
    self.ticket = ticket
    let acceptsGzip = conduct.compresses && request.header("accept-encoding")?.contains("gzip") == true
    let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    guard conduct.latency > .zero else { return bring(answer, acceptsGzip: acceptsGzip, context) }
    context.eventLoop.scheduleTask(in: TimeAmount(conduct.latency)) {
      let (handler, context) = box.value
      handler.bring(answer, acceptsGzip: acceptsGzip, context)
    }
  }

  private func bring(_ answer: WebAnswer, acceptsGzip: Bool, _ context: ChannelHandlerContext) {
    switch answer.delivery {
    case .whole:
      let body = acceptsGzip && answer.body.count > 1000 ? gzip(answer.body) : answer.body
      write(head: answer, length: body.count, isCompressed: body.count != answer.body.count, context)
      // Before the last bytes go, so that a quick client's next request finds the books closed.
      finish()
      write(body[...], context)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    case .cut(after: nil): context.close(promise: nil)
    case .cut(after: let count?):
      write(head: answer, length: answer.body.count, context)
      write(answer.body.prefix(count), context)
      close(context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))), context)
    case .silent(let duration): close(context.eventLoop.scheduleTask(in: TimeAmount(duration)) {}.futureResult, context)
    case .drip(let pause):
      write(head: answer, length: answer.body.count, context)
      drip(answer.body[...], every: TimeAmount(pause), context)
    case .endless(let bytes):
      write(head: answer, length: nil, context)
      pour(ByteBuffer(bytes: answer.body), left: bytes, context)
    }
  }

  private func write(head answer: WebAnswer, length: Int?, isCompressed: Bool = false, _ context: ChannelHandlerContext)
  {
    var headers = HTTPHeaders(answer.headers)
    if answer.status != 304, let length { headers.add(name: "Content-Length", value: String(length)) }
    if isCompressed { headers.add(name: "Content-Encoding", value: "gzip") }
    let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
  }

  private func write(_ bytes: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
    guard !bytes.isEmpty else { return }
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
  }

  private func close<Value>(_ future: EventLoopFuture<Value>, _ context: ChannelHandlerContext) {
    let box = NIOLoopBound(context, eventLoop: context.eventLoop)
    future.whenComplete { _ in box.value.close(promise: nil) }
  }

  private func drip(_ bytes: ArraySlice<UInt8>, every pause: TimeAmount, _ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes.prefix(1))))), promise: nil)
    guard bytes.count > 1 else { return context.close(promise: nil) }
    let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: pause) {
      let (handler, context) = box.value
      handler.drip(bytes.dropFirst(), every: pause, context)
    }
  }

  private func pour(_ buffer: ByteBuffer, left: Int, _ context: ChannelHandlerContext) {
    guard left > 0, context.channel.isActive else { return context.close(promise: nil) }
    let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer)))).whenComplete { _ in
      let (handler, context) = box.value
      handler.pour(buffer, left: left - buffer.readableBytes, context)
    }
  }

  private func finish() {
    if let ticket { desk.left(ticket) }
    ticket = nil
  }
}
