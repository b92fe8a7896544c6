internal import FoundationEssentials
internal import GRDB
internal import Learners
internal import Repositories

/// An answer that was stored.
internal struct StoredAnswer: Sendable {
  internal let etag: String
  internal let bodyID: Int64
  internal let body: [UInt8]
}

/// A page to be stored, with its body as it is kept.
internal struct PageToStore: Sendable {
  internal let url: String
  internal let etag: String?
  internal let received: Timestamp
  internal let number: Int
  internal let items: [SearchItem]
  internal let body: Body

  internal enum Body: Sendable {
    case new(deflated: [UInt8], length: Int)
    /// GitHub said that it did not change.
    case stored(Int64)
  }
}

extension Store {
  /// The latest answer to a request that has an ETag.
  internal func answer(to url: String) throws(ExtractionError) -> StoredAnswer? {
    try read { database in
      let sql = """
        SELECT etag, body, length, deflated FROM answers JOIN bodies ON bodies.id = answers.body
        WHERE url = ? AND etag IS NOT NULL ORDER BY answers.id DESC LIMIT 1
        """
      return try Row.fetchOne(database, sql: sql, arguments: [url]).map { row in
        StoredAnswer(etag: row["etag"], bodyID: row["body"], body: try Self.body(row))
      }
    }
  }

  /// The numbers of the repositories in the answers of a slice.
  internal func identifiers(in slice: StoredSlice) throws(ExtractionError) -> Set<Int64> {
    try read { database in
      let sql = "SELECT length, deflated FROM answers JOIN bodies ON bodies.id = answers.body WHERE slice = ?"
      var identifiers: Set<Int64> = []
      let rows = try Row.fetchCursor(database, sql: sql, arguments: [slice.id])
      while let row = try rows.next() {
        for item in try SearchPage(try Self.body(row)).items { identifiers.insert(item.id) }
      }
      return identifiers
    }
  }

  /// Stores a page and its repositories, at most `limit` of those that were not there, in one transaction.
  /// - Returns: how many were new.
  internal func append(
    _ page: PageToStore, of slice: StoredSlice, run: Run, limit: Int
  ) throws(ExtractionError) -> Int {
    try write { database in
      let body = try Self.store(page.body, database)
      try database.cachedStatement(
        sql: "INSERT INTO answers (run, slice, page, url, etag, received, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
      ).execute(arguments: [run.id, slice.id, page.number, page.url, page.etag, page.received.description, body])
      let rows = try RepositoryRows(database)
      var (new, duplicates) = (0, 0)
      for item in page.items {
        if new < limit {
          if try rows.insert(item, run: run, slice: slice.id, body: body) { new += 1 } else { duplicates += 1 }
        } else if try rows.contains(item, run: run) {
          duplicates += 1
        }
      }
      try database.cachedStatement(
        sql: "UPDATE slices SET pages = ?, returned = returned + ?, duplicates = duplicates + ? WHERE id = ?"
      ).execute(arguments: [page.number, page.items.count, duplicates, slice.id])
      return new
    }
  }

  internal static func store(_ body: PageToStore.Body, _ database: Database) throws -> Int64 {
    switch body {
    case .stored(let id): return id
    case .new(let deflated, let length):
      try database.cachedStatement(sql: "INSERT INTO bodies (length, deflated) VALUES (?, ?)")
        .execute(arguments: [length, Data(deflated)])
      return database.lastInsertedRowID
    }
  }

  /// The body of a row with its length.
  internal static func body(_ row: Row) throws -> [UInt8] {
    try Deflate.decompress(try row.withUnsafeData(named: "deflated") { [UInt8]($0 ?? .init()) }, length: row["length"])
  }
}
