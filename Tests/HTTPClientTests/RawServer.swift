import LoopbackServer
import NIOCore
import Synchronization

/// A server that says whatever bytes a test wants it to say.
final class RawServer: Sendable {
  enum Step: Sendable {
    case text(String)
    case bytes([UInt8])
    case wait(Duration)
    /// The same bytes again and again.
    case forever([UInt8], every: Duration)
    case close
  }

  struct Request: Sendable {
    /// Head and body.
    let text: String
    /// Connections are numbered from 0.
    let connection: Int

    /// - Parameter header: a name with a colon, and as much of its value as matters.
    func has(_ header: String) -> Bool { text.lowercased().contains("\r\n\(header.lowercased())") }
  }

  private let server: LoopbackServer
  private let books = Books()

  init(answer: @escaping @Sendable (Request) -> [Step]) throws {
    let books = books
    server = try LoopbackServer { channel in
      try channel.pipeline.syncOperations.addHandler(RawHandler(books, answer))
    }
  }

  /// Gives everybody the same answer.
  convenience init(_ steps: Step...) throws { try self.init { _ in steps } }

  var url: String { server.url }
  var requests: [Request] { books.requests.withLock { $0 } }

  func stop() throws { try server.stop() }
}

private final class Books: Sendable {
  let requests = Mutex<[RawServer.Request]>([])
  let connections = Mutex(0)
}

private final class RawHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let books: Books
  private let answer: @Sendable (RawServer.Request) -> [RawServer.Step]
  private let connection: Int
  private var received = ""

  init(_ books: Books, _ answer: @escaping @Sendable (RawServer.Request) -> [RawServer.Step]) {
    self.books = books
    self.answer = answer
    connection = books.connections.withLock { count in
      count += 1
      return count - 1
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += String(buffer: unwrapInboundIn(data))
    guard let head = received.firstRange(of: "\r\n\r\n") else { return }
    let length = received[..<head.lowerBound].lowercased().split(separator: "\r\n")
      .first { $0.hasPrefix("content-length:") }.flatMap { Int($0.split(separator: " ").last ?? "") }
    guard received[head.upperBound...].utf8.count >= length ?? 0 else { return }
    let request = RawServer.Request(text: received, connection: connection)
    received = ""
    books.requests.withLock { $0.append(request) }
    run(answer(request)[...], context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func run(_ steps: ArraySlice<RawServer.Step>, _ context: ChannelHandlerContext) {
    guard let step = steps.first, context.channel.isActive else { return }
    switch step {
    case .text(let text): send(Array(text.utf8), then: steps.dropFirst(), after: .zero, context)
    case .bytes(let bytes): send(bytes, then: steps.dropFirst(), after: .zero, context)
    case .wait(let time): later(steps.dropFirst(), after: time, context)
    case .forever(let bytes, let pause): send(bytes, then: steps, after: pause, context)
    case .close: context.close(promise: nil)
    }
  }

  private func send(
    _ bytes: [UInt8], then steps: ArraySlice<RawServer.Step>, after pause: Duration, _ context: ChannelHandlerContext
  ) {
    let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes))).whenSuccess {
      let (handler, context) = box.value
      handler.later(steps, after: pause, context)
    }
  }

  private func later(_ steps: ArraySlice<RawServer.Step>, after pause: Duration, _ context: ChannelHandlerContext) {
    guard pause > .zero else { return run(steps, context) }
    let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: TimeAmount(pause)) {
      let (handler, context) = box.value
      handler.run(steps, context)
    }
  }
}

extension RawServer.Step {
  /// A right answer.
  static func ok(_ body: String = "hello", headers: String = "") -> RawServer.Step {
    .text("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
  }

  static func redirect(_ location: String, status: Int = 302) -> RawServer.Step {
    .text("HTTP/1.1 \(status) Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n")
  }
}
