internal import Glibc

/// A process of the same program that does units of work: it reads them from a pipe and answers through another.
///
/// When the pipe to it closes it ends, however that came about: it cannot outlive its coordinator. It has a process group
/// of its own, so that Ctrl-C at a terminal reaches the coordinator alone.
package final class WorkerProcess {
  let process: pid_t
  let input: Int32
  let output: Int32
  var unit: WorkUnit?
  private var received: [UInt8] = []

  init(_ launch: WorkerLaunch, data: Int32) throws(SearchError) {
    var (down, up): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard unsafe pipe(&down) == 0, unsafe pipe(&up) == 0 else { throw Self.failure(errno) }
    // No other worker may hold an end of them: one that is open keeps this worker alive.
    for descriptor in down + up { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, down[0], STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, up[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, data, WorkerLaunch.dataDescriptor)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var pointers = unsafe launch.arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawn(&process, launch.program, &actions, &attributes, &pointers, environ)
    close(down[0])
    close(up[1])
    self.process = process
    input = down[1]
    output = up[0]
    guard code == 0 else {
      close(input)
      close(output)
      throw Self.failure(code)
    }
    // A worker that is stopped must not stop the coordinator.
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
  }

  /// Ends the process, if it has not ended.
  /// - Returns: what it ended by, in words.
  func end() -> String {
    close(input)
    close(output)
    kill(process, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return Self.words(status)
  }

  /// - Returns: false where the worker is gone.
  func give(_ unit: WorkUnit) -> Bool {
    self.unit = unit
    var rest = MessageLine.encode(unit)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(input, $0.baseAddress!, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }

  enum Reading {
    case nothing
    case line([UInt8])
    case ended
  }

  /// What has come since the last time.
  func read() -> Reading {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(output, $0.baseAddress!, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN { return .nothing }
      guard count > 0 else { return .ended }
      // A worker answers what it was asked and then waits: nothing follows a line.
      received += buffer[..<count]
      guard buffer[count - 1] == 0x0a else { continue }
      defer { received = [] }
      return .line(received)
    }
  }

  private static func words(_ status: Int32) -> String {
    let number = status & 0x7f
    if number != 0 {
      return switch number {
      case SIGKILL: "signal 9 (killed, as the system does when memory is short)"
      case SIGSEGV: "signal 11 (memory fault)"
      case SIGILL, SIGTRAP: "signal \(number) (a trap of the program)"
      default: "signal \(number)"
      }
    }
    let code = status >> 8 & 0xff
    return code == WorkerLaunch.overBudget ? "it used more memory than --memory allows" : "exit status \(code)"
  }

  private static func failure(_ code: Int32) -> SearchError {
    SearchError(
      .unavailable, "a worker process cannot be started: \(unsafe String(cString: strerror(code)))",
      advice: "use fewer --processes, or raise the limits of this user")
  }
}
