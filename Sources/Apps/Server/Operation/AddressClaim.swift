internal import Glibc
internal import NIOCore

/// Keeps an address for one server, as long as its process runs: workers share their port with each other, so the system
/// would let a second server share it, too, where both start at the same moment.
package final class AddressClaim: Sendable {
  private let descriptor: Int32

  /// - Throws: `EADDRINUSE` where another server of this machine has it.
  package convenience init(host: String, port: Int) throws(SystemError) {
    let address = (try? SocketAddress.makeAddressResolvingHost(host, port: port))?.ipAddress ?? host
    try self.init("\(address):\(port)")
  }

  /// The claim is a name of Linux's abstract sockets, which is gone with the process and leaves no file.
  init(_ place: String) throws(SystemError) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(errno) }
    let name = [0] + Array("learners-serve/\(place)".utf8.prefix(100))
    let code = UnixSocket.call(.bind, descriptor, name)
    // What is thrown from here on ends the claim as `deinit` does: closed twice, the number may be somebody else's by then.
    guard code == 0 else { throw SystemError(errno) }
  }

  deinit { close(descriptor) }
}
