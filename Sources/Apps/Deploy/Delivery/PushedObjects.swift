internal import Glibc

/// What a push has brought, before it is taken: git reads it through the variables of the hook.
internal struct PushedObjects {
  let repository: String

  struct Blob: Hashable {
    let id: String
    let size: Int
  }

  private func git(_ arguments: String...) throws(Rejection) -> ChildProcess.Result {
    do { return try ChildProcess(["git", "--git-dir", repository] + arguments).run() } catch {
      throw Rejection(error)
    }
  }

  /// The file of a commit; nil where it has none.
  func blob(_ path: String, of commit: String) throws(Rejection) -> Blob? {
    let result = try git("ls-tree", "--long", "-z", commit, "--", path)
    guard result.status == 0 else {
      throw Rejection("\(commit.prefix(12)) cannot be read: \(result.reason)", advice: "push a commit with \(path)")
    }
    // MODE SP blob SP ID SP+ SIZE TAB PATH
    let words = result.text.prefix { $0 != "\t" }.split(separator: " ")
    guard words.count == 4 else { return nil }
    guard words[1] == "blob", words[0] != "120000", let size = Int(words[3]) else {
      throw Rejection("\(path) is no file", advice: "commit the model itself, neither a link nor a folder")
    }
    return Blob(id: String(words[2]), size: size)
  }

  func isAncestor(_ commit: String, of other: String) throws(Rejection) -> Bool {
    try git("merge-base", "--is-ancestor", commit, other).status == 0
  }

  /// Writes a blob to a file, on the disk. The file is removed where that does not succeed.
  func extract(_ blob: Blob, to path: String) throws(Rejection) {
    var child = ChildProcess("git", "--git-dir", repository, "cat-file", "blob", blob.id)
    child.outputPath = path
    let result: ChildProcess.Result
    do { result = try child.run() } catch { throw Rejection(error) }
    var status = stat()
    guard result.status == 0, unsafe stat(path, &status) == 0, Int(status.st_size) == blob.size else {
      unsafe unlink(path)
      throw Rejection(
        "the model cannot be written: \(result.reason)", advice: "make room on the disk of prod, then push again")
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    fsync(descriptor)
    close(descriptor)
  }
}
