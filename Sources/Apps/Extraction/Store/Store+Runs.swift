internal import GRDB
internal import Repositories

extension Store {
  /// The latest run of the same command.
  internal func latestRun(_ request: RunRequest) throws(ExtractionError) -> Run? {
    try read { database in
      let sql = """
        SELECT * FROM runs WHERE api = ? AND query = ? AND wanted IS ? AND details = ? ORDER BY id DESC LIMIT 1
        """
      return try Row.fetchOne(
        database, sql: sql,
        arguments: [request.api, request.query, request.wanted, request.hasDetails ? "graphql" : "none"]
      ).map { Run($0) }
    }
  }

  /// Begins a run with slices that are together the whole search.
  internal func begin(
    _ request: RunRequest, slices: [(slice: Slice, query: String)], refreshes: Bool, at now: Timestamp
  ) throws(ExtractionError) -> Run {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO runs (snapshot, api, query, wanted, details, refreshes, started) VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          String(now.description.prefix(10)), request.api, request.query, request.wanted,
          request.hasDetails ? "graphql" : "none", refreshes, now.description,
        ])
      let run = database.lastInsertedRowID
      for (slice, query) in slices { try insert(slice, query, run: run, parent: nil, database) }
      return Run(try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [run])!)
    }
  }

  /// The slices of a run that are not cut up: together, all that it searches.
  internal func leaves(of run: Run) throws(ExtractionError) -> [(slice: Slice, query: String)] {
    try read { database in
      let sql = "SELECT * FROM slices WHERE run = ? AND state <> 'split' ORDER BY id"
      return try Row.fetchAll(database, sql: sql, arguments: [run.id]).map { (StoredSlice($0).slice, $0["query"]) }
    }
  }

  /// Adds to what a run has cost.
  internal func spend(_ run: Run, requests: Int, unchanged: Int, points: Int) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: """
          UPDATE runs SET requests = requests + ?, unchanged = unchanged + ?, points = points + ? WHERE id = ?
          """,
        arguments: [requests, unchanged, points, run.id])
    }
  }

  /// Marks a run as complete. It takes the place of earlier runs of the same command on the same day.
  internal func finish(_ run: Run, at now: Timestamp) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: "UPDATE runs SET finished = ? WHERE id = ?", arguments: [try Self.latest(now, database), run.id])
      try database.execute(
        sql: """
          DELETE FROM runs WHERE id < ? AND snapshot = ? AND api = ? AND query = ? AND wanted IS ? AND details = ?
          """,
        arguments: [
          run.id, run.snapshot, run.request.api, run.request.query, run.request.wanted,
          run.request.hasDetails ? "graphql" : "none",
        ])
      guard database.changesCount > 0 else { return }
      try database.execute(
        sql: """
          DELETE FROM bodies WHERE id NOT IN (SELECT body FROM answers)
            AND id NOT IN (SELECT body FROM repositories) AND id NOT IN (SELECT body FROM details WHERE body IS NOT NULL)
          """)
    }
  }

  /// Marks a complete run as the one that was asked for last.
  internal func touch(_ run: Run, at now: Timestamp) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: "UPDATE runs SET finished = ? WHERE id = ?", arguments: [try Self.latest(now, database), run.id])
    }
  }

  /// The moment, or one that is later than those of all runs: they are told apart by it, whatever the clock was set to.
  private static func latest(_ now: Timestamp, _ database: Database) throws -> String {
    let text = now.description
    let last = try String.fetchOne(database, sql: "SELECT max(finished) FROM runs")
    guard let last, last >= text, let moment = Timestamp(iso8601: last) else { return text }
    return moment.adding(1).description
  }

  /// Notes how many repositories match the whole search.
  internal func noteMatching(_ count: Int, of run: Run) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: "UPDATE runs SET matching = ? WHERE id = ? AND matching IS NULL", arguments: [count, run.id])
    }
  }

  internal func matching(of run: Run) throws(ExtractionError) -> Int? {
    try read { try Int.fetchOne($0, sql: "SELECT matching FROM runs WHERE id = ?", arguments: [run.id]) }
  }

  /// Takes away what is beyond the wanted number: the repositories with the fewest stars, of equals those that came last.
  internal func trim(_ run: Run, to wanted: Int) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: """
          DELETE FROM repositories WHERE rowid IN
            (SELECT rowid FROM repositories WHERE run = ? ORDER BY stars DESC, rowid LIMIT -1 OFFSET ?)
          """,
        arguments: [run.id, wanted])
    }
  }

  internal func repositoryCount(of run: Run, in slice: StoredSlice) throws(ExtractionError) -> Int {
    try read { database in
      let sql = "SELECT count(*) FROM repositories WHERE run = ? AND slice = ?"
      return try Int.fetchOne(database, sql: sql, arguments: [run.id, slice.id]) ?? 0
    }
  }

  internal func repositoryCount(of run: Run) throws(ExtractionError) -> Int {
    try read { database in
      try Int.fetchOne(database, sql: "SELECT count(*) FROM repositories WHERE run = ?", arguments: [run.id]) ?? 0
    }
  }

  internal func requests(of run: Run) throws(ExtractionError) -> (sent: Int, unchanged: Int, points: Int) {
    try read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT requests, unchanged, points FROM runs WHERE id = ?", arguments: [run.id])
      return row.map { ($0["requests"], $0["unchanged"], $0["points"]) } ?? (0, 0, 0)
    }
  }
}

extension Run {
  internal init(_ row: Row) {
    id = row["id"]
    snapshot = row["snapshot"]
    let details: String = row["details"]
    request = RunRequest(
      api: row["api"], query: row["query"], wanted: row["wanted"], hasDetails: details == "graphql")
    refreshes = row["refreshes"]
    let finished: String? = row["finished"]
    isFinished = finished != nil
  }
}
