package import NIOCore
internal import NIOPosix

/// A server on 127.0.0.1, on a thread of its own.
package final class LoopbackServer: Sendable {
  package let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// - Parameters:
  ///   - port: 0 for one that is free.
  ///   - addHandlers: what answers on a new connection.
  package init(port: Int = 0, addHandlers: @escaping @Sendable (any Channel) throws -> Void) throws {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try addHandlers(channel) }
      }
    channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
    self.port = channel.localAddress?.port ?? 0
  }

  deinit { group.shutdownGracefully { _ in } }

  package var url: String { "http://127.0.0.1:\(port)" }

  /// Ends all connections.
  package func stop() throws { try group.syncShutdownGracefully() }

  /// Waits until somebody else ends the server.
  package func waitUntilClosed() throws { try channel.closeFuture.wait() }
}
