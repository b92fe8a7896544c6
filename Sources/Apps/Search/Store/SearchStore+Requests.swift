internal import FoundationEssentials
internal import GRDB

/// What was asked for.
public struct SearchRequest: Sendable {
  public let id: Int64
  /// The command's own arguments.
  public let arguments: [String]
  /// How many trials there are to be in all; nil for as many as there is time for, or all of a grid.
  public let trials: Int?
  /// Whether all was done and its models were written.
  public let isFinished: Bool
}

extension SearchStore {
  /// What all fits of the store have in common; empty in a new store.
  public func facts() throws(SearchError) -> [String: String] {
    try read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT name, value FROM experiment")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"] as String, $0["value"] as String) })
    }
  }

  /// Writes the facts of a new store, or makes sure that they are the same.
  /// - Throws: `SearchError` that says which differ.
  public func agree(on facts: [String: String]) throws(SearchError) {
    let known = try self.facts()
    guard !known.isEmpty else {
      return try write { database in
        for (name, value) in facts.sorted(by: { $0.key < $1.key }) {
          try database.execute(sql: "INSERT INTO experiment (name, value) VALUES (?, ?)", arguments: [name, value])
        }
      }
    }
    let differing = Set(known.keys).union(facts.keys).filter { known[$0] != facts[$0] }.sorted()
    guard !differing.isEmpty else { return }
    let each = differing.map { "\($0) is \(shortened(facts[$0])), there it is \(shortened(known[$0]))" }
    throw SearchError(
      .badData, "\(path): the store is of another experiment: \(each.joined(separator: "; "))",
      advice: "use what it was made with, or give another --store")
  }

  public func lastRequest() throws(SearchError) -> SearchRequest? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM requests ORDER BY id DESC LIMIT 1").map { row in
        let text: String = row["arguments"]
        return SearchRequest(
          id: row["id"], arguments: (try? JSONDecoder().decode([String].self, from: Data(text.utf8))) ?? [],
          trials: row["trials"], isFinished: row["is_finished"])
      }
    }
  }

  public func add(arguments: [String], trials: Int?) throws(SearchError) -> SearchRequest {
    let json = (try? JSONEncoder().encode(arguments)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    let id = try write { database in
      try database.execute(
        sql: "INSERT INTO requests (arguments, trials) VALUES (?, ?)", arguments: [json, trials])
      return database.lastInsertedRowID
    }
    return SearchRequest(id: id, arguments: arguments, trials: trials, isFinished: false)
  }

  public func finish(_ request: SearchRequest) throws(SearchError) {
    try write { database in
      try database.execute(sql: "UPDATE requests SET is_finished = 1 WHERE id = ?", arguments: [request.id])
    }
  }
}

/// Hashes are told by their beginning.
private func shortened(_ text: String?) -> String {
  guard let text else { return "not given" }
  return text.count > 24 ? "\(text.prefix(12))…" : text
}
