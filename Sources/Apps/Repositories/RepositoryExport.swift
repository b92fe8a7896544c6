public import Learners

extension RepositoryTable {
  /// The features of a table whose columns carry GitHub's names; nil for any other table, which is to be taken as it is.
  ///
  /// Recognized is a table that
  /// 1. has at least three columns with names of `RepositoryField`s, of which at least one is telling: forks_count,
  ///    open_issues_count, subscribers_count, pushed_at, default_branch or a has_… flag. The stars do not count, so that
  ///    a table is recognized alike for training and for prediction;
  /// 2. has no column that is named like a feature but unlike any field of GitHub's (`age_days`, `size_kb`, …): such a
  ///    table holds features already;
  /// 3. is not meant to learn another target than the stars.
  ///
  /// A feature is made where the table has all of its fields. Columns of GitHub's that make no feature (identifiers,
  /// addresses, what equals the stars) are left out, and the notes name them. Other columns stay as they are.
  /// Cells: counts are numbers, flags are 0/1 or true/false, timestamps are ISO 8601, topics are "a;b;c". A column of
  /// numbers where timestamps are expected stays as it is, with a note. Cost: linear in the cells.
  /// - Parameters:
  ///   - target: the name of the column to learn; nil where the caller leaves the choice.
  ///   - collectedAt: when the data was collected; by default the latest timestamp of any row.
  /// - Throws: `DataError` that names the column, the row (the first below the header is 1) and the cell that is not what
  ///   GitHub writes.
  public init?(recognizing table: Table, target: String? = nil, collectedAt: Timestamp? = nil) throws(DataError) {
    let stars = starsColumn(of: table)
    guard target == nil || target == stars?.name, isExport(table.columns.map(\.name)) else { return nil }
    var readers: [ExportedColumn] = []
    var asTheyAre: Set<String> = []
    for field in RepositoryField.allCases {
      guard let column = field.column(in: table) else { continue }
      if let reader = try ExportedColumn(column, as: field) {
        readers.append(reader)
      } else {
        asTheyAre.insert(column.name)
      }
    }
    let moment = collectedAt ?? readers.lazy.compactMap(\.latestTimestamp).max()
    let known = Set(readers.map(\.field))
    var rows = FeatureRows(of: RepositoryFeature.all.filter { known.isSuperset(of: $0.fields) }, collectedAt: moment)
    for row in 0..<table.rowCount {
      var repository = Repository()
      for reader in readers { reader.assign(&repository, row) }
      rows.append(repository)
    }
    let used = Set(readers.map(\.name))
    let others = table.columns.filter { !used.contains($0.name) && $0.name != stars?.name }
    let (kept, notes) = sortedOut(others, asTheyAre: asTheyAre)
    self.init(
      table: Table(columns: rows.columns + kept + (stars.map { [$0] } ?? [])), target: stars?.name,
      collectedAt: moment,
      notes: notes + Self.note(about: moment, isGiven: collectedAt != nil) + noteOfRepetition(table))
  }
}

extension RepositoryField {
  /// The column that holds the field, GitHub's own spelling first. `owner` holds it only as pandas writes an object.
  fileprivate func column(in table: Table) -> Column? {
    if let exact = columnNames.lazy.compactMap({ table[$0] }).first { return exact }
    let named = plainNames.lazy.compactMap { name in table.columns.first { ColumnName.plain($0.name) == name } }.first
    if named != nil || self != .ownerType { return named }
    guard let owner = table["owner"], case .categorical(_, let levels) = owner.values else { return nil }
    return levels.contains { $0.hasPrefix("{") } ? owner : nil
  }
}

extension RepositoryTable {
  /// What the columns of a table with these names have to be read as, where they are GitHub's: the texts of a repository
  /// that happen to look like numbers (`007`, `1e5`) or flags are texts. Nil for any other table.
  @Sendable public static func columnRules(of names: [String]) -> [String: ColumnRule]? {
    guard isExport(names) else { return nil }
    var rules: [String: ColumnRule] = [:]
    for field in RepositoryField.allCases {
      switch field.form {
      case .text, .name, .license, .topics:
        for name in names where field.columnNames.contains(name) || field.plainNames.contains(ColumnName.plain(name)) {
          rules[name] = ColumnRule(.category, origin: .model)
        }
      case .number, .flag, .timestamp: break
      }
    }
    return rules
  }
}

