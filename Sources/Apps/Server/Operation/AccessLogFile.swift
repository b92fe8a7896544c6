internal import Glibc
package import Logging

/// The file or stream of the access log. Tools that rotate logs rename the file and send SIGHUP or SIGUSR1: what has its
/// name then is opened anew.
package final class AccessLogFile: Sendable {
  let writer: LogWriter
  /// nil for standard output, which cannot be opened anew.
  private let path: String?
  private let logger: Logger

  /// - Parameter path: `-` for standard output.
  /// - Throws: why the file cannot be appended to.
  package init(_ path: String, _ logger: Logger) throws(SystemError) {
    self.path = path == "-" ? nil : path
    self.logger = logger
    let descriptor = path == "-" ? STDOUT_FILENO : try Self.open(path)
    writer = LogWriter(descriptor: descriptor) { error in
      logger.error("the access log cannot be written: lines are lost until it can: \(error)")
    }
  }

  func reopen() {
    guard let path else { return }
    do throws(SystemError) {
      writer.reopen(try Self.open(path))
      logger.info("the access log is opened anew", metadata: ["file": "\(path)"])
    } catch {
      logger.error("the access log cannot be opened anew, the old file is written on: \(path): \(error)")
    }
  }

  private static func open(_ path: String) throws(SystemError) -> Int32 {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw SystemError(errno) }
    return descriptor
  }
}
