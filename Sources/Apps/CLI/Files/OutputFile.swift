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

  static var currentFolder: String { FileManager.default.currentDirectoryPath }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The program that runs, whatever it was called by.
  static var ownProgram: String { "/proc/self/exe" }

  /// Finds out before a long job whether a file can be written at its end.
  static func check(_ path: String) throws {
    var target = stat()
    if unsafe stat(path, &target) == 0 {
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

  /// Writes all of a file.
  static func write(_ bytes: [UInt8], to path: String) throws {
    try stream(to: path) { sink in try sink(bytes[...]) }
  }

  /// Gives a file that was written a second name, in the place of what had it. False where it cannot have two.
  static func link(_ existing: String, to path: String) -> Bool {
    Interruption.deferred { FileDraft.link(existing, to: path) }
  }

  /// Writes a file in pieces, for content that is larger than the memory: whole or not at all. A link is followed; a device
  /// or a pipe is written to as it is.
  /// - Parameter body: calls its argument with each piece.
  static func stream(to path: String, _ body: (_ sink: (ArraySlice<UInt8>) throws -> Void) throws -> Void) throws {
    do {
      let draft = try FileDraft(of: path)
      try Interruption.removing(draft.temporary) {
        try body { piece in try draft.append(piece) }
        try Interruption.deferred { try draft.finish() }
      }
    } catch let error as FileError {
      throw Failure(error, advice: "choose another place")
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> Failure {
    let reason = unsafe String(cString: strerror(code))
    let status: Failure.Status = code == EACCES || code == EPERM ? .noPermission : .cannotWrite
    return Failure(status, "\(path): it cannot be written to: \(reason): choose another place")
  }
}