private func isExport(_ columns: [String]) -> Bool {
  let names = Set(columns)
  let plain = Set(names.map(ColumnName.plain))
  let fieldNames = Set(RepositoryField.allCases.flatMap(\.columnNames))
  // Those of details have names that other columns have as well.
  let features = RepositoryFeature.all.filter { $0.fields.allSatisfy(\.isInSearchAnswers) }.map(\.name)
  guard !features.contains(where: { names.contains($0) && !fieldNames.contains($0) }) else { return false }
  let fields = RepositoryField.allCases.filter {
    !names.isDisjoint(with: $0.columnNames) || !plain.isDisjoint(with: $0.plainNames)
  }
  return fields.count >= 3 && fields.contains { $0.isTelling && plain.contains($0.rawValue) }
}

/// The columns that stay as they are, and notes about those that are left out. The stars are in neither.
private func sortedOut(_ columns: [Column], asTheyAre: Set<String>) -> (kept: [Column], notes: [String]) {
  var kept: [Column] = []
  var notes: [String] = []
  var unused: [String] = []
  for column in columns {
    if asTheyAre.contains(column.name) {
      notes.append("\(column.name) holds numbers where GitHub writes timestamps: it stays as it is")
      kept.append(column)
    } else if let excluded = ExcludedField.all.first(where: { $0.name == ColumnName.plain(column.name) }) {
      notes.append("left out by design: \(column.name), which \(excluded.reason)")
    } else if isUnusedField(column) {
      unused.append(column.name)
    } else {
      kept.append(column)
    }
  }
  if !unused.isEmpty { notes.append("left out, no feature is made of them: \(listed(unused, most: 12))") }
  return (kept, notes)
}

/// A column of GitHub's that identifies a repository, repeats another, or is the same for all that are public.
private func isUnusedField(_ column: Column) -> Bool {
  let name = ColumnName.plain(column.name)
  let others: Set = [
    "id", "node_id", "login", "owner", "owner_login", "url", "private", "visibility", "disabled", "allow_forking",
    "web_commit_signoff_required", "mirror_url",
  ]
  return others.contains(name) || (name.hasSuffix("_url") && !column.isNumeric)
    || ["owner.", "license.", "permissions."].contains(where: name.hasPrefix)
    || RepositoryField.allCases.contains { $0.columnNames.contains(column.name) || $0.plainNames.contains(name) }
}

/// The column of the target: an export may call it otherwise than GitHub.
internal func starsColumn(of table: Table) -> Column? {
  if let exact = table[RepositoryFeature.exportedTarget] { return exact }
  return ColumnName.stars.lazy.compactMap { name in table.columns.first { ColumnName.plain($0.name) == name } }.first
}

/// A note where a repository is in several rows, by what names it.
private func noteOfRepetition(_ table: Table) -> [String] {
  let names = ["id", "node_id", "full_name", "name_with_owner", "html_url", "url"]
  guard
    let column = names.lazy.compactMap({ name in table.columns.first { ColumnName.plain($0.name) == name } }).first
  else { return [] }
  let repeated = repetitions(in: column)
  guard repeated > 0 else { return [] }
  return [
    "\(repeated) rows are repositories that are in an earlier row too (the same \(column.name)): rows of one repository in "
      + "training and held-out parts make scores too good: keep each once"
  ]
}

/// Rows whose cell is in an earlier row.
private func repetitions(in column: Column) -> Int {
  switch column.values {
  case .numeric(let numbers):
    let present = numbers.filter { !$0.isNaN }
    return present.count - Set(present).count
  case .categorical(let codes, _):
    let present = codes.filter { $0 >= 0 }
    return present.count - Set(present).count
  }
}
