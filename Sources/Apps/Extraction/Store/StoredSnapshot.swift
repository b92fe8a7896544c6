internal import FoundationEssentials
internal import GRDB
internal import Learners
public import Repositories

/// The repositories of the latest snapshot in a store, as a learner wants them.
///
/// The records are those that `RepositoryList` reads from the raw pages of the same answers, with details where the run
/// has asked for them.
public struct StoredSnapshot: Sendable {
  public let records: [RepositoryRecord]
  /// What a person should know about the snapshot.
  public let notes: [String]
  /// Of the content of the rows: the same for the same repositories, wherever and however they were stored.
  public let sha256: String

  /// - Throws: `ExtractionError` where there is no store, or nothing in it.
  public init(reading path: String) throws(ExtractionError) {
    let store = try Store(reading: path)
    guard let run = try store.snapshotToUse() else {
      throw ExtractionError(
        .badData, "\(path): there is no repository in the store", advice: "run learners extract to its end")
    }
    var hash = RowHash()
    records = try store.read { database in
      var records: [RepositoryRecord] = []
      let rows = try Row.fetchCursor(database, sql: Store.joinedRows, arguments: [run.id])
      while let row = try rows.next() {
        var record = try RepositoryRows.record(row)
        if run.request.hasDetails { Store.details(row)?.tell(&record.repository) }
        hash.add(record)
        records.append(record)
      }
      return records
    }
    sha256 = hash.finished()
    notes =
      ["snapshot of \(run.snapshot): \(records.count) repositories, \(run.request.query)"]
      + (try store.otherQueries(than: run).map {
        "the store also holds \($0): it is read as the last learners extract left it"
      })
      + (run.isFinished ? [] : ["this snapshot is not complete: run learners extract again to complete it"])
  }
}

extension Store {
  /// The complete run of the latest day, of several that which was asked for last; or the latest, if it has a repository.
  internal func snapshotToUse() throws(ExtractionError) -> Run? {
    try read { database in
      let sql = """
        SELECT * FROM runs WHERE EXISTS (SELECT 1 FROM repositories WHERE run = runs.id)
        ORDER BY finished IS NULL, snapshot DESC, finished DESC, id DESC LIMIT 1
        """
      return try Row.fetchOne(database, sql: sql).map { Run($0) }
    }
  }

  /// What else was searched for in the store; nil for nothing.
  internal func otherQueries(than run: Run) throws(ExtractionError) -> [String] {
    let queries = try read { database in
      try String.fetchAll(
        database, sql: "SELECT DISTINCT query FROM runs WHERE query <> ? ORDER BY query", arguments: [run.request.query]
      )
    }
    guard !queries.isEmpty else { return [] }
    return [queries.prefix(3).joined(separator: ", ") + (queries.count > 3 ? " and \(queries.count - 3) more" : "")]
  }

  /// The rows of a run in the order in which they came, with their details.
  internal static let joinedRows = {
    let details = RepositoryDetails.CodingKeys.allCases.map { "d.\($0.rawValue)" }.joined(separator: ", ")
    return """
      SELECT r.*, \(details) FROM repositories AS r LEFT JOIN details AS d ON d.run = r.run AND d.id = r.id
      WHERE r.run = ? ORDER BY r.rowid
      """
  }()
}

/// SHA-256 over rows, a megabyte at a time.
private struct RowHash {
  private var pending: [UInt8] = []
  private var hashes: [UInt8] = []

  mutating func add(_ record: RepositoryRecord) {
    // Unit and record separators do not occur in what GitHub writes.
    pending += "\(record.id ?? 0)\u{1f}\(record.stars ?? -1)".utf8
    for field in RepositoryField.allCases {
      pending.append(0x1f)
      let value = field.value(of: record.repository)
      // Bytes do not describe themselves.
      if let data = Data.fromDatabaseValue(value), case .blob = value.storage {
        pending += data
      } else {
        pending += value.description.utf8
      }
    }
    pending.append(0x1e)
    if pending.count > 1 << 20 { close() }
  }

  mutating func finished() -> String {
    close()
    return ContentHash.sha256(of: hashes)
  }

  private mutating func close() {
    hashes += ContentHash.sha256(of: pending).utf8
    pending.removeAll(keepingCapacity: true)
  }
}
