internal import GRDB

extension Store {
  internal func insert(
    _ slice: Slice, _ query: String, run: Int64, parent: Int64?, matching: Int? = nil, _ database: Database
  ) throws {
    try database.execute(
      sql: """
        INSERT INTO slices (run, parent, query, stars_from, stars_to, created_from, created_to, state, matching)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?)
        """,
      arguments: [
        run, parent, query, slice.stars.from, slice.stars.to, slice.created.from, slice.created.to, matching,
      ])
  }

  /// The slice to go on with: one whose pages are being stored, or that with the most stars.
  /// - Parameter isFull: there are as many repositories as are wanted; only what was left out before is still needed.
  internal func nextSlice(of run: Run, isFull: Bool) throws(ExtractionError) -> StoredSlice? {
    try read { database in
      let sql = """
        SELECT * FROM slices WHERE run = ? AND state IN ('waiting', 'paging') \(isFull ? "AND (state = 'paging' OR round > 1)" : "")
        ORDER BY state = 'paging' DESC, stars_from DESC, created_from LIMIT 1
        """
      return try Row.fetchOne(database, sql: sql, arguments: [run.id]).map { StoredSlice($0) }
    }
  }

  /// Replaces a slice by two that are together the same.
  internal func split(
    _ slice: StoredSlice, of run: Run, into halves: [(slice: Slice, query: String)], matching: Int
  ) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: "UPDATE slices SET state = 'split', matching = ? WHERE id = ?", arguments: [matching, slice.id])
      for half in halves { try insert(half.slice, half.query, run: run.id, parent: slice.id, database) }
    }
  }

  /// Notes how many repositories a slice holds. What is left of its parent's is the other half's.
  internal func count(_ slice: StoredSlice, matching: Int, asked: Int) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: "UPDATE slices SET state = 'paging', matching = ?, asked = ? WHERE id = ?",
        arguments: [matching, asked, slice.id])
      try Self.tellOtherHalf(slice, matching, database)
    }
  }

  internal func tellOtherHalf(_ slice: StoredSlice, matching: Int) throws(ExtractionError) {
    try write { try Self.tellOtherHalf(slice, matching, $0) }
  }

  private static func tellOtherHalf(_ slice: StoredSlice, _ matching: Int, _ database: Database) throws {
    try database.execute(
      sql: """
        UPDATE slices AS other SET matching =
          (SELECT max(0, parent.matching - ?) FROM slices AS parent WHERE parent.id = other.parent)
        WHERE other.parent = (SELECT parent FROM slices WHERE id = ?) AND other.id <> ? AND other.state = 'waiting'
          AND other.matching IS NULL
        """,
      arguments: [matching, slice.id, slice.id])
  }

  /// Asks for the pages of a slice again.
  internal func beginRound(_ slice: StoredSlice) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: "UPDATE slices SET pages = 0, round = round + 1 WHERE id = ?", arguments: [slice.id])
    }
  }

  internal func finish(_ slice: StoredSlice, asked: Int, missed: Int, reason: String?) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: "UPDATE slices SET state = 'done', asked = ?, missed = ?, reason = ? WHERE id = ?",
        arguments: [asked, missed, reason, slice.id])
    }
  }

  /// Asks once more for what an earlier try left out.
  internal func reopenIncomplete(_ run: Run) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: """
          UPDATE slices SET state = 'waiting', pages = 0, round = round + 1, missed = 0, reason = NULL, matching = NULL
          WHERE run = ? AND state = 'done' AND missed > 0
          """,
        arguments: [run.id])
      try database.execute(
        sql: "DELETE FROM details WHERE run = ? AND body IS NULL", arguments: [run.id])
    }
  }

  internal func sliceReports(of run: Run) throws(ExtractionError) -> [SliceReport] {
    try read { database in
      let sql = "SELECT * FROM slices WHERE run = ? AND state = 'done' ORDER BY stars_from DESC, created_from"
      return try Row.fetchAll(database, sql: sql, arguments: [run.id]).map { row in
        SliceReport(
          query: row["query"], asked: row["asked"] ?? 0, returned: row["returned"], duplicates: row["duplicates"],
          missed: row["missed"], reason: row["reason"])
      }
    }
  }
}

extension StoredSlice {
  internal init(_ row: Row) {
    id = row["id"]
    slice = Slice(
      stars: StarRange(from: row["stars_from"], to: row["stars_to"]),
      created: TimeRange(from: row["created_from"], to: row["created_to"]))
    matching = row["matching"]
    asked = row["asked"]
    pages = row["pages"]
    round = row["round"]
  }
}
