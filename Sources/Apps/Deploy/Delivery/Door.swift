internal import Glibc

/// What the key of a delivery may do on the machine that serves: push to the one repository, and read it.
///
/// One push at a time: the second waits, and is told what is served by then, so that git itself sees where it would rewrite
/// what somebody else has just delivered.
public struct Door {
  let settings: DeliverySettings

  public init(_ settings: DeliverySettings) { self.settings = settings }

  /// The program of git that is wanted.
  /// - Parameter command: what ssh was asked to run (`SSH_ORIGINAL_COMMAND`); nil for a login.
  /// - Throws: for everything else.
  package func program(for command: String?) throws(DeployError) -> String {
    let refusal = DeployError(
      .noPermission, "this key delivers models and does nothing else", advice: "use git push production")
    guard let command, let space = command.firstIndex(of: " ") else { throw refusal }
    let program = String(command[..<space])
    guard ["git-receive-pack", "git-upload-pack"].contains(program) else { throw refusal }
    var path = command[command.index(after: space)...]
    if path.count >= 2, path.hasPrefix("'"), path.hasSuffix("'") { path = path.dropFirst().dropLast() }
    let name = settings.repository.split(separator: "/").last.map(String.init) ?? ""
    guard [settings.repository, name, "/\(name)", "~/\(name)"].contains(String(path)) else { throw refusal }
    return program
  }

  /// Becomes the program.
  /// - Parameter tell: is called where another delivery has to be waited for.
  public func open(for command: String?, tell: (String) -> Void) throws(DeployError) -> Never {
    let program = try program(for: command)
    if program == "git-receive-pack" { try takeTurn(tell) }
    let arguments = [program, settings.repository]
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    unsafe execvp(program, &pointers)
    throw DeployError(.unavailable, "\(program): it cannot be run here", advice: "install git on prod")
  }

  /// The lock is held by whoever holds the file open: git, and the hook that it runs.
  private func takeTurn(_ tell: (String) -> Void) throws(DeployError) {
    let path = "\(settings.folder)/.door.lock"
    let lock = unsafe Glibc.open(path, O_RDWR | O_CREAT, 0o600)
    guard lock >= 0 else {
      throw DeployError(.cannotWrite, "\(path): it cannot be opened", advice: "see to the disk of prod")
    }
    // Who pushes and falls silent keeps nobody out for ever.
    alarm(Self.longestPush)
    if flock(lock, LOCK_EX | LOCK_NB) != 0 {
      tell("another delivery is under way: waiting for it")
      guard flock(lock, LOCK_EX) == 0 else {
        throw DeployError(.unavailable, "\(path): it cannot be locked", advice: "push again")
      }
      alarm(Self.longestPush)
    }
  }

  private static let longestPush: UInt32 = 1_800
}
