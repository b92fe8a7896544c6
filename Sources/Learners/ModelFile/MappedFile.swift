internal import Glibc

/// Reading a file through the page cache, without a copy of it.
internal enum MappedFile {
  /// Gives `body` the bytes of a regular file. It must not be cut short by another process meanwhile; files that
  /// `FileDraft` writes never are, for they are replaced as a whole.
  internal static func withBytes<Result>(
    of path: String, _ body: (RawSpan) throws(ModelFileError) -> Result
  ) throws(ModelFileError) -> Result {
    // Opening a pipe for reading would wait for somebody to write.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .file(readError(path, errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .file(readError(path, errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .file(.cannotRead(path: path, reason: "it is not a regular file"))
    }
    let size = Int(status.st_size)
    guard size > 0 else { return try body(RawSpan()) }
    guard
      let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe address != MAP_FAILED
    else { throw .file(readError(path, errno)) }
    defer { unsafe munmap(address, size) }
    let bytes = unsafe UnsafeRawBufferPointer(start: address, count: size)
    return try body(unsafe bytes.bytes)
  }

  private static func readError(_ path: String, _ code: Int32) -> FileError {
    switch code {
    case ENOENT, ENOTDIR: .notFound(path: path)
    case EACCES, EPERM: .noPermission(path: path)
    default: .cannotRead(path: path, reason: unsafe String(cString: strerror(code)))
    }
  }
}
