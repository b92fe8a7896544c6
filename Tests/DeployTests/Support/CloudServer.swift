import HTTPClient
import LoopbackServer
import NIOCore
import NIOHTTP1

/// The cloud of these tests behind a port, so that answers, and those that never come, go over the wire.
final class CloudServer {
  private let server: LoopbackServer
  /// Answers are lost in two ways: nobody answers, or the connection ends.
  enum Loss: Sendable { case silence, cut }

  init(_ cloud: FakeCloud, loss: Loss = .silence) throws {
    server = try LoopbackServer { channel in
      try channel.pipeline.syncOperations.configureHTTPServerPipeline()
      try channel.pipeline.syncOperations.addHandler(CloudHandler(cloud, loss))
    }
    cloud.change { $0.address = server.url }
  }

  var url: String { server.url }

  func stop() throws { try server.stop() }

  /// The client of the program, with less patience.
  func client() throws -> HTTPClient {
    var configuration = HTTPConfiguration(userAgent: "learners/test")
    configuration.maximumRedirects = 0
    configuration.reusesConnections = false
    configuration.totalTimeout = .milliseconds(1_500)
    return try HTTPClient(configuration: configuration)
  }
}

/// One connection; used on its event loop only.
private final class CloudHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let cloud: FakeCloud
  private let loss: CloudServer.Loss
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ cloud: FakeCloud, _ loss: CloudServer.Loss) { (self.cloud, self.loss) = (cloud, loss) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, [])
    case .body(var part): body += part.readBytes(length: part.readableBytes) ?? []
    case .end: if let head { answer(head, context) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let headers = head.headers.map { HTTPHeader(canonical($0.name), $0.value) }
    let request = HTTPRequest(
      head.method.rawValue, "http://cloud.test" + head.uri, headers: headers, body: body.isEmpty ? nil : body)
    guard let response = try? cloud.send(request) else {
      if loss == .cut { context.close(promise: nil) }
      return
    }
    var fields = HTTPHeaders([("Content-Length", "\(response.body.count)")])
    for name in ["x-subject-token", "retry-after"] {
      if let value = response.headers[name] { fields.add(name: name, value: value) }
    }
    let start = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: fields)
    context.write(wrapOutboundOut(.head(start)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  /// Case of names does not matter on the wire.
  private func canonical(_ name: String) -> String { name.lowercased() == "x-auth-token" ? "X-Auth-Token" : name }
}
