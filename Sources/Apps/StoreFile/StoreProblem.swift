public import GRDB

/// Why a store, a file of SQLite, cannot be opened, read or written.
public struct StoreProblem: Error, Sendable {
  public enum Code: Sendable { case badData, cannotWrite, noPermission }

  public let code: Code
  public let what: String
  public let advice: String

  public init(_ code: Code, _ what: String, advice: String) {
    self.code = code
    self.what = what
    self.advice = advice
  }

  /// - Parameters:
  ///   - reason: what SQLite says, fit to be shown; nil where it says nothing.
  ///   - remedy: what to do once a damaged store is out of the way.
  public init(_ error: DatabaseError, _ path: String, reason: String?, otherwise remedy: String) {
    let kept = "what was stored before is kept"
    let reason = reason.map { " (\($0))" } ?? ""
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(
        .cannotWrite, "\(path): the disk is full", advice: "make room and run the same command again: \(kept)")
    case .SQLITE_IOERR:
      self.init(
        .cannotWrite, "\(path): the disk does not take or give it\(reason)",
        advice: "check the disk and run the same command again: \(kept)")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(.noPermission, "\(path): may not be written to", advice: "change its permissions")
    case .SQLITE_CANTOPEN:
      self.init(
        .cannotWrite, "\(path): it cannot be opened\(reason)", advice: "check its folder and permissions")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .badData, "\(path): it is damaged, or no SQLite database\(reason)",
        advice: "restore a copy, or move it away and \(remedy)")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .cannotWrite, "\(path): another program keeps it locked", advice: "close that program and run it again")
    default:
      self.init(
        .badData, "\(path): SQLite: \(reason.isEmpty ? "\(error.resultCode)" : reason)", advice: "give another --store")
    }
  }
}
