internal import Glibc
internal import Synchronization

/// The bytes of a file: in memory, or read where they are asked for.
internal enum FileContent: Sendable {
  case memory([UInt8])
  case disk(OpenFile)

  var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .disk(let file): file.size
    }
  }

  /// Calls `body` with the bytes of a range.
  func withBytes<Result>(
    _ range: Range<Int>, _ body: (Span<UInt8>) throws(DataError) -> Result
  ) throws(DataError) -> Result {
    switch self {
    case .memory(let bytes): return try body(bytes.span.extracting(range))
    case .disk(let file):
      var buffer = file.borrowBuffer(range.count)
      defer { file.returnBuffer(buffer) }
      try file.read(range, into: &buffer)
      return try body(buffer.span.extracting(0..<range.count))
    }
  }

  /// Calls `body` for the whole content, piece by piece.
  func forEachPiece(_ body: (Span<UInt8>) throws(DataError) -> Void) throws(DataError) {
    for start in stride(from: 0, to: count, by: 1 << 20) {
      try withBytes(start..<min(count, start + 1 << 20), body)
    }
  }

  /// Throws where a file on disk is not what it was when it was opened.
  func checkUnchanged() throws(DataError) {
    if case .disk(let file) = self { try file.checkUnchanged() }
  }
}

/// A regular file that is open for reading. It is read, not mapped: a file that shrinks under a mapping kills the process.
internal final class OpenFile: Sendable {
  let path: String
  let size: Int
  private let descriptor: Int32
  private let changed: Int64
  /// Memory that is read into, kept from one part of the file to the next: one piece for each thread that reads.
  private let buffers = Mutex<[[UInt8]]>([])

  /// - Throws: `DataError` with code `.noInput` or `.noPermission`.
  init(_ path: String) throws(DataError) {
    guard !path.utf8.contains(0) else { throw DataError(reading: path, ENOENT) }
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw DataError(reading: path, errno) }
    do throws(DataError) {
      let status = try Self.status(descriptor, path)
      try Self.checkKind(status, path)
      size = Int(status.st_size)
      changed = Self.moment(status)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  private static func status(_ descriptor: Int32, _ path: String) throws(DataError) -> stat {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw DataError(reading: path, errno) }
    return status
  }

  private static func moment(_ status: stat) -> Int64 {
    Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }

  private static func checkKind(_ status: stat, _ path: String) throws(DataError) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw DataError(reading: path, EISDIR)
    default:
      throw DataError(
        .noInput, "is a pipe or a device, not a file", at: .init(file: path),
        advice: "save its content to a file first, or send it to standard input (--data -)")
    }
    guard status.st_size <= InputFile.largestContent else {
      throw DataError(
        .noInput, "holds \(status.st_size >> 20) MB, more than half of this machine's memory", at: .init(file: path),
        advice: "use fewer rows or a machine with more memory")
    }
  }

  /// Reads the bytes of a range to the beginning of `bytes`.
  func read(_ range: Range<Int>, into bytes: inout [UInt8]) throws(DataError) {
    precondition(range.count <= bytes.count, "OpenFile: \(range.count) bytes into \(bytes.count)")
    var done = 0
    while done < range.count {
      let got = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        unsafe pread(
          descriptor, buffer.baseAddress! + done, min(range.count - done, 1 << 30), off_t(range.lowerBound + done))
      }
      if got > 0 { done += got; continue }
      if got < 0 && errno == EINTR { continue }
      throw got < 0 ? DataError(reading: path, errno) : change
    }
  }

  /// At least so many bytes of memory, which is to be returned.
  func borrowBuffer(_ count: Int) -> [UInt8] {
    let free = buffers.withLock { $0.popLast() }
    guard let free, free.count >= count else { return [UInt8](repeating: 0, count: count + count / 8) }
    return free
  }

  func returnBuffer(_ buffer: [UInt8]) { buffers.withLock { $0.append(buffer) } }

  func checkUnchanged() throws(DataError) {
    let status = try Self.status(descriptor, path)
    guard Int(status.st_size) == size && Self.moment(status) == changed else { throw change }
  }

  private var change: DataError {
    DataError(
      .noInput, "was changed while it was read", at: .init(file: path),
      advice: "wait until it is written, then try again")
  }
}

extension DataError {
  /// The error for a file that the system does not give.
  internal init(reading path: String, _ code: Int32) {
    let location = Location(file: path)
    switch code {
    case ENOENT, ENOTDIR: self.init(.noInput, "there is no such file", at: location, advice: "check the path")
    case EISDIR: self.init(.noInput, "is a directory", at: location, advice: "name the files in it")
    case EACCES, EPERM:
      self.init(
        .noPermission, "may not be read by this user", at: location, advice: "change its permissions or its owner")
    default:
      self.init(
        .noInput, "cannot be read (\(unsafe String(cString: strerror(code))))", at: location,
        advice: "check the path and the disk")
    }
  }
}
