import Extraction
import Learners
import Repositories

/// Where rows come from: files of one kind, or the bundled sample.
struct DataSource {
  /// For titles: the files' names, or that the sample is synthetic.
  let description: String
  /// SHA-256 of the bytes of all files.
  let sha256: String
  /// What a person should know about how the files became rows.
  let notes: [String]
  /// The files, for messages about rows.
  private let paths: [String]
  /// As read, before GitHub's names are recognized.
  private let raw: Table
  /// GitHub's own JSON is repositories from the start.
  private let isRepositories: Bool
  /// To when days are counted; nil for the latest moment in the data.
  private let collectedAt: Timestamp?

  var rowCount: Int { raw.rowCount }

  /// Reads the files; without any, makes the bundled sample.
  static func load(_ options: DataOptions) throws -> DataSource {
    options.paths.isEmpty ? sample : try read(options, expecting: [:])
  }

  /// The rows that a model with these features is to be used on: there is no sample to fall back to.
  static func load(_ options: DataOptions, for features: [Feature]) throws -> DataSource {
    guard !options.paths.isEmpty else {
      throw Failure(.usage, "--data is missing: a model needs rows to predict: name a table")
    }
    return try read(
      options, expecting: Dictionary(features.map { ($0.name, $0.expectedKind) }, uniquingKeysWith: { kind, _ in kind })
    )
  }

  private static func read(_ options: DataOptions, expecting kinds: [String: ExpectedKind]) throws -> DataSource {
    if let store = options.paths.first(where: { $0.lowercased().hasSuffix(".sqlite") }) {
      return try read(store: store, options)
    }
    let files = try options.paths.map { path throws(DataError) in try InputFile(reading: path) }
    try InputFile.refuseRepetition(files)
    let names = files.map(\.name)
    let description = files.count == 1 ? names[0] : "\(names[0]) … \(names[files.count - 1]) (\(files.count) files)"
    let sha256 = ContentHash.sha256(of: files)
    guard try isJSON(names) else {
      return DataSource(
        description: description, sha256: sha256, notes: [], paths: options.paths,
        raw: try TableReader.read(files, expecting: kinds),
        isRepositories: false, collectedAt: options.moment)
    }
    let list: RepositoryList
    switch try JSONContent(parsing: files) {
    case .repositories(let found): list = found
    case .table(let records):
      return DataSource(
        description: description, sha256: sha256, notes: ["rows of a table in JSON"], paths: options.paths,
        raw: try TableReader.read(records: records, expecting: kinds), isRepositories: false,
        collectedAt: options.moment)
    }
    let repositories = RepositoryTable(records: list.records, notes: list.notes, collectedAt: options.moment)
    return DataSource(
      description: description, sha256: sha256, notes: repositories.notes, paths: options.paths,
      raw: repositories.table,
      isRepositories: true, collectedAt: options.moment)
  }

  /// The latest snapshot of what `extract` has stored.
  private static func read(store path: String, _ options: DataOptions) throws -> DataSource {
    guard options.paths.count == 1 else {
      throw Failure(.badData, "\(path): a store is read alone: give the other files in a command of their own")
    }
    let snapshot = try StoredSnapshot(reading: path)
    let repositories = RepositoryTable(
      records: snapshot.records, notes: snapshot.notes, collectedAt: options.moment)
    return DataSource(
      description: path, sha256: snapshot.sha256, notes: repositories.notes, paths: options.paths,
      raw: repositories.table,
      isRepositories: true, collectedAt: options.moment)
  }

