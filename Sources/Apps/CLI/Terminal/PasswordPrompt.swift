import Deploy
import Glibc

/// Asks the person at the terminal, whatever standard input and output are.
enum PasswordPrompt {
  /// A line that is not shown while it is typed; nil where there is no terminal.
  static func ask(_ question: String) throws(DeployError) -> String? {
    let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    var settings = termios()
    guard unsafe tcgetattr(terminal, &settings) == 0 else { return nil }
    let before = settings
    settings.c_lflag &= ~tcflag_t(ECHO)
    Terminal.put(question, to: terminal)
    let restore: @Sendable () -> Void = {
      var shown = before
      unsafe tcsetattr(terminal, TCSAFLUSH, &shown)
      Terminal.put("\n", to: terminal)
    }
    unsafe tcsetattr(terminal, TCSAFLUSH, &settings)
    // Ctrl-C must not leave a terminal that shows nothing.
    let answer = Interruption.ending(with: {
      restore()
      return "nothing was asked of the cloud"
    }) { line(from: terminal) }
    restore()
    return answer
  }

  /// A line that is shown; nil where there is no terminal.
  static func line(_ question: String) -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    Terminal.put(question, to: STDERR_FILENO)
    return line(from: STDIN_FILENO)
  }

  private static func line(from descriptor: Int32) -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count < 4096 {
      let count = unsafe read(descriptor, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      guard count == 1, byte != UInt8(ascii: "\n") else { break }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
