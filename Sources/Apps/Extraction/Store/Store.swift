internal import Glibc
internal import GRDB

/// The SQLite file that an extraction fills: runs, their slices, the raw answers, and a row per repository and snapshot.
///
/// It is in WAL mode: whoever reads is not in the way. What belongs together is one transaction, so a process that is
/// killed leaves nothing half-done. One process writes at a time, which a lock file beside the store sees to.
public final class Store {
  public let path: String
  internal let database: DatabaseQueue
  /// nil where the store is only read.
  private let lock: StoreLock?

  /// Opens a store to write to, makes it where there is none, and brings an older one up to date.
  /// - Throws: `ExtractionError` where another process writes to it, or the file cannot be written or is no store.
  public init(writing path: String) throws(ExtractionError) {
    self.path = path
    lock = try StoreLock(path)
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000")
      }
      database = try DatabaseQueue(path: path, configuration: configuration)
      try Schema.migrate(database, path)
      try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    } catch {
      throw Self.failure(error, path)
    }
  }

  /// Opens a store to read from.
  /// - Throws: `ExtractionError` where there is none, or the file cannot be read or is no store.
  public init(reading path: String) throws(ExtractionError) {
    self.path = path
    lock = nil
    guard unsafe access(path, R_OK) == 0 else {
      throw errno == EACCES
        ? ExtractionError(.noPermission, "\(path): may not be read by this user", advice: "change its permissions")
        : ExtractionError(.noInput, "\(path): there is no such file", advice: "make it with learners extract")
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(10)
      database = try DatabaseQueue(path: path, configuration: configuration)
      try database.read { try Schema.check($0, path) }
    } catch {
      throw Self.failure(error, path)
    }
  }

  /// Does all of `body` or nothing.
  internal func write<Value>(_ body: (Database) throws -> Value) throws(ExtractionError) -> Value {
    do { return try database.write(body) } catch { throw Self.failure(error, path) }
  }

  internal func read<Value>(_ body: (Database) throws -> Value) throws(ExtractionError) -> Value {
    do { return try database.read(body) } catch { throw Self.failure(error, path) }
  }

  internal static func failure(_ error: any Error, _ path: String) -> ExtractionError {
    if let error = error as? ExtractionError { return error }
    guard let error = error as? DatabaseError else {
      return ExtractionError(.badData, "\(path): \(error)", advice: "give another --store")
    }
    let kept = "what was stored before is kept"
    let reason = error.message.map { " (\(shown($0)))" } ?? ""
    switch error.resultCode {
    case .SQLITE_FULL:
      return ExtractionError(
        .cannotWrite, "\(path): the disk is full", advice: "make room and run the same command again: \(kept)")
    case .SQLITE_IOERR:
      return ExtractionError(
        .cannotWrite, "\(path): the disk does not take or give it\(reason)",
        advice: "check the disk and run the same command again: \(kept)")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return ExtractionError(.noPermission, "\(path): may not be written to", advice: "change its permissions")
    case .SQLITE_CANTOPEN:
      return ExtractionError(
        .cannotWrite, "\(path): it cannot be opened\(reason)", advice: "check its folder and permissions")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return ExtractionError(
        .badData, "\(path): it is damaged, or no SQLite database\(reason)",
        advice: "restore a copy, or move it away and extract again")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return ExtractionError(
        .cannotWrite, "\(path): another program keeps it locked", advice: "close that program and run it again")
    default:
      return ExtractionError(.badData, "\(path): SQLite: \(shown(error.description))", advice: "give another --store")
    }
  }
}