  /// Whether the files are GitHub's JSON.
  private static func isJSON(_ names: [String]) throws -> Bool {
    let isJSON = names.map { $0.lowercased().hasSuffix(".json") }
    if let other = names.first(where: { TableFormat(fileName: $0) == nil && !$0.lowercased().hasSuffix(".json") }) {
      let known = TableFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.badData, "\(other): files of this kind cannot be read: use \(known), or GitHub's .json")
    }
    guard Set(isJSON).count == 1 else {
      throw Failure(
        .badData, "\(names.joined(separator: ", ")): these are of different kinds: give files of one kind at a time")
    }
    return isJSON[0]
  }

  private static var sample: DataSource {
    let table = SyntheticRepositories.table(rows: sampleRows)
    return DataSource(
      description: "bundled sample (\(SyntheticRepositories.notice))",
      sha256: ContentHash.sha256(of: SyntheticRepositories.csv(rows: sampleRows)), notes: [], paths: [], raw: table,
      isRepositories: true, collectedAt: nil)
  }

  private static let sampleRows = 5000

  /// The columns of the file, or the features that they become, that options list with commas.
  func columns(namedIn lists: [String]) -> Set<String> {
    let known = Set(raw.columns.map(\.name) + RepositoryFeature.all.map(\.name))
    return Set(lists.flatMap { ColumnList.names(in: $0, where: known.contains) })
  }

  /// Where a row of the table is, for a message: "line 14".
  func place(ofRow row: Int) -> String { RowPlace.description(ofRow: row, in: paths) }

  /// Target and features to learn from.
  ///
  /// Columns may be dropped by the names that the file has or, for repositories, by those of the features.
  func dataset(_ options: Dataset.Options) throws -> Dataset {
    let (table, target, notes) = try features(dropping: options.dropped, target: options.target)
    var remaining = options
    remaining.dropped = options.dropped.filter { raw[$0] == nil || table[$0] != nil }
    remaining.target = options.target ?? target
    return try Dataset(table, options: remaining, notes: notes)
  }

  /// The features of the file's columns.
  private func features(
    dropping names: Set<String>, target: String?
  ) throws -> (table: Table, target: String?, notes: [String]) {
    guard !isRepositories else { return (raw, raw[RepositoryFeature.target]?.name, []) }
    let kept = Table(columns: raw.columns.filter { !names.contains($0.name) })
    guard let repositories = try recognized(kept, target: target) else { return (raw, nil, []) }
    return (repositories.table, repositories.target, repositories.notes)
  }

  /// The rows for a model that knows these features: the file's own columns, or the features that they become.
  ///
  /// The stars have one name in GitHub's JSON features and another in exports: `target` is looked for under both.
  func rows(
    for features: [Feature], target: String
  ) throws -> (table: Table, target: Column?, notes: [String]) {
    let own = Set(raw.columns.map(\.name))
    let isReady = isRepositories || features.allSatisfy { own.contains($0.name) }
    let recognized = isReady ? nil : try recognized(raw, target: nil)
    if let recognized { try require(features, in: recognized.table) }
    let table = recognized?.table ?? raw
    let named =
      table[target]
      ?? (RepositoryFeature.isStars(target) ? table.columns.first { RepositoryFeature.isStars($0.name) } : nil)
    return (table, named, notes + (recognized?.notes ?? []))
  }

  /// The features of an export of GitHub's; an error about a cell names the file.
  private func recognized(_ table: Table, target: String?) throws -> RepositoryTable? {
    do throws(DataError) {
      return try RepositoryTable(recognizing: table, target: target, collectedAt: collectedAt)
    } catch {
      var location = error.location
      location.file = location.file ?? description
      throw DataError(error.code, error.what, at: location, advice: error.advice)
    }
  }

  /// An export that lacks fields is told their names as GitHub writes them: features are not what it should add.
  private func require(_ features: [Feature], in table: Table) throws {
    let missing = Set(features.map(\.name).filter { table[$0] == nil })
    let fields = RepositoryFeature.all.filter { missing.contains($0.name) }.flatMap(\.fields).map(\.rawValue)
    guard !fields.isEmpty else { return }
    let names = Set(fields).sorted().joined(separator: ", ")
    throw Failure(
      .badData, "\(description): the model needs GitHub's fields \(names): add these columns (cells may be empty)")
  }
}
