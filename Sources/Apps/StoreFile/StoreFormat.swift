public import GRDB

/// What tells the stores of one command from all other databases, and how they are opened.
public struct StoreFormat: Sendable {
  /// In the file's header.
  private let applicationID: Int
  /// "learners extract"
  private let program: String
  /// The tables, version by version: one that was released is never changed, a new one is added.
  private let migrator: DatabaseMigrator

  public init(applicationID: Int, program: String, migrator: DatabaseMigrator) {
    self.applicationID = applicationID
    self.program = program
    self.migrator = migrator
  }

  /// Opens a store to write to, makes it where there is none, and brings an older one up to date. It is in WAL mode: whoever
  /// reads is not in the way.
  /// - Parameter synchronous: SQLite's "FULL", where a transaction has to be on the disk before the next step, or "NORMAL".
  /// - Throws: `StoreProblem` for a database of somebody else or of a later version; `DatabaseError`.
  public func open(writing path: String, synchronous: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = \(synchronous); PRAGMA cache_size = -8000")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { database in
      let isNew =
        try !database.tableExists("grdb_migrations")
        && Row.fetchOne(database, sql: "SELECT 1 FROM sqlite_master LIMIT 1") == nil
      if isNew {
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      } else {
        try check(database, path)
      }
    }
    try migrator.migrate(queue)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    return queue
  }

  /// Opens a store to read from, also while another process fills it.
  /// - Throws: as above.
  public func open(reading path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.read { try check($0, path) }
    return queue
  }

  /// Refuses databases of others, and stores of a later program.
  private func check(_ database: Database, _ path: String) throws {
    guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
      throw StoreProblem(
        .badData, "\(path): it is a database, but no store of \(program)", advice: "give another --store")
    }
    guard try !migrator.hasBeenSuperseded(database) else {
      throw StoreProblem(
        .badData, "\(path): the store was written by a later version of learners", advice: "use that version")
    }
  }
}
