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
  let raw: Table
  /// GitHub's own JSON is repositories from the start.
  private let isRepositories: Bool
  /// Whether a column of which no row tells anything is absent: a key that all objects leave out.
  private var mayLackColumns = false
  /// To when days are counted; nil for the latest moment in the data.
  private let collectedAt: Timestamp?

  var rowCount: Int { raw.rowCount }

  /// Reads the files; without any, makes the bundled sample.
  static func load(_ options: DataOptions) throws -> DataSource {
    options.paths.isEmpty ? sample : try read(options, options.reading.options(for: []))
  }

  /// The rows that a model with these features is to be used on: there is no sample to fall back to.
  static func load(_ options: DataOptions, for features: [Feature]) throws -> DataSource {
    guard !options.paths.isEmpty else {
      throw Failure(.usage, "--data is missing: a model needs rows to predict: name a table")
    }
    return try read(options, options.reading.options(for: features))
  }

  private static func read(_ options: DataOptions, _ reading: ReadingOptions) throws -> DataSource {
    if let store = options.paths.first(where: { $0.lowercased().hasSuffix(".sqlite") }) {
      return try read(store: store, options)
    }
    let files = try inputs(options.paths)
    try InputFile.refuseRepetition(files)
    let names = files.map(\.name)
    let description = files.count == 1 ? names[0] : "\(names[0]) … \(names[files.count - 1]) (\(files.count) files)"
    let sha256 = try ContentHash.sha256(of: files)
    guard try isJSON(files) else {
      let table = try TableReader.read(files, options: reading)
      try options.reading.check(table)
      return DataSource(
        description: description, sha256: sha256, notes: table.notes.map(\.description), paths: options.paths,
        raw: table, isRepositories: false, mayLackColumns: isJSONLines(files[0]), collectedAt: options.moment)
    }
    let list: RepositoryList
    switch try JSONContent(parsing: files) {
    case .repositories(let found): list = found
    case .table(let records):
      let table = try TableReader.read(records: records, options: reading)
      try options.reading.check(table)
      return DataSource(
        description: description, sha256: sha256, notes: ["rows of a table in JSON"] + table.notes.map(\.description),
        paths: options.paths, raw: table, isRepositories: false, mayLackColumns: true, collectedAt: options.moment)
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

  /// `-` is standard input. JSON is looked at several times; tables are read while they are parsed.
  private static func inputs(_ paths: [String]) throws -> [InputFile] {
    guard paths.contains("-") else {
      return try paths.map { path throws(DataError) in
        try path.lowercased().hasSuffix(".json") ? InputFile(reading: path) : InputFile(opening: path)
      }
    }
    guard paths.count == 1 else {
      throw Failure(.usage, "--data -: standard input is read alone: give the other files in a command of their own")
    }
    return [try InputFile.standardInput()]
  }

  private static func isJSONLines(_ file: InputFile) -> Bool {
    if file.name == InputFile.nameOfStandardInput { return TableFormat(of: file.bytes).content == .jsonLines }
    return TableFormat(fileName: file.name)?.content == .jsonLines
  }

  /// Whether the files are GitHub's JSON.
  private static func isJSON(_ files: [InputFile]) throws -> Bool {
    if files[0].name == InputFile.nameOfStandardInput { return looksLikeJSON(files[0].bytes) }
    return try isJSON(files.map(\.name))
  }

  /// Whether content without a name is one JSON value rather than a line each: an array, or an object that goes on after
  /// its first line or is a search page.
  private static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
    let content = bytes.drop { [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].contains($0) }
    if content.first == UInt8(ascii: "[") { return true }
    guard content.first == UInt8(ascii: "{") else { return false }
    let line = content.prefix { $0 != UInt8(ascii: "\n") }
    let last = line.last { ![0x20, 0x09, 0x0d].contains($0) }
    return last != UInt8(ascii: "}") || String(decoding: line.prefix(200), as: UTF8.self).contains("\"total_count\"")
  }

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
  func place(ofRow row: Int) -> String { RowPlace.description(ofRow: row, in: paths, rowCount: raw.rowCount) }

  /// Target and features to learn from.
  ///
  /// Columns may be dropped by the names that the file has or, for repositories, by those of the features.
  func dataset(_ options: Dataset.Options) throws -> Dataset {
    // What is made of the column of weights is no feature either.
    let left = options.dropped.union(options.weights.map { [$0] } ?? [])
    let (table, target, notes) = try features(dropping: left, target: options.target)
    var remaining = options
    remaining.dropped = options.dropped.filter { raw[$0] == nil || table[$0] != nil }
    remaining.target = options.target ?? target
    return try placed { () throws(DataError) in
      try Dataset(table, options: remaining, notes: notes, madeOf: raw)
    }
  }

  /// An error about a row of the table is told where in its file the row is.
  func placed<Value>(_ make: () throws(DataError) -> Value) throws(DataError) -> Value {
    do throws(DataError) {
      return try make()
    } catch {
      guard let row = error.location.row, let place = RowPlace.line(ofRow: row, in: paths, rowCount: raw.rowCount)
      else { throw error }
      var location = error.location
      (location.file, location.line) = (place.path, place.line)
      throw DataError(error.code, error.what, at: location, advice: error.advice)
    }
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
    let absent = FeatureColumns.missing(features, among: own)
    let isReady = isRepositories || absent.isEmpty
    let recognized = isReady ? nil : try recognized(raw, target: nil)
    if let recognized { try require(features, in: recognized.table) }
    let lacks = recognized == nil && !isReady && mayLackColumns && features.contains { own.contains($0.columnName) }
    let table = recognized?.table ?? (lacks ? raw.adding(missing: absent) : raw)
    let notes = lacks ? notes + ["no row has \(listed(absent)): taken as missing"] : notes
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

extension Table {
  /// With columns of which no row has a value.
  fileprivate func adding(missing names: [String]) -> Table {
    let empty = names.map { Column(name: $0, values: .numeric([Double](repeating: .nan, count: rowCount))) }
    return Table(columns: columns + empty, notes: notes)
  }
}
