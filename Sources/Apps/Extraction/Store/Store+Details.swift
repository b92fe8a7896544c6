internal import FoundationEssentials
internal import GRDB
internal import Repositories

extension Store {
  /// Repositories of a run without details, at most `limit`, in their order, behind a row.
  internal func withoutDetails(_ run: Run, after row: Int64, limit: Int) throws(ExtractionError) -> [NodeToAsk] {
    try read { database in
      let sql = """
        SELECT rowid, id, node_id FROM repositories AS r WHERE run = ? AND rowid > ? AND node_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM details AS d WHERE d.run = r.run AND d.id = r.id) ORDER BY rowid LIMIT ?
        """
      return try Row.fetchAll(database, sql: sql, arguments: [run.id, row, limit]).map {
        NodeToAsk(row: $0["rowid"], id: $0["id"], node: StoredText.read($0, "node_id") ?? "")
      }
    }
  }

  /// Those that are gone are no more to be had; those that are missed may be, another time.
  internal func detailsCount(of run: Run) throws(ExtractionError) -> (done: Int, gone: Int, missed: Int) {
    try read { database in
      let sql = """
        SELECT count(*) FILTER (WHERE problem IS NULL) AS done, count(problem) FILTER (WHERE body IS NOT NULL) AS gone,
          count(*) FILTER (WHERE body IS NULL) AS missed FROM details WHERE run = ?
        """
      let row = try Row.fetchOne(database, sql: sql, arguments: [run.id])
      return row.map { ($0["done"], $0["gone"], $0["missed"]) } ?? (0, 0, 0)
    }
  }

  /// Stores what GitHub told about some repositories, in one transaction.
  internal func append(
    _ page: DetailsPage, answering asked: [NodeToAsk], _ answer: Answer, deflated: [UInt8], run: Run
  ) throws(ExtractionError) {
    try write { database in
      let body = try Self.store(.new(deflated: deflated, length: answer.body.count), database)
      try database.cachedStatement(
        sql: "INSERT INTO answers (run, url, etag, received, body) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [run.id, answer.url, answer.etag, answer.received.description, body])
      let insertion = try database.cachedStatement(sql: Self.detailsInsertion)
      for (index, asked) in asked.enumerated() {
        let node = page.nodes[index]
        if case .failed = page.fates[index] { continue }
        var values: [DatabaseValue] = [
          run.id.databaseValue, asked.id.databaseValue, answer.received.description.databaseValue, body.databaseValue,
          node == nil ? Self.gone.databaseValue : .null,
        ]
        for key in RepositoryDetails.CodingKeys.allCases {
          values.append((node?.details[keyPath: key.path])?.databaseValue ?? .null)
        }
        values.append(node.map(\.languagesJSON)?.databaseValue ?? .null)
        values.append(node.map { TextList.json($0.topics) }?.databaseValue ?? .null)
        values.append(node?.license?.databaseValue ?? .null)
        try insertion.execute(arguments: StatementArguments(values))
      }
    }
  }

  /// Notes that there are no details about a repository.
  internal func giveUp(on id: Int64, why problem: String, at now: Timestamp, run: Run) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: "INSERT INTO details (run, id, received, problem) VALUES (?, ?, ?, ?)",
        arguments: [run.id, id, now.description, problem])
    }
  }

  /// Notes the same of repositories that the search gave without the name that GraphQL knows them by.
  internal func giveUpOnNameless(_ run: Run, at now: Timestamp) throws(ExtractionError) {
    try write { database in
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO details (run, id, received, problem)
          SELECT run, id, ?, 'the search gave no node_id' FROM repositories WHERE run = ? AND node_id IS NULL
          """,
        arguments: [now.description, run.id])
    }
  }

  /// Why details are missed, the most frequent reason first.
  internal func missedReasons(of run: Run) throws(ExtractionError) -> [(reason: String, count: Int)] {
    try read { database in
      let sql = """
        SELECT problem, count(*) AS number FROM details WHERE run = ? AND body IS NULL AND problem IS NOT NULL
        GROUP BY problem ORDER BY number DESC, problem LIMIT 5
        """
      return try Row.fetchAll(database, sql: sql, arguments: [run.id]).map { ($0["problem"], $0["number"]) }
    }
  }

  /// Repositories that GitHub does not show any more have no details, and nobody has them.
  internal static let gone = "deleted, private or blocked since"

  private static let detailsInsertion = {
    let names =
      ["run", "id", "received", "body", "problem"] + RepositoryDetails.CodingKeys.allCases.map(\.rawValue)
      + ["languages", "topics", "license"]
    return """
      INSERT OR REPLACE INTO details (\(names.joined(separator: ", ")))
      VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
      """
  }()

  /// The details of a joined row; nil where there are none.
  internal static func details(_ row: Row) -> RepositoryDetails? {
    var details = RepositoryDetails()
    var isKnown = false
    for key in RepositoryDetails.CodingKeys.allCases {
      let value: Double? = row[key.rawValue]
      details[keyPath: key.path] = value
      isKnown = isKnown || value != nil
    }
    return isKnown ? details : nil
  }
}

extension RepositoryNode {
  fileprivate var languagesJSON: String {
    "{" + languages.map { "\(JSONText.quoted($0.name)):\($0.bytes)" }.joined(separator: ",") + "}"
  }
}
