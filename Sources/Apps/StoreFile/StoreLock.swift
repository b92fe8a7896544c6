internal import Glibc

/// Keeps a second writer away from a store, for as long as it lives; the system takes it away from a dead process.
///
/// The lock is on a file of its own: SQLite loses its locks when another descriptor of the store is closed.
public final class StoreLock: Sendable {
  private let descriptor: Int32

  /// - Parameter command: which command writes to such stores, as people know it.
  public init(_ store: String, of command: String) throws(StoreProblem) {
    var status = stat()
    guard unsafe stat(store, &status) != 0 || status.st_nlink < 2 else {
      throw StoreProblem(
        .cannotWrite, "\(store): the file has \(status.st_nlink) names (hard links), which SQLite cannot tell apart",
        advice: "copy it, or give another --store")
    }
    // A symbolic link is another name of the same store: both have to see the same lock.
    let path = Self.resolved(store, links: 20) + ".lock"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let code = errno
      throw StoreProblem(
        code == EACCES || code == EPERM ? .noPermission : .cannotWrite,
        "\(store): it cannot be locked: \(unsafe String(cString: strerror(code)))", advice: "give another --store")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = Self.owner(descriptor)
      close(descriptor)
      throw StoreProblem(
        .cannotWrite, "\(store): another \(command)\(owner) is writing to it",
        advice: "wait for it, or give another --store")
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    unsafe text.withUnsafeBytes { _ = unsafe write(descriptor, $0.baseAddress!, $0.count) }
  }

  deinit { close(descriptor) }

  /// The path behind symbolic links, be the file there or not.
  private static func resolved(_ path: String, links: Int) -> String {
    if let found = unsafe realpath(path, nil) {
      defer { unsafe free(found) }
      return unsafe String(cString: found)
    }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink(path, &buffer, buffer.count)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    guard length > 0, links > 0 else { return path }
    let target = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return resolved(target.hasPrefix("/") ? target : folder + target, links: links - 1)
  }

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
