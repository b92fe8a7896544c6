internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Answers HTTP/1.1 on one address, on event loops of its own, until it is stopped.
package final class Listener: Sendable {
  package struct Address: Sendable, Hashable {
    package var host = "127.0.0.1"
    /// 0 for one that is free.
    package var port = 5100
    /// Whether other processes of this user may listen at the same address and share its connections.
    package var isShared = false
    /// A socket that listens already, which takes the place of the address; it is the listener's from now on.
    package var descriptor: Int32?

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
  ///   - accessLog: gets a line for each request; nil for none.
  ///   - problemPage: what people see of a problem; nil where everybody gets JSON.
  /// - Throws: `SystemError` where the address cannot be had.
  package init(
    _ routes: [Route], at address: Address, threads: Int, limits: Limits = Limits(), metrics: Metrics? = nil,
    accessLog: LogWriter? = nil,
    problemPage: (@Sendable (_ status: Int, _ detail: String, _ depth: Int) -> String)? = nil
  ) throws {
    group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    site = Site(
      routes, limits: limits, threads: SlowThreads(limit: limits.slowRequests), metrics: metrics,
      problemPage: problemPage)
    self.limits = limits
    let states = try Self.states(of: group, accessLog, metrics)
    do {
      let bootstrap = Self.bootstrap(group, site, states, address)
      let bound =
        address.descriptor.map { bootstrap.withBoundSocket($0) }
        ?? bootstrap.bind(host: address.host, port: address.port)
      channel = try bound.wait()
    } catch {
      group.shutdownGracefully { _ in }
      throw Self.systemError(of: error)
    }
    port = channel.localAddress?.port ?? address.port
    loops = Array(states.values)
    for loop in loops {
      loop.eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(200), delay: .milliseconds(200)) { _ in
        loop.value.tick()
      }
    }
  }

  private typealias States = [ObjectIdentifier: NIOLoopBound<LoopState>]

  private static func states(
    of group: MultiThreadedEventLoopGroup, _ accessLog: LogWriter?, _ metrics: Metrics?
  ) throws -> States {
    var states: States = [:]
    for loop in group.makeIterator() {
      states[ObjectIdentifier(loop)] =
        try loop.submit {
          NIOLoopBound(LoopState(accessLog: accessLog.map { AccessLog($0, metrics) }), eventLoop: loop)
        }.wait()
    }
    return states
  }

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, _ site: Site, _ states: States, _ address: Address
  ) -> ServerBootstrap {
    let count = ConnectionCount(limit: site.limits.connections, site.metrics)
    let common = ServerBootstrap(group: group).serverChannelOption(.maxMessagesPerRead, value: 256)
    // Sockets of the file system have no such options, and one that is given listens already.
    let bootstrap =
      address.descriptor != nil
      ? common
      : common.serverChannelOption(.backlog, value: 1024)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: address.isShared ? 1 : 0)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    return bootstrap.childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        guard let state = states[ObjectIdentifier(channel.eventLoop)], count.enter(channel) else {
          return try channel.pipeline.syncOperations.addHandler(FullHouse())
        }
        try configure(channel, site, state.value)
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

  /// Takes no new connections, lets requests in progress end unless the task is cancelled, then closes what is left.
  package func stop() async {
    try? await channel.close()
    // All loops at once: an answer of the last one is to say that the connection ends, too.
    let drained = loops.map { loop in loop.eventLoop.submit { loop.value.drain() } }
    for loop in drained { try? await loop.get() }
    let end = ContinuousClock.now + limits.drainTime
    while ContinuousClock.now < end, !Task.isCancelled, await connectionCount > 0 {
      try? await Task.sleep(for: .milliseconds(10))
    }
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
