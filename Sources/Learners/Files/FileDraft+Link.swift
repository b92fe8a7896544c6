internal import Glibc

extension FileDraft {
  /// Gives the file `existing` a second name, in the place of what had that name, at once and without a copy.
  ///
  /// A link at `path` is followed.
  /// - Returns: false where a second name is not possible: on another disk, or one that has no such names.
  public static func link(_ existing: String, to path: String) -> Bool {
    let target = resolved(path) ?? path
    if let source = resolved(existing), source == target { return true }
    let temporary = "\(target).\(getpid()).tmp"
    guard unsafe Glibc.link(existing, temporary) == 0 else { return false }
    let isDone = unsafe rename(temporary, target) == 0
    // Where both names were the file's already, `rename` leaves them as they are.
    unsafe unlink(temporary)
    return isDone
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
