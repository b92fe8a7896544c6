internal import Glibc

/// The bytes of a file and the name that errors call it by.
public struct InputFile: Sendable, Equatable {
  public let name: String
  internal let content: FileContent

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    content = .memory(bytes)
  }

  /// Reads a regular file as a whole.
  ///
  /// - Throws: `DataError` with code `.noInput` or `.noPermission`.
  public init(reading path: String) throws(DataError) {
    try self.init(InputFile(opening: path))
  }

  /// Opens a regular file, whose bytes are read when they are needed: tables of any size are made of it without its bytes
  /// being in memory all at once.
  public init(opening path: String) throws(DataError) {
    name = path
    content = .disk(try OpenFile(path))
  }

  /// The same file with its bytes in memory.
  internal init(_ file: InputFile) throws(DataError) {
    name = file.name
    guard case .disk(let open) = file.content else {
      content = file.content
      return
    }
    var bytes = [UInt8](repeating: 0, count: open.size)
    try open.read(0..<open.size, into: &bytes)
    content = .memory(bytes)
  }

  /// All bytes; of a file that was opened, and can no longer be read, none.
  public var bytes: [UInt8] {
    if case .memory(let bytes) = content { return bytes }
    guard let file = try? InputFile(self), case .memory(let bytes) = file.content else { return [] }
    return bytes
  }

  public static func == (a: InputFile, b: InputFile) -> Bool { a.name == b.name && a.bytes == b.bytes }

  /// Largest content that is held in memory: half of what the machine has, as the table has to fit too.
  package static let largestContent = max(1 << 28, sysconf(Int32(_SC_PHYS_PAGES)) / 2 * sysconf(Int32(_SC_PAGESIZE)))
}

extension InputFile {
  /// What errors call standard input.
  public static let nameOfStandardInput = "standard input"

  /// Reads what comes on standard input, to its end.
  public static func standardInput() throws(DataError) -> InputFile {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(0, $0.baseAddress, $0.count) }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw DataError(reading: nameOfStandardInput, errno) }
      if got == 0 { return InputFile(name: nameOfStandardInput, bytes: bytes) }
      bytes.append(contentsOf: piece[..<got])
      guard bytes.count <= largestContent else {
        throw DataError(
          .noInput, "holds more than half of this machine's memory", at: .init(file: nameOfStandardInput),
          advice: "use fewer rows or a machine with more memory")
      }
    }
  }

  /// A file that is given twice would put the same rows into training and test parts: by its name, or by another name, a
  /// link or a copy, which have the same bytes.
  /// - Throws: `DataError` that names the first file that is there again.
  public static func refuseRepetition(_ files: [InputFile]) throws(DataError) {
    var seen: [Int: [InputFile]] = [:]
    for file in files {
      let ofThisSize = seen[file.content.count] ?? []
      if let other = ofThisSize.first(where: { $0.name == file.name || $0.bytes == file.bytes }) {
        let what =
          other.name == file.name
          ? "the file is given twice" : "the file is given twice: \(other.name) holds the same bytes"
        throw DataError(.invalid, what, at: .init(file: file.name), advice: "give it once")
      }
      seen[file.content.count] = ofThisSize + [file]
    }
  }
}
