internal import GRDB
internal import Glibc
internal import StoreFile

/// The SQLite file that is a search: what was asked for, what was tried, and what came of it.
///
/// It is in WAL mode, each transaction on the disk before the next step builds on it. What belongs together is one
/// transaction: a process that is killed, or a machine that loses its power, leaves nothing half-done. One process
/// writes at a time, which a lock beside the store sees to.
public final class SearchStore: Sendable {
  public let path: String
  internal let database: DatabaseQueue
  /// Nil where the store is only read.
  private let lock: StoreLock?

  /// Opens a store to write to, and makes it where there is none.
  public init(writing path: String) throws(SearchError) {
    self.path = path
    do {
      lock = try StoreLock(path, of: "learners tune")
      database = try SearchSchema.format.open(writing: path, synchronous: "FULL")
    } catch {
      throw Self.failure(error, path)
    }
  }

  /// Opens a store to read from, also while a search fills it.
  public init(reading path: String) throws(SearchError) {
    self.path = path
    lock = nil
    guard unsafe access(path, R_OK) == 0 else {
      throw errno == EACCES
        ? SearchError(.noPermission, "\(path): may not be read by this user", advice: "change its permissions")
        : SearchError(.noInput, "\(path): there is no such file", advice: "make it with learners tune")
    }
    do { database = try SearchSchema.format.open(reading: path) } catch { throw Self.failure(error, path) }
  }

  /// Does all of `body` or nothing.
  internal func write<Value>(_ body: (Database) throws -> Value) throws(SearchError) -> Value {
    do { return try database.write(body) } catch { throw Self.failure(error, path) }
  }

  internal func read<Value>(_ body: (Database) throws -> Value) throws(SearchError) -> Value {
    do { return try database.read(body) } catch { throw Self.failure(error, path) }
  }

  private static func failure(_ error: any Error, _ path: String) -> SearchError {
    if let error = error as? SearchError { return error }
    let problem: StoreProblem
    if let known = error as? StoreProblem {
      problem = known
    } else if let error = error as? DatabaseError {
      problem = StoreProblem(error, path, reason: error.message, otherwise: "search again")
    } else {
      return SearchError(.badData, "\(path): \(error)", advice: "give another --store")
    }
    let code: SearchError.Code =
      switch problem.code {
      case .badData: .badData
      case .cannotWrite: .cannotWrite
      case .noPermission: .noPermission
      }
    return SearchError(code, problem.what, advice: problem.advice)
  }
}

extension Database {
  /// Carries out a statement that is prepared once and kept: there are thousands of units, and to prepare it takes as long as
  /// to carry it out.
  internal func perform(_ sql: String, arguments: StatementArguments) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}
