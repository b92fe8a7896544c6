internal import Glibc

/// A socket with a name in the file system, for proxies and programs of the same machine: it takes the place of an address
/// and a port.
package final class UnixSocket: Sendable {
  package let path: String
  /// Listens already, so that nobody is refused before the first process takes connections.
  let descriptor: Int32
  private let identity: Identity
  private let claim: AddressClaim

  private struct Identity: Equatable {
    let device: UInt
    let file: UInt
  }

  /// Owner and group may connect; the folder decides who comes as far as the socket. A socket that a server which was killed
  /// left behind is replaced.
  /// - Throws: `EADDRINUSE` where a program listens there, `EEXIST` where the file is no socket, `ENAMETOOLONG`.
  package init(_ path: String) throws(SystemError) {
    guard Self.mostBytes >= path.utf8.count, !path.isEmpty else { throw SystemError(ENAMETOOLONG) }
    self.path = path
    // A name in a folder is the same place, whichever way leads to the folder.
    let folder = try Self.identity(of: Self.folder(of: path))
    let name = path.split(separator: "/").last.map(String.init) ?? path
    claim = try AddressClaim("\(folder.device):\(folder.file)/\(name)")
    try Self.makeRoom(at: path)
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(errno) }
    do throws(SystemError) {
      try Self.check(Self.call(.bind, descriptor, Array(path.utf8)))
      try Self.check(unsafe chmod(path, 0o660))
      try Self.check(listen(descriptor, 1024))
      identity = try Self.identity(of: path)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Takes the name away, unless it is another server's by now.
  func remove() {
    guard let now = try? Self.identity(of: path), now == identity else { return }
    unsafe unlink(path)
  }

  /// What a socket's address has room for.
  static let mostBytes = 107

  enum Call { case bind, connect }

  /// Calls one of the system's functions with an address of this family.
  static func call(_ function: Call, _ descriptor: Int32, _ name: [UInt8]) -> Int32 {
    var place = sockaddr_un()
    place.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &place.sun_path) { unsafe $0.copyBytes(from: name) }
    // A path ends with a zero; a name that begins with one is not in the file system and is as long as it is.
    let end = name.first == 0 ? 0 : 1
    let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count + end)
    return unsafe withUnsafePointer(to: &place) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        switch function {
        case .bind: unsafe bind(descriptor, address, size)
        case .connect: unsafe connect(descriptor, address, size)
        }
      }
    }
  }

  // MARK: Parts

  private static func makeRoom(at path: String) throws(SystemError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw SystemError(EEXIST) }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { throw SystemError(errno) }
    defer { close(probe) }
    guard call(.connect, probe, Array(path.utf8)) != 0 else { throw SystemError(EADDRINUSE) }
    guard errno == ECONNREFUSED else { throw SystemError(errno) }
    try check(unsafe unlink(path))
  }

  private static func folder(of path: String) -> String {
    guard let stroke = path.lastIndex(of: "/") else { return "." }
    return stroke == path.startIndex ? "/" : String(path[..<stroke])
  }

  private static func identity(of path: String) throws(SystemError) -> Identity {
    var status = stat()
    try check(unsafe stat(path, &status))
    return Identity(device: UInt(status.st_dev), file: UInt(status.st_ino))
  }

  private static func check(_ code: Int32) throws(SystemError) {
    guard code == 0 else { throw SystemError(errno) }
  }
}
