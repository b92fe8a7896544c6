internal import NIOCore

extension ConnectionHandler {
  func start(_ stream: any BodyStream, _ context: ChannelHandlerContext) {
    guard let exchange else { return }
    var answer = WebAnswer(contentType: stream.contentType, body: ByteBuffer(), headers: stream.headers)
    if let origin = exchange.foreignOrigin { answer.headers += CrossOrigin.headers(for: origin) }
    var head = ByteBufferAllocator().buffer(capacity: 1024)
    AnswerWriter.writeHead(
      of: answer, exchange.isOldProtocol ? .close : .chunks,
      exchange.keepsAlive && !exchange.isOldProtocol ? .keep : .close,
      id: exchange.request.id, date: loop.date, to: &head)
    write(head, context)
    phase = .stream(stream)
  }

  func pass(_ piece: ByteBuffer, _ stream: any BodyStream, _ context: ChannelHandlerContext) {
    let output = stream.take(piece)
    deadline = .now() + site.bodyTime
    untaken = .max
    writeChunk(output, context)
    if let exchange, !charge(stream.heldBytes, to: exchange) {
      site.metrics?.add(.requestsRejected)
      writeChunk(stream.refuse(.noRoomForBody), context)
      conclude(keepsAlive: false, status: 503, bytes: exchange.streamed, context)
    }
    flush(context)
  }

  func end(_ stream: any BodyStream, _ context: ChannelHandlerContext) {
    guard let exchange else { return }
    writeChunk(stream.finish(), context)
    if !exchange.isOldProtocol { write(ByteBuffer(string: "0\r\n\r\n"), context) }
    conclude(
      keepsAlive: exchange.keepsAlive && !exchange.isOldProtocol && !loop.isDraining, status: 200,
      bytes: exchange.streamed, context)
  }

  func writeChunk(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
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
}
