internal import Glibc
internal import NIOCore

/// Tells a connection that there are too many, and ends it.
final class FullHouse: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelActive(context: ChannelHandlerContext) {
    var buffer = ByteBuffer()
    let problem = Problem(503, "full", "there are too many connections", headers: [("retry-after", "1")])
    let answer = problem.answer
    AnswerWriter.writeHead(
      of: answer, .length(answer.body.readableBytes), .close, id: "-",
      date: AnswerWriter.dateLine(time(nil)), to: &buffer)
    buffer.writeImmutableBuffer(answer.body)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    context.close(promise: nil)
  }
}
