import Glibc

/// The two outputs of a terminal program.
enum Terminal {
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal that `descriptor` is, or 80.
  static func width(of descriptor: Int32 = STDOUT_FILENO) -> Int {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes the result of a command. - Throws: `Failure` where it is lost, as on a full disk.
  static func writeOutput(_ text: String) throws {
    guard put(text, to: STDOUT_FILENO) else {
      let reason = unsafe String(cString: strerror(errno))
      throw Failure(.cannotWrite, "standard output: the result cannot be written: \(reason): write it elsewhere")
    }
  }

  /// Writes lines of text for a person: names from files of strangers move no cursor.
  static func writePage(_ text: String) throws { try writeOutput(printable(lines: text)) }

  static func writeError(_ text: String) { put(printable(lines: text) + "\n", to: STDERR_FILENO) }

  /// - Returns: whether all was written.
  @discardableResult
  static func put(_ text: String, to descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress!, $0.count) }
      guard written > 0 else {
        if written < 0 && errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(written)
    }
    return true
  }
}
