internal import Glibc
internal import GRDB
internal import StoreFile

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
    do {
      lock = try StoreLock(path, of: "learners extract")
      database = try Schema.format.open(writing: path, synchronous: "NORMAL")
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
    do { database = try Schema.format.open(reading: path) } catch { throw Self.failure(error, path) }
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
    if let problem = error as? StoreProblem { return ExtractionError(problem) }
    guard let error = error as? DatabaseError else {
      return ExtractionError(.badData, "\(path): \(error)", advice: "give another --store")
    }
    return ExtractionError(
      StoreProblem(error, path, reason: error.message.map(shown), otherwise: "extract again"))
  }
}

extension ExtractionError {
  fileprivate init(_ problem: StoreProblem) {
    let code: ExtractionError.Code =
      switch problem.code {
      case .badData: .badData
      case .cannotWrite: .cannotWrite
      case .noPermission: .noPermission
      }
    self.init(code, problem.what, advice: problem.advice)
  }
}
