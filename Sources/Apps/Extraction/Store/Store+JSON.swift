internal import GRDB
internal import Repositories

extension Store {
  /// Writes the repositories of a run as one JSON array, each as GitHub wrote it, in pieces.
  ///
  /// Details, where there are any, are added under `details`.
  internal func writeJSON(of run: Run, to sink: (ArraySlice<UInt8>) throws -> Void) throws {
    do { try writeRows(of: run, to: sink) } catch let error as DatabaseError { throw Self.failure(error, path) }
  }

  private func writeRows(of run: Run, to sink: (ArraySlice<UInt8>) throws -> Void) throws {
    try database.read { database in
      var bodies = Bodies(database)
      var isFirst = true
      let rows = try Row.fetchCursor(database, sql: Self.joinedRows, arguments: [run.id])
      try sink([UInt8(ascii: "[")])
      while let row = try rows.next() {
        let body = try bodies.body(row["body"])
        let (offset, length): (Int, Int) = (row["body_offset"], row["body_length"])
        guard offset >= 0, length >= 2, offset <= body.count - length else {
          throw ExtractionError(
            .badData, "\(path): an answer in the store is damaged", advice: "restore a copy, or extract again")
        }
        try sink(isFirst ? [0x0a] : [UInt8(ascii: ","), 0x0a])
        isFirst = false
        let item = body[offset..<offset + length]
        guard run.request.hasDetails, let details = Self.details(row) else {
          try sink(item)
          continue
        }
        try sink(item.dropLast())
        try sink(Array((",\"details\":" + details.json + "}").utf8)[...])
      }
      try sink([0x0a, UInt8(ascii: "]"), 0x0a])
    }
  }
}

extension RepositoryDetails {
  fileprivate var json: String {
    let members = CodingKeys.allCases.compactMap { key in
      self[keyPath: key.path].map { "\"\(key.rawValue)\":\(JSONText.number($0))" }
    }
    return "{" + members.joined(separator: ",") + "}"
  }
}

/// The bodies that were used last: neighbours in a run come from the same answer.
private struct Bodies {
  private static let count = 4
  private let database: Database
  private var kept: [(id: Int64, bytes: [UInt8])] = []

  init(_ database: Database) { self.database = database }

  mutating func body(_ id: Int64) throws -> [UInt8] {
    if let found = kept.first(where: { $0.id == id }) { return found.bytes }
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT length, deflated FROM bodies WHERE id = ?"), arguments: [id])
    let bytes = try row.map { try Store.body($0) } ?? []
    if kept.count == Self.count { kept.removeFirst() }
    kept.append((id, bytes))
    return bytes
  }
}
