internal import Glibc
internal import Synchronization

/// A file that is written in pieces, as a whole or not at all: a temporary file beside the final one, which takes its name
/// when it is complete and on the disk. Who drops a draft drops what it holds; the old file is as it was.
///
/// A link is followed, an existing file keeps its permissions. A device or a pipe is written to as it is.
public final class FileDraft {
  /// Where the pieces are until `finish`; nil where they go straight to a device or a pipe.
  public let temporary: String?
  private let path: String
  /// What `path` leads to.
  private let target: String
  private let permissions: mode_t?
  private var descriptor: Int32 = -1
  private var pending: [UInt8] = []

  private static let pieceSize = 1 << 20
  /// Distinguishes the temporary files of one process.
  private static let serial = Atomic<Int>(0)

  /// Finds out where the file goes; nothing is made yet.
  public init(of path: String) throws(FileError) {
    self.path = path
    let existing = FileDraft.existing(path)
    let target = existing?.path ?? path
    self.target = target
    switch existing.map({ $0.mode & S_IFMT }) {
    case nil, S_IFREG:
      permissions = existing.map { $0.mode & 0o777 }
      let (folder, name) = FileDraft.parts(of: target)
      guard !name.isEmpty else { throw .cannotWrite(path: path, reason: "it names no file") }
      let number = FileDraft.serial.add(1, ordering: .relaxed).newValue
      temporary = "\(folder).\(name.prefix(100)).\(getpid()).\(number).tmp"
    case S_IFDIR: throw .cannotWrite(path: path, reason: "it is a folder")
    default: (permissions, temporary) = (nil, nil)
    }
  }

  deinit {
    if descriptor >= 0 { Self.discard(descriptor, temporary) }
  }

  /// Writes all of a file: to a temporary file beside `path`, which is put on the disk and then takes the place of what had
  /// that name. After an error the old file is as it was, and no other remains.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let draft = try FileDraft(of: path)
    try draft.append(bytes[...])
    try draft.finish()
  }

  /// Adds `piece` at the end.
  public func append(_ piece: ArraySlice<UInt8>) throws(FileError) {
    if pending.isEmpty && piece.count >= Self.pieceSize { return try write(piece) }
    pending += piece
    guard pending.count >= Self.pieceSize else { return }
    try write(pending[...])
    pending.removeAll(keepingCapacity: true)
  }

  /// Puts the file on the disk under its final name. Nothing may be added after it.
  public func finish() throws(FileError) {
    try write(pending[...])
    pending = []
    var failure: Int32 = 0
    if temporary != nil {
      if fsync(descriptor) != 0 { failure = errno }
      if failure == 0, let permissions, fchmod(descriptor, permissions) != 0 { failure = errno }
    }
    if close(descriptor) != 0 && failure == 0 { failure = errno }
    descriptor = -1
    guard let temporary else { return try check(failure) }
    if failure == 0, unsafe rename(temporary, target) != 0 { failure = errno }
    if failure != 0 { unsafe unlink(temporary) }
    try check(failure)
    Self.synchronize(folder: Self.parts(of: target).folder)
  }

  private func write(_ bytes: ArraySlice<UInt8>) throws(FileError) {
    if descriptor < 0 {
      if let temporary {
        descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      } else {
        descriptor = unsafe open(target, O_WRONLY | O_CLOEXEC)
      }
      guard descriptor >= 0 else { throw error(errno) }
    }
    try check(Self.writeAll(bytes, to: descriptor))
  }

  /// - Returns: 0 or the code of the error.
  private static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int32 {
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

  private static func discard(_ descriptor: Int32, _ temporary: String?) {
    close(descriptor)
    if let temporary { unsafe unlink(temporary) }
  }

  /// What a path leads to, links to files followed; nil where there is nothing yet. A pipe has no other name: that of
  /// /dev/stdout leads to nothing.
  private static func existing(_ path: String) -> (path: String, mode: mode_t)? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFREG, let resolved = unsafe realpath(path, nil) else {
      return (path, status.st_mode)
    }
    defer { unsafe free(resolved) }
    return unsafe (String(cString: resolved), status.st_mode)
  }

  private static func parts(of path: String) -> (folder: String, name: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return ("./", path[...]) }
    return (String(path[...slash]), path[path.index(after: slash)...])
  }

  /// Makes the new name survive a power failure. The file is whole with either name, so a folder that cannot be
  /// synchronised is no error.
  private static func synchronize(folder: String) {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Throws unless `code` is 0.
  private func check(_ code: Int32) throws(FileError) {
    if code != 0 { throw error(code) }
  }

  private func error(_ code: Int32) -> FileError {
    switch code {
    case EACCES, EPERM: .noPermission(path: path)
    case ENOENT, ENOTDIR: .cannotWrite(path: path, reason: "its folder does not exist")
    default: .cannotWrite(path: path, reason: unsafe String(cString: strerror(code)))
    }
  }
}
