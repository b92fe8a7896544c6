import Learners
import Repositories

/// Where rows come from: files of one kind, or the bundled sample.
struct DataSource {
  /// For titles: the files' names, or that the sample is synthetic.
  let description: String
  /// SHA-256 of the bytes of all files.
  let sha256: String
  let notes: [String]
  /// As read, before GitHub's names are recognized.
  private let raw: Table
  /// GitHub's own JSON is repositories from the start.
  private let isRepositories: Bool

  var rowCount: Int { raw.rowCount }

  /// Reads the files; without any, makes the bundled sample.
  static func load(_ paths: [String]) throws -> DataSource {
    guard !paths.isEmpty else { return sample }
    let description = paths.count == 1 ? paths[0] : "\(paths[0]) … \(paths[paths.count - 1]) (\(paths.count) files)"
    let files = try paths.map { path throws(DataError) in try InputFile(reading: path) }
    let sha256 = ContentHash.sha256(of: files)
    guard files.contains(where: { $0.name.lowercased().hasSuffix(".json") }) else {
      return DataSource(
        description: description, sha256: sha256, notes: [], raw: try TableReader.read(files), isRepositories: false)
    }
    let list = try RepositoryList(parsing: files)
    let repositories = RepositoryTable(records: list.records, notes: list.notes)
    return DataSource(
      description: description, sha256: sha256, notes: repositories.notes, raw: repositories.table,
      isRepositories: true)
  }

  /// The rows that a model is to be used on: there is no sample to fall back to.
  static func loadForModel(_ paths: [String]) throws -> DataSource {
    guard !paths.isEmpty else {
      throw Failure(.usage, "--data is missing: a model needs rows to predict: name a table")
    }
    return try load(paths)
  }

  private static var sample: DataSource {
    let table = SyntheticRepositories.table(rows: sampleRows)
    return DataSource(
      description: "bundled sample (\(SyntheticRepositories.notice))",
      sha256: ContentHash.sha256(of: SyntheticRepositories.csv(rows: sampleRows)), notes: [], raw: table,
      isRepositories: true)
  }

  private static let sampleRows = 5000

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
    guard let repositories = try RepositoryTable(recognizing: kept, target: target) else { return (raw, nil, []) }
    return (repositories.table, repositories.target, repositories.notes)
  }

  /// The rows for a model that knows these features: the file's own columns, or the features that they become.
  ///
  /// The stars have one name in GitHub's JSON features and another in exports: `target` is looked for under both.
  func rows(for features: [Feature], target: String) throws -> (table: Table, target: Column?) {
    let own = Set(raw.columns.map(\.name))
    let isReady = isRepositories || features.allSatisfy { own.contains($0.name) }
    let table = isReady ? raw : try RepositoryTable(recognizing: raw)?.table ?? raw
    let stars = [RepositoryFeature.target, RepositoryFeature.exportedTarget]
    let names = stars.contains(target) ? [target] + stars : [target]
    return (table, names.lazy.compactMap { table[$0] }.first)
  }
}
