internal import Glibc
internal import Synchronization

/// Writing a file as a whole or not at all.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, makes sure that they are on the disk, and gives it the name
  /// `path`, in the place of what had that name. After an error the old file is as it was, and no other remains.
  ///
  /// A link is followed, an existing file keeps its permissions. A device or a pipe is written to as it is.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    guard let target = existing(path) else { return try replace(path, permissions: nil, with: bytes) }
    switch target.mode & S_IFMT {
    case S_IFREG: try replace(target.path, permissions: target.mode & 0o777, with: bytes)
    case S_IFDIR: throw .cannotWrite(path: path, reason: "it is a folder")
    default: try writeThrough(bytes, to: target.path)
    }
  }

  /// What a path leads to, links followed; nil where there is nothing yet.
  private static func existing(_ path: String) -> (path: String, mode: mode_t)? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe (String(cString: resolved), status.st_mode)
  }

  private static func writeThrough(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw writeError(path, errno) }
    defer { close(descriptor) }
    let failure = writeAll(bytes, to: descriptor)
    guard failure == 0 else { throw writeError(path, failure) }
  }

  private static func replace(_ path: String, permissions: mode_t?, with bytes: [UInt8]) throws(FileError) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    guard !name.isEmpty else { throw .cannotWrite(path: path, reason: "it names no file") }
    let temporary = "\(folder).\(name.prefix(100)).\(getpid()).\(serial.add(1, ordering: .relaxed).newValue).tmp"
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw writeError(path, errno) }
    var failure = writeAll(bytes, to: descriptor)
    if failure == 0 && fsync(descriptor) != 0 { failure = errno }
    if failure == 0, let permissions, fchmod(descriptor, permissions) != 0 { failure = errno }
    if close(descriptor) != 0 && failure == 0 { failure = errno }
    if failure == 0, unsafe rename(temporary, path) != 0 { failure = errno }
    guard failure == 0 else {
      unsafe unlink(temporary)
      throw writeError(path, failure)
    }
    synchronize(folder: folder)
  }

  /// Distinguishes the temporary files of one process.
  private static let serial = Atomic<Int>(0)

  /// - Returns: 0 or the code of the error.
  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    unsafe bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let written = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return written < 0 ? errno : EIO }
        done += written
      }
      return 0
    }
  }

  /// Makes the new name survive a power failure. The file is whole with either name, so a folder that cannot be
  /// synchronised is no error.
  private static func synchronize(folder: String) {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func writeError(_ path: String, _ code: Int32) -> FileError {
    switch code {
    case EACCES, EPERM: .noPermission(path: path)
    case ENOENT, ENOTDIR: .cannotWrite(path: path, reason: "its folder does not exist")
    default: .cannotWrite(path: path, reason: unsafe String(cString: strerror(code)))
    }
  }
}
