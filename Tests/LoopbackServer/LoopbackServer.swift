package import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A server on 127.0.0.1, with or without TLS, on a thread of its own.
package final class LoopbackServer: Sendable {
  package let port: Int
  private let isEncrypted: Bool
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// - Parameters:
  ///   - port: 0 for one that is free.
  ///   - certificate: for TLS; `h2` is offered where `protocols` says so.
  ///   - addHandlers: what answers on a new connection.
  package init(
    port: Int = 0, certificate: TestCertificate? = nil, protocols: [String] = ["http/1.1"],
    addHandlers: @escaping @Sendable (any Channel) throws -> Void
  ) throws {
    let context = try certificate.map { try $0.serverContext(protocols: protocols) }
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
          try addHandlers(channel)
        }
      }
    channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
    self.port = channel.localAddress?.port ?? 0
    isEncrypted = certificate != nil
  }

  deinit { group.shutdownGracefully { _ in } }

  package var url: String { "\(isEncrypted ? "https" : "http")://127.0.0.1:\(port)" }

  /// Ends all connections.
  package func stop() throws { try group.syncShutdownGracefully() }

  /// Waits until somebody else ends the server.
  package func waitUntilClosed() throws { try channel.closeFuture.wait() }
}
