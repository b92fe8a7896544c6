internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Answers HTTP/1.1 on one address, on event loops of its own, until it is stopped.
package final class Listener: Sendable {
  package struct Address: Sendable, Hashable {
    package var host = "127.0.0.1"
    /// 0 for one that is free.
    package var port = 5100
    /// Whether other processes of this user may listen at the same address and share its connections.
    package var isShared = false

    package init(host: String = "127.0.0.1", port: Int = 5100, isShared: Bool = false) {
      self.host = host
      self.port = port
      self.isShared = isShared
    }
  }

  package let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel
  private let loops: [NIOLoopBound<LoopState>]
  private let site: Site
  private let limits: Limits

  /// - Parameters:
  ///   - threads: event loops.
  ///   - accessLog: the descriptor of a file that gets a line for each request; nil for none.
  /// - Throws: `SystemError` where the address cannot be had.
  package init(
    _ routes: [Route], at address: Address, threads: Int, limits: Limits = Limits(), metrics: Metrics? = nil,
    accessLog: Int32? = nil
  ) throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let site = Site(routes, limits: limits, threads: SlowThreads(limit: limits.slowRequests), metrics: metrics)
    var states: [ObjectIdentifier: NIOLoopBound<LoopState>] = [:]
    for loop in group.makeIterator() {
      states[ObjectIdentifier(loop)] =
        try loop.submit {
          NIOLoopBound(LoopState(accessLog: accessLog.map(AccessLog.init(descriptor:))), eventLoop: loop)
        }.wait()
    }
    let known = states
    let count = ConnectionCount(limit: limits.connections, metrics)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: address.isShared ? 1 : 0)
      .serverChannelOption(.maxMessagesPerRead, value: 256)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let state = known[ObjectIdentifier(channel.eventLoop)], count.enter(channel) else {
            return try channel.pipeline.syncOperations.addHandler(FullHouse())
          }
          try Self.configure(channel, site, state.value)
        }
      }
    do {
      channel = try bootstrap.bind(host: address.host, port: address.port).wait()
    } catch {
      group.shutdownGracefully { _ in }
      throw Self.systemError(of: error)
    }
    port = channel.localAddress?.port ?? address.port
    self.group = group
    self.site = site
    self.limits = limits
    loops = Array(known.values)
    for loop in group.makeIterator() {
      loop.scheduleRepeatedTask(initialDelay: .milliseconds(200), delay: .milliseconds(200)) { _ in
        known[ObjectIdentifier(loop)]?.value.tick()
      }
    }
  }

  /// A name that leads nowhere is an address that this machine has not.
  private static func systemError(of error: any Error) -> any Error {
    if error is SocketAddressError { return SystemError(EADDRNOTAVAIL) }
    return (error as? IOError).map { SystemError($0.errnoCode) } ?? error
  }

  private static func configure(_ channel: any Channel, _ site: Site, _ loop: LoopState) throws {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = site.limits.headerField
    limits.maxHeaderListSize = site.limits.headers
    limits.maxHeaderFieldCount = site.limits.headerCount
    let decoder = HTTPRequestDecoder(
      leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)
    try channel.pipeline.syncOperations.addHandlers([ByteToMessageHandler(decoder), ConnectionHandler(site, loop)])
  }

  package var url: String { "http://127.0.0.1:\(port)" }

  /// Takes no new connections, lets requests in progress end, then closes what is left.
  package func stop() async {
    try? await channel.close()
    // All loops at once: an answer of the last one is to say that the connection ends, too.
    let drained = loops.map { loop in loop.eventLoop.submit { loop.value.drain() } }
    for loop in drained { try? await loop.get() }
    let end = ContinuousClock.now + limits.drainTime
    while ContinuousClock.now < end, await connectionCount > 0 { try? await Task.sleep(for: .milliseconds(10)) }
    for loop in loops { try? await loop.eventLoop.submit { loop.value.closeAll() }.get() }
    site.threads.stop()
    try? await group.shutdownGracefully()
  }

  /// Ends at once, without waiting for anybody. Not on an event loop.
  func closeNow() {
    try? channel.close().wait()
    site.threads.stop()
    try? group.syncShutdownGracefully()
  }

  private var connectionCount: Int {
    get async {
      var count = 0
      for loop in loops { count += (try? await loop.eventLoop.submit { loop.value.connectionCount }.get()) ?? 0 }
      return count
    }
  }
}

/// How many connections there are.
private final class ConnectionCount: Sendable {
  private let limit: Int
  private let metrics: Metrics?
  private let count = Atomic<Int>(0)

  init(limit: Int, _ metrics: Metrics?) {
    self.limit = limit
    self.metrics = metrics
  }

  /// - Returns: whether there is room for it.
  func enter(_ channel: any Channel) -> Bool {
    guard count.add(1, ordering: .relaxed).newValue <= limit else {
      count.subtract(1, ordering: .relaxed)
      metrics?.add(.connectionsRejected)
      return false
    }
    metrics?.add(.connections)
    channel.closeFuture.whenComplete { [self] _ in
      count.subtract(1, ordering: .relaxed)
      metrics?.add(.connections, -1)
    }
    return true
  }
}

/// Tells a connection that there are too many, and ends it.
private final class FullHouse: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelActive(context: ChannelHandlerContext) {
    var buffer = ByteBuffer()
    let problem = Problem(503, "full", "there are too many connections", headers: [("retry-after", "1")])
    let answer = problem.answer
    AnswerWriter.writeHead(
      of: answer, .length(answer.body.readableBytes), keepsAlive: false, id: "-",
      date: ByteBuffer(string: httpDate(time(nil))), to: &buffer)
    buffer.writeImmutableBuffer(answer.body)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    context.close(promise: nil)
  }
}
