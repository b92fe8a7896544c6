import FoundationEssentials
import Glibc
import Learners

/// Files that the program writes: whole or not at all, and never half under their final name.
enum OutputFile {
  /// Makes a folder with its parents, so that a long job does not find out at its end that it cannot write.
  static func makeFolder(_ path: String) throws {
    var status = stat()
    if unsafe stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw failure(path, ENOTDIR) }
    } else {
      try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      // Asked for once more, the system says what is in the way.
      guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure(path, errno) }
    }
    guard unsafe access(path, W_OK) == 0 else { throw failure(path, errno) }
  }

  /// Finds out before a long job whether a file can be written at its end.
  /// - Parameter inputs: files that it must not replace, whatever name leads to them.
  static func check(_ path: String, isNone inputs: [String]) throws {
    var target = stat()
    let exists = unsafe stat(path, &target) == 0
    let isInput = inputs.contains { input in
      var status = stat()
      guard exists, unsafe stat(input, &status) == 0 else { return input == path }
      return status.st_dev == target.st_dev && status.st_ino == target.st_ino
    }
    guard !isInput else {
      throw Failure(.usage, "\(path): the command needs this file: it would be replaced: choose another name")
    }
    if exists {
      if target.st_mode & S_IFMT == S_IFDIR { throw failure(path, EISDIR) }
      guard unsafe access(path, W_OK) == 0 else { throw failure(path, errno) }
      if target.st_mode & S_IFMT != S_IFREG { return }
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    var status = stat()
    guard unsafe stat(folder, &status) == 0 else { throw failure(path, errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw failure(path, ENOTDIR) }
    guard unsafe access(folder, W_OK) == 0 else { throw failure(path, errno) }
  }

  /// Writes a temporary file beside the final one, flushes it to the disk, and renames it.
  static func write(_ bytes: [UInt8], to path: String) throws {
    try Interruption.deferred {
      do throws(FileError) {
        try AtomicFile.write(bytes, to: path)
      } catch {
        throw Failure(error, advice: "choose another place")
      }
    }
  }

  /// Writes a file in pieces, for content that is larger than the memory: whole or not at all. A link is followed; a device
  /// or a pipe is written to as it is.
  /// - Parameter body: calls its argument with each piece.
  static func stream(to path: String, _ body: (_ sink: (ArraySlice<UInt8>) throws -> Void) throws -> Void) throws {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return try replace(path, body) }
    if status.st_mode & S_IFMT == S_IFREG, let resolved = unsafe realpath(path, nil) {
      defer { unsafe free(resolved) }
      return try replace(unsafe String(cString: resolved), body)
    }
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    try body { piece in guard Terminal.put(piece, to: descriptor) else { throw failure(path, errno) } }
  }

  private static func replace(
    _ path: String, _ body: (_ sink: (ArraySlice<UInt8>) throws -> Void) throws -> Void
  ) throws {
    let temporary = "\(path).\(getpid()).tmp"
    try Interruption.removing(temporary) {
      let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw failure(path, errno) }
      var isOpen = true
      defer {
        if isOpen { close(descriptor) }
        unsafe unlink(temporary)
      }
      var pending: [UInt8] = []
      let flush = { guard Terminal.put(pending[...], to: descriptor) else { throw failure(path, errno) } }
      try body { piece in
        pending += piece
        guard pending.count > 1 << 20 else { return }
        try flush()
        pending.removeAll(keepingCapacity: true)
      }
      try flush()
      guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw failure(path, errno) }
      isOpen = false
      guard close(descriptor) == 0 else { throw failure(path, errno) }
      try Interruption.deferred {
        guard unsafe rename(temporary, path) == 0 else { throw failure(path, errno) }
      }
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> Failure {
    let reason = unsafe String(cString: strerror(code))
    let status: Failure.Status = code == EACCES || code == EPERM ? .noPermission : .cannotWrite
    return Failure(status, "\(path): it cannot be written to: \(reason): choose another place")
  }
}
