import FoundationEssentials
import Glibc
import Learners

/// Files that the program writes: whole or not at all, and never half under their final name.
enum OutputFile {
  /// Makes a folder with its parents, so that a long job does not find out at its end that it cannot write.
  static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw failure(path, "the folder cannot be made")
    }
    guard unsafe access(path, W_OK) == 0 else { throw failure(path, "the folder cannot be written to") }
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

  private static func failure(_ path: String, _ what: String) -> Failure {
    let reason = unsafe String(cString: strerror(errno))
    let status: Failure.Status = errno == EACCES || errno == EPERM || errno == EROFS ? .noPermission : .cannotWrite
    return Failure(status, "\(path): \(what): \(reason): choose another place with --out")
  }
}
