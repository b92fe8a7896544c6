internal import Glibc

/// Keeps a second writer away from a store, for as long as it lives; the system takes it away from a dead process.
///
/// The lock is on a file of its own: SQLite loses its locks when another descriptor of the store is closed.
internal final class StoreLock {
  private let descriptor: Int32

  internal init(_ store: String) throws(ExtractionError) {
    let path = store + ".lock"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let code = errno
      throw ExtractionError(
        code == EACCES || code == EPERM ? .noPermission : .cannotWrite,
        "\(store): it cannot be locked: \(unsafe String(cString: strerror(code)))", advice: "give another --store")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = Self.owner(descriptor)
      close(descriptor)
      throw ExtractionError(
        .cannotWrite, "\(store): another learners extract\(owner) is writing to it",
        advice: "wait for it, or give another --store")
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    unsafe text.withUnsafeBytes { _ = unsafe write(descriptor, $0.baseAddress!, $0.count) }
  }

  deinit { close(descriptor) }

  /// " (process 123)"; empty where the file does not say.
  private static func owner(_ descriptor: Int32) -> String {
    var text = [UInt8](repeating: 0, count: 20)
    let count = unsafe text.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress!, $0.count, 0) }
    guard count > 0, let process = Int(String(decoding: text[..<count].prefix { $0 != 0x0a }, as: UTF8.self)) else {
      return ""
    }
    return " (process \(process))"
  }
}
