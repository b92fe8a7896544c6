internal import Glibc

/// The bytes of a file and the name that errors call it by.
public struct InputFile: Sendable, Equatable {
  public let name: String
  public let bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// Reads a regular file as a whole. It is read, not mapped: a file that shrinks under a mapping kills the process.
  ///
  /// - Throws: `DataError` with code `.noInput` or `.noPermission`.
  public init(reading path: String) throws(DataError) {
    name = path
    guard !path.utf8.contains(0) else { throw Self.failure(ENOENT, path) }
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(errno, path) }
    defer { close(descriptor) }
    bytes = try Self.read(descriptor, size: Self.regularSize(descriptor, path), path)
  }

  /// Largest content that is held in memory: half of what the machine has, as the table has to fit too.
  package static let largestContent = max(1 << 28, sysconf(Int32(_SC_PHYS_PAGES)) / 2 * sysconf(Int32(_SC_PAGESIZE)))

  private static func regularSize(_ descriptor: Int32, _ path: String) throws(DataError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure(errno, path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw failure(EISDIR, path)
    default:
      throw DataError(
        .noInput, "is a pipe or a device, not a file", at: .init(file: path),
        advice: "save its content to a file first")
    }
    guard status.st_size <= largestContent else {
      throw DataError(
        .noInput, "holds \(status.st_size >> 20) MB, more than half of this machine's memory", at: .init(file: path),
        advice: "use fewer rows or a machine with more memory")
    }
    return Int(status.st_size)
  }

  private static func read(_ descriptor: Int32, size: Int, _ path: String) throws(DataError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = unsafe Glibc.read(descriptor, buffer.baseAddress! + count, min(size - count, 1 << 30))
        if got > 0 { count += got; continue }
        if got < 0 && errno == EINTR { continue }
        if got < 0 { code = errno }
        break
      }
    }
    guard code == 0 else { throw failure(code, path) }
    return bytes
  }

  private static func failure(_ code: Int32, _ path: String) -> DataError {
    let location = DataError.Location(file: path)
    return switch code {
    case ENOENT, ENOTDIR: DataError(.noInput, "there is no such file", at: location, advice: "check the path")
    case EISDIR: DataError(.noInput, "is a directory", at: location, advice: "name the files in it")
    case EACCES, EPERM:
      DataError(
        .noPermission, "may not be read by this user", at: location, advice: "change its permissions or its owner")
    default:
      DataError(
        .noInput, "cannot be read (\(unsafe String(cString: strerror(code))))", at: location,
        advice: "check the path and the disk")
    }
  }
}

extension InputFile {
  /// A file that is given twice would put the same rows into training and test parts: by its name, or by another name, a
  /// link or a copy, which have the same bytes.
  /// - Throws: `DataError` that names the first file that is there again.
  public static func refuseRepetition(_ files: [InputFile]) throws(DataError) {
    var seen: [Int: [InputFile]] = [:]
    for file in files {
      let ofThisSize = seen[file.bytes.count] ?? []
      if let other = ofThisSize.first(where: { $0.name == file.name || $0.bytes == file.bytes }) {
        let what =
          other.name == file.name
          ? "the file is given twice" : "the file is given twice: \(other.name) holds the same bytes"
        throw DataError(.invalid, what, at: .init(file: file.name), advice: "give it once")
      }
      seen[file.bytes.count] = ofThisSize + [file]
    }
  }
}
