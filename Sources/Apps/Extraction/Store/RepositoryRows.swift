internal import GRDB
package import Repositories

/// Writes and reads the rows of `repositories`: a column for each field that a search tells.
internal struct RepositoryRows {
  internal static let fields = RepositoryField.allCases.filter(\.isInSearchAnswers)

  private static let columns =
    ["run", "id", "snapshot", "slice", "body", "body_offset", "body_length", "node_id", "full_name", "stars"]
    + fields.map(\.storeColumn)
  private static let insertion = """
    INSERT OR IGNORE INTO repositories (\(columns.joined(separator: ", ")))
    VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
    """
  /// A repository that comes again is kept at its place, as it was updated last: the rule of `RepositoryList`.
  private static let update = """
    UPDATE repositories SET \(columns.dropFirst(2).map { "\($0) = ?" }.joined(separator: ", "))
    WHERE run = ? AND id = ? AND (updated_at IS NULL OR updated_at < ?)
    """

  private let inserting: Statement
  private let updating: Statement
  private let finding: Statement
  private let database: Database

  internal init(_ database: Database) throws {
    self.database = database
    inserting = try database.cachedStatement(sql: Self.insertion)
    updating = try database.cachedStatement(sql: Self.update)
    finding = try database.cachedStatement(sql: "SELECT 1 FROM repositories WHERE run = ? AND id = ?")
  }

  internal func contains(_ item: SearchItem, run: Run) throws -> Bool {
    try Int.fetchOne(finding, arguments: [run.id, item.id]) != nil
  }

  /// - Returns: whether it is new.
  internal func insert(_ item: SearchItem, run: Run, slice: Int64, body: Int64) throws -> Bool {
    let repository = item.record.repository
    var values: [DatabaseValue] = [
      run.id.databaseValue, item.id.databaseValue, run.snapshot.databaseValue, slice.databaseValue,
      body.databaseValue, item.range.lowerBound.databaseValue, item.range.count.databaseValue,
      StoredText.value(item.record.nodeID), StoredText.value(item.record.fullName), item.stars.databaseValue,
    ]
    for field in Self.fields { values.append(field.value(of: repository)) }
    try inserting.execute(arguments: StatementArguments(values))
    if database.changesCount > 0 { return true }
    guard let updated = repository.updatedAt else { return false }
    values.append(contentsOf: [run.id.databaseValue, item.id.databaseValue, updated.exactText.databaseValue])
    try updating.execute(arguments: StatementArguments(values.dropFirst(2)))
    return false
  }

  /// Reads what `insert` has written.
  internal static func record(_ row: Row) throws -> RepositoryRecord {
    var repository = Repository()
    for field in fields { try field.read(row, into: &repository) }
    return RepositoryRecord(
      id: row["id"], nodeID: StoredText.read(row, "node_id"), fullName: StoredText.read(row, "full_name"),
      repository: repository, stars: row["stars"])
  }
}

extension RepositoryField {
  internal var storeColumn: String { self == .ownerType ? "owner_type" : rawValue }

  internal func value(of repository: Repository) -> DatabaseValue {
    switch form {
    case .number(let path): repository[keyPath: path].databaseValue
    case .flag(let path): repository[keyPath: path].databaseValue
    case .timestamp(let path): (repository[keyPath: path]?.exactText).databaseValue
    case .text(let path): StoredText.value(repository[keyPath: path])
    case .name: StoredText.value(repository.name)
    case .license: StoredText.value(repository.license)
    case .topics: repository.topics.map(TextList.json).databaseValue
    }
  }

  fileprivate func read(_ row: Row, into repository: inout Repository) throws {
    switch form {
    case .number(let path): repository[keyPath: path] = row[storeColumn]
    case .flag(let path): repository[keyPath: path] = row[storeColumn]
    case .timestamp(let path):
      let text: String? = row[storeColumn]
      repository[keyPath: path] = text.flatMap { Timestamp(iso8601: $0) }
    case .text(let path): repository[keyPath: path] = StoredText.read(row, storeColumn)
    case .name: repository.name = StoredText.read(row, storeColumn)
    case .license: repository.license = StoredText.read(row, storeColumn)
    case .topics:
      let text: String? = row[storeColumn]
      repository.topics = try text.map(TextList.texts)
    }
  }
}

extension Optional where Wrapped: DatabaseValueConvertible {
  fileprivate var databaseValue: DatabaseValue { self?.databaseValue ?? .null }
}

extension Timestamp {
  /// The ISO 8601 form that reads back as the same moment; GitHub's have no fraction of a second.
  package var exactText: String {
    let text = description
    let fraction = secondsSince1970 - secondsSince1970.rounded(.down)
    guard fraction > 0 else { return text }
    let digits = String(Int((fraction * 1e9).rounded(.down)))
    return text.dropLast() + "." + String(repeating: "0", count: max(0, 9 - digits.count)) + digits + "Z"
  }
}
