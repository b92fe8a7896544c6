internal import Glibc

/// Another program that is run to its end: ssh, ssh-keygen, git, ansible-playbook.
public struct ChildProcess: Sendable {
  public struct Result: Sendable {
    /// 128 and more for one that a signal ended.
    public let status: Int32
    public let output: [UInt8]
    public let error: [UInt8]
    /// Whether it was ended because it took too long.
    public let isLate: Bool

    package init(status: Int32, output: [UInt8], error: [UInt8], isLate: Bool) {
      (self.status, self.output, self.error, self.isLate) = (status, output, error, isLate)
    }

    public var text: String { String(decoding: output, as: UTF8.self) }
    public var errorText: String { String(decoding: error, as: UTF8.self) }
    /// The last line of what it said is wrong.
    public var reason: String {
      let lines = errorText.split(whereSeparator: \.isNewline).map(String.init)
      return lines.last.map(shown) ?? "it ends with status \(status)"
    }
  }

  public var arguments: [String]
  public var input: [UInt8] = []
  /// Added to the variables of this process, or taken out of them where nil.
  public var environment: [String: String?] = [:]
  /// A file that its output goes to, in place of memory.
  public var outputPath: String?
  /// Seconds.
  public var deadline: Double?
  /// What it writes goes where this process writes, line by line as it comes.
  public var isShown = false

  /// - Parameter arguments: the program, by name or path, and what it is given.
  public init(_ arguments: String...) { self.arguments = arguments }

  public init(_ arguments: [String]) { self.arguments = arguments }

  /// - Throws: where the program cannot be started.
  public func run() throws(DeployError) -> Result {
    var pipes = Pipes()
    guard pipes.open(isShown: isShown) else { throw failure(errno) }
    defer { pipes.close() }
    let process = try start(pipes)
    pipes.closeFarEnds()
    let clock = PassingClock()
    let end = deadline.map { clock.seconds + $0 }
    var (collected, isLate) = (Collected(rest: input[...]), false)
    while collected.exchange(&pipes, waitingAtMost: end.map { max(0, $0 - clock.seconds) }) {
      guard let end, clock.seconds >= end else { continue }
      isLate = true
      break
    }
    var status: Int32 = 0
    if isLate { kill(process, SIGKILL) }
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7f
    return Result(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: collected.output, error: collected.error,
      isLate: isLate)
  }

  private func failure(_ code: Int32) -> DeployError {
    let reason = unsafe String(cString: strerror(code))
    return DeployError(
      code == ENOENT ? .noInput : .unavailable, "\(arguments.first ?? ""): it cannot be run: \(reason)",
      advice: "install it, and see that it is on PATH")
  }

  private func start(_ pipes: Pipes) throws(DeployError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, pipes.input.far, STDIN_FILENO)
    if let outputPath {
      let flags = O_WRONLY | O_CREAT | O_TRUNC
      unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath, flags, 0o644)
      unsafe posix_spawn_file_actions_adddup2(&actions, pipes.error.far, STDERR_FILENO)
    } else if !isShown {
      unsafe posix_spawn_file_actions_adddup2(&actions, pipes.output.far, STDOUT_FILENO)
      unsafe posix_spawn_file_actions_adddup2(&actions, pipes.error.far, STDERR_FILENO)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // Signals that this program ignores would be ignored by the other one, too: Ctrl-C would not end it.
    var defaults = sigset_t()
    unsafe sigemptyset(&defaults)
    for number in [SIGINT, SIGTERM, SIGPIPE] { unsafe sigaddset(&defaults, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    var variables = unsafe self.variables.map { unsafe strdup($0) } + [nil]
    defer { unsafe variables.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, arguments[0], &actions, &attributes, &pointers, &variables)
    guard code == 0 else { throw failure(code) }
    return process
  }

  private var variables: [String] {
    var variables = environmentVariables()
    for (name, value) in environment { variables[name] = value }
    return variables.map { "\($0.key)=\($0.value)" }
  }
}

/// The variables of this process.
public func environmentVariables() -> [String: String] {
  var variables: [String: String] = [:]
  var index = 0
  while let entry = unsafe environ[index] {
    let text = unsafe String(cString: entry)
    if let equals = text.firstIndex(of: "=") {
      variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    index += 1
  }
  return variables
}

/// Three pipes (the first is a socket), with an end here and a far one each.
private struct Pipes {
  struct Pipe {
    var near: Int32 = -1
    var far: Int32 = -1
  }

  var (input, output, error) = (Pipe(), Pipe(), Pipe())

  mutating func open(isShown: Bool) -> Bool {
    var ends: [Int32] = [-1, -1]
    // A socket, for a pipe would raise a signal where the other program does not read.
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return false }
    input = Pipe(near: ends[1], far: ends[0])
    if !isShown {
      guard unsafe pipe(&ends) == 0 else { return false }
      output = Pipe(near: ends[0], far: ends[1])
      guard unsafe pipe(&ends) == 0 else { return false }
      error = Pipe(near: ends[0], far: ends[1])
    }
    let all = [input, output, error].flatMap { [$0.near, $0.far] }
    for descriptor in all where descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    for descriptor in [input.near, output.near, error.near] where descriptor >= 0 {
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }
    return true
  }

  mutating func closeFarEnds() {
    for descriptor in [input.far, output.far, error.far] where descriptor >= 0 { Glibc.close(descriptor) }
    (input.far, output.far, error.far) = (-1, -1, -1)
  }

  mutating func close() {
    closeFarEnds()
    for descriptor in [input.near, output.near, error.near] where descriptor >= 0 { Glibc.close(descriptor) }
    (input.near, output.near, error.near) = (-1, -1, -1)
  }
}

/// What a program was told and has said so far.
private struct Collected {
  var rest: ArraySlice<UInt8>
  var output: [UInt8] = []
  var error: [UInt8] = []

  /// Hands over and takes what can be at once. - Returns: whether there is more to come.
  mutating func exchange(_ pipes: inout Pipes, waitingAtMost seconds: Double?) -> Bool {
    if rest.isEmpty, pipes.input.near >= 0 {
      Glibc.close(pipes.input.near)
      pipes.input.near = -1
    }
    var waits = [
      pollfd(fd: pipes.output.near, events: Int16(POLLIN), revents: 0),
      pollfd(fd: pipes.error.near, events: Int16(POLLIN), revents: 0),
      pollfd(fd: pipes.input.near, events: Int16(POLLOUT), revents: 0),
    ]
    guard waits.contains(where: { $0.fd >= 0 }) else { return false }
    let milliseconds = seconds.map { Int32(min($0 * 1000 + 1, 1e9)) } ?? -1
    guard unsafe poll(&waits, 3, milliseconds) > 0 else { return true }
    if waits[0].revents != 0 { Self.read(&pipes.output.near, into: &output) }
    if waits[1].revents != 0 { Self.read(&pipes.error.near, into: &error) }
    if waits[2].revents != 0 { write(&pipes.input.near) }
    return true
  }

  private mutating func write(_ descriptor: inout Int32) {
    let target = descriptor
    let written = unsafe rest.withUnsafeBytes {
      unsafe send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if written >= 0 {
      rest = rest.dropFirst(written)
    } else if errno != EAGAIN && errno != EINTR {
      // It does not want to know more.
      rest = []
    }
  }

  private static func read(_ descriptor: inout Int32, into bytes: inout [UInt8]) {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe Glibc.read(descriptor, &piece, piece.count)
    if count > 0 { return bytes += piece[..<count] }
    if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
    Glibc.close(descriptor)
    descriptor = -1
  }
}
