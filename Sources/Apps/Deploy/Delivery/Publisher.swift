internal import FoundationEssentials
internal import Glibc
internal import Learners

/// Stages, commits and pushes a model, for people who do not think in git.
public struct Publisher {
  let repository: String
  let remote: String
  let model: String

  /// - Parameters:
  ///   - repository: a clone with the remote; a new one is made where there is nothing.
  ///   - remote: its name, `production`.
  public init(repository: String, remote: String, model: String = "best") {
    (self.repository, self.remote, self.model) = (repository, remote, model)
  }

  private func git(_ arguments: String...) throws(DeployError) -> ChildProcess.Result {
    try ChildProcess(["git", "-C", repository] + arguments).run()
  }

  private func need(_ result: ChildProcess.Result, _ what: String) throws(DeployError) {
    guard result.status == 0 else {
      throw DeployError(.unavailable, "\(what): git says: \(result.reason)", advice: "see to it with git, then again")
    }
  }

  /// - Parameter message: of the commit.
  /// - Returns: whether the model was taken. What production says about it goes to standard error as it comes.
  public func publish(_ path: String, message: String) throws(DeployError) -> Bool {
    guard try git("rev-parse", "--git-dir").status == 0, try git("remote", "get-url", remote).status == 0 else {
      throw DeployError(
        .noInput, "\(shown(repository)): it is no git repository with a remote \(shown(remote))",
        advice: "name it with --repository; learners deploy apply makes one on dev, in ~/models")
    }
    let file = "models/\(model).safetensors"
    try copy(path, to: "\(repository)/\(file)")
    try need(try git("add", "--", file), "\(file) is staged")
    // What was committed and refused is pushed again, and judged again.
    if try git("diff", "--cached", "--quiet", "--", file).status != 0 {
      try need(try git("commit", "--quiet", "--message", message, "--", file), "\(file) is committed")
    }
    return try push()
  }

  private func push() throws(DeployError) -> Bool {
    var child = ChildProcess("git", "-C", repository, "push", remote, "HEAD:main")
    child.isShown = true
    return try child.run().status == 0
  }

  private func copy(_ path: String, to target: String) throws(DeployError) {
    let file: InputFile
    do { file = try InputFile(reading: path) } catch {
      throw DeployError(
        error.code == .noPermission ? .noPermission : .noInput, "\(shown(path)): \(error.what)",
        advice: "check the path")
    }
    try? FileManager.default.createDirectory(atPath: "\(repository)/models", withIntermediateDirectories: true)
    do throws(FileError) { try FileDraft.write(file.bytes, to: target) } catch {
      throw DeployError(.cannotWrite, "\(error)", advice: "see to the folder and its owner")
    }
  }
}
