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
      + (run.isFinished ? [] : ["this snapshot is not complete: run learners extract again to complete it"])
  }
}

extension Store {
  /// The latest complete run, or the latest, if it has a repository.
  internal func snapshotToUse() throws(ExtractionError) -> Run? {
    try read { database in
      let sql = """
        SELECT * FROM runs WHERE EXISTS (SELECT 1 FROM repositories WHERE run = runs.id)
        ORDER BY finished IS NULL, snapshot DESC, id DESC LIMIT 1
        """
      return try Row.fetchOne(database, sql: sql).map { Run($0) }
    }
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
      pending += field.value(of: record.repository).description.utf8
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
