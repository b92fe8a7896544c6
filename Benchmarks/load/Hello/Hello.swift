import NIOCore
import NIOHTTP1
import NIOPosix

/// The least that SwiftNIO's own HTTP/1.1 server can do: what `make load` measures the prediction server against.
@main
struct Hello {
  static func main() throws {
    let threads = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1
    let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 5202
    let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup(numberOfThreads: threads))
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(HelloHandler())
        }
      }
      .bind(host: "127.0.0.1", port: port).wait()
    try channel.closeFuture.wait()
  }
}

private final class HelloHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let body = ByteBuffer(string: "hello")

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = unwrapInboundIn(data) else { return }
    let headers = HTTPHeaders([("content-length", "5"), ("content-type", "text/plain")])
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
