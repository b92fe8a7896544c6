import Glibc

/// The files that a command needs: no output of the command may take the place of one of them.
///
/// Files are known by device and inode: links of both kinds, other spellings and redirected standard streams lead to the
/// same file. What does not exist yet is known by its folder and its name there.
struct OutputGuard {
  private enum Identity: Hashable {
    case file(device: dev_t, inode: ino_t)
    case place(device: dev_t, inode: ino_t, name: String)
  }

  private var kept: Set<Identity> = []
  private var outputs: [Identity: String] = [:]

  /// - Parameter inputs: paths; `-` is standard input, nil nothing. A store is kept with the files beside it.
  init(keeping inputs: [String?]) {
    for path in inputs.compactMap(\.self) {
      guard path.lowercased().hasSuffix(".sqlite") else {
        if let identity = Self.identity(path) { kept.insert(identity) }
        continue
      }
      for part in Self.storeParts(path) + Self.storeParts(Self.resolved(path)) {
        if let identity = Self.identity(part) { kept.insert(identity) }
      }
    }
  }

  /// The files that SQLite and the lock of writers have beside a store.
  static func storeParts(_ path: String) -> [String] {
    ["", "-wal", "-shm", "-journal", ".lock"].map { path + $0 }
  }

  /// SQLite keeps them beside the file that a link leads to.
  private static func resolved(_ path: String) -> String {
    guard let found = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }

  /// - Throws: `Failure` where a file that is going to be written to is one that the command needs.
  func refuse(_ path: String) throws {
    guard let identity = Self.identity(path), kept.contains(identity) else { return }
    throw Failure(.usage, "\(path): the command needs this file, which would be replaced: choose another name")
  }

  /// Finds out before the work whether an output may be written and can be, and standard output too.
  /// - Parameters:
  ///   - path: nil for standard output alone.
  ///   - others: outputs that may be another name of the same file.
  mutating func check(_ path: String?, mayBe others: [String] = []) throws {
    try checkStandardOutput()
    guard let path else { return }
    try refuse(path)
    if let identity = Self.identity(path) {
      if let other = outputs.updateValue(path, forKey: identity), !others.contains(other) {
        throw Failure(.usage, "\(path): this is the same file as \(other), another output: choose another name")
      }
    }
    try OutputFile.check(path)
  }

  /// What a shell has opened for `>` is empty by now, and for `>>` would get the result behind its own rows.
  private func checkStandardOutput() throws {
    var status = stat()
    guard unsafe fstat(STDOUT_FILENO, &status) == 0, let identity = Self.identity(status), kept.contains(identity)
    else { return }
    throw Failure(
      .usage, "standard output: it is a file that the command needs: send the result to another file, with --out or >")
  }

  private static func identity(_ path: String) -> Identity? {
    var status = stat()
    if path == "-" { return unsafe fstat(STDIN_FILENO, &status) == 0 ? identity(status) : nil }
    if unsafe stat(path, &status) == 0 { return identity(status) }
    return place(path, links: 20)
  }

  /// nil for what is not kept on a disk: a terminal, a pipe, a device.
  private static func identity(_ status: stat) -> Identity? {
    status.st_mode & S_IFMT == S_IFREG ? .file(device: status.st_dev, inode: status.st_ino) : nil
  }

  /// Of a file that is not there: where it would be, behind links that lead to nothing.
  private static func place(_ path: String, links: Int) -> Identity? {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "./"
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink(path, &buffer, buffer.count)
    if length > 0, links > 0 {
      let target = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return place(target.hasPrefix("/") ? target : folder + target, links: links - 1)
    }
    var status = stat()
    guard unsafe stat(folder, &status) == 0 else { return nil }
    return .place(device: status.st_dev, inode: status.st_ino, name: name)
  }
}
