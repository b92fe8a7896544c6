import ArgumentParser
import Dispatch
import Glibc
import Logging
import Server
import Synchronization

extension ServeCommand {
  /// `[::1]` and `*` are written in other places for `::1` and all addresses.
  var address: String {
    let host = host ?? Self.defaultHost
    if host == "*" { return "0.0.0.0" }
    return host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
  }

  static let defaultHost = "127.0.0.1"

  var wantedPort: Int { port ?? 5100 }

  /// The socket that systemd has opened for this process (sd_listen_fds(3)); nil where there is none. Nobody is refused while the
  /// program is replaced: connections wait at the socket.
  func activatedSocket() throws -> Int32? {
    guard let process = environment("LISTEN_PID"), process == String(getpid()) else { return nil }
    guard environment("LISTEN_FDS") == "1" else {
      throw Failure(.usage, "LISTEN_FDS: the unit of systemd has several sockets: give it one ListenStream=")
    }
    // What is started from here must not take it for its own.
    for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsafe unsetenv(name) }
    let first: Int32 = 3
    var status = stat()
    guard unsafe fstat(first, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
      throw Failure(.usage, "LISTEN_FDS: there is no socket: start the server by its unit of systemd")
    }
    _ = fcntl(first, F_SETFD, FD_CLOEXEC)
    return first
  }

  func announcement(port: Int, _ logger: Logger) -> @Sendable () -> Void {
    let shown = address.contains(":") ? "[\(address)]" : address
    let place = socketPath.map { "unix:\(printable($0))" } ?? "http://\(shown):\(port)/"
    let hasNoModel = unsafe models.isEmpty && access(Self.defaultModel, F_OK) != 0
    return {
      logger.info("serving at \(place)")
      guard hasNoModel else { return }
      logger.warning("no model yet: \(Self.defaultModel) is served as soon as learners fit has made it")
    }
  }

  /// Requests in progress were cut off where somebody was in a hurry.
  func end(_ isWhole: Bool) throws {
    if !isWhole { throw ExitCode(130) }
  }

  func cannotListen(_ error: any Error) -> Failure {
    if let socketPath { return cannotListen(at: socketPath, error) }
    let (host, port) = (host ?? address, wantedPort)
    let message =
      switch (error as? SystemError)?.code {
      case EADDRINUSE:
        "port \(port): another program listens there, at \(host): end it or choose another port with --port"
      case EACCES:
        "port \(port): this user may not listen there: choose a port of 1024 or more with --port"
      case EADDRNOTAVAIL:
        "\(printable(host)): this machine has no such address: choose another one with --host"
      default: "\(printable(host)):\(port): cannot listen there: \(error): choose another --port or --host"
      }
    return Failure(.unavailable, message)
  }

  func cannotListen(at path: String, _ error: any Error) -> Failure {
    let code = (error as? SystemError)?.code
    let advice =
      switch code {
      case EADDRINUSE: "another program listens there: end it or choose another path"
      case EEXIST: "there is a file that is no socket: choose another path"
      case ENAMETOOLONG: "the path must have 1 to 107 bytes: choose a shorter one"
      default: "\(error): choose another path"
      }
    let status: Failure.Status =
      switch code {
      case EADDRINUSE: .unavailable
      case ENAMETOOLONG: .usage
      case EACCES, EPERM: .noPermission
      default: .cannotWrite
      }
    return Failure(status, "--socket \(printable(path)): \(advice)")
  }
}

/// Strokes with words of letters, digits, points, hyphens and underscores between them.
func isBasePath(_ text: String) -> Bool {
  text.hasPrefix("/") && !text.contains("//") && text.utf8.count <= 200
    && text.utf8.allSatisfy { byte in
      (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "/.-_~".utf8.contains(byte)
    }
}

/// Bytes of "1000", "500kB" or "8MiB"; nil for anything else and for more than 1 GiB.
func sizeOfBody(_ text: String) -> Int? {
  let units = ["": 1, "B": 1, "kB": 1_000, "KiB": 1 << 10, "MB": 1_000_000, "MiB": 1 << 20, "GiB": 1 << 30]
  let digits = text.prefix { $0.isASCII && $0.isNumber }
  guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
  let (bytes, overflows) = number.multipliedReportingOverflow(by: unit)
  return overflows || !(1...1 << 30).contains(bytes) ? nil : bytes
}

/// Waits for a task, on the main thread.
func waitForServer(_ body: @escaping @Sendable () async throws -> Bool) throws -> Bool {
  let done = DispatchSemaphore(value: 0)
  let result = Mutex<Result<Bool, any Error>>(.success(true))
  Task {
    do {
      let value = try await body()
      result.withLock { $0 = .success(value) }
    } catch {
      result.withLock { $0 = .failure(error) }
    }
    done.signal()
  }
  done.wait()
  do { return try result.withLock({ $0 }).get() } catch {
    throw Failure(.bug, "\(error): this is a bug: please report it")
  }
}
