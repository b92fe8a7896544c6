internal import Learners
internal import Page
internal import Repositories

/// A file that somebody sent: a table, GitHub's JSON, or an array of instances.
struct UploadedTable {
  let name: String
  let bytes: [UInt8]

  /// - Parameter content: a byte order mark, as programs on Windows write it, is no part of the table.
  init(name: String, content: [UInt8]) {
    self.name = name
    bytes = content.starts(with: [0xef, 0xbb, 0xbf]) ? Array(content.dropFirst(3)) : content
  }

  /// Never throws: what is wrong with a file is shown to the one who sent it.
  func prediction(by served: ServedModel, limit: Int) -> TablePrediction {
    var result = TablePrediction(fileName: name)
    do throws(Problem) {
      let rows = try self.rows(for: served, limit: limit)
      guard rows.count > 0 else { throw Self.problem("there are no rows") }
      guard rows.count <= limit else {
        throw Self.problem("it has \(rows.count) rows, at most \(limit) can be sent: use learners predict for more")
      }
      switch rows {
      case .table(let rows):
        result.notes = rows.notes
        try predict(rows, served, &result)
      case .instances(let instances): try predict(instances, served, &result)
      }
    } catch {
      result.problem = error.detail
    }
    return result
  }

  private struct TableRows {
    let table: Table
    /// Of the repositories.
    var names: [String]?
    var notes: [String] = []
    /// Whether its columns are GitHub's, of which a model uses what it needs.
    var isGitHubs = false
  }

  private enum Rows {
    case table(TableRows)
    case instances(Instances)

    var count: Int {
      switch self {
      case .table(let rows): rows.table.rowCount
      case .instances(let instances): instances.rowCount
      }
    }
  }

  private static func problem(_ what: String) -> Problem { Problem(422, "invalid-file", what) }

  private func rows(for served: ServedModel, limit: Int) throws(Problem) -> Rows {
    do throws(DataError) { return try read(for: served, limit: limit) } catch { throw Self.problem("\(error)") }
  }

  /// Read by how its name ends; a name that says nothing is taken for what the content begins like.
  private func read(for served: ServedModel, limit: Int) throws(DataError) -> Rows {
    try PackedFile.refuse(bytes)
    let lower = name.lowercased()
    if lower.hasSuffix(".json") { return try json(for: served, limit: limit) }
    if lower.hasSuffix(".jsonl") || lower.hasSuffix(".ndjson") { return try table("table.jsonl", served) }
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if lower.hasSuffix(".tsv") { return try table("table.tsv", served) }
    if !lower.hasSuffix(".csv") && (first == UInt8(ascii: "[") || first == UInt8(ascii: "{")) {
      return try json(for: served, limit: limit)
    }
    return try table("table.csv", served)
  }

  private func table(_ name: String, _ served: ServedModel) throws(DataError) -> Rows {
    var options = ReadingOptions(for: served.features)
    options.rulesOfNames = RepositoryTable.columnRules
    let raw = try TableReader.read([InputFile(name: name, bytes: bytes)], options: options)
    let notes = raw.notes.map(\.description)
    let own = Set(raw.columns.map(\.name))
    if FeatureColumns.missing(served.features, among: own).isEmpty {
      return .table(TableRows(table: raw, notes: notes))
    }
    guard let recognized = try RepositoryTable(recognizing: raw) else {
      return .table(TableRows(table: raw, notes: notes))
    }
    // The names of the repositories are no feature, but people want to see them.
    let names = raw["full_name"] ?? raw["name"]
    let texts = names.map { column in (0..<raw.rowCount).map { column.text($0) ?? "" } }
    return .table(TableRows(table: recognized.table, names: texts, notes: notes + recognized.notes, isGitHubs: true))
  }

  /// GitHub's own JSON tells of whom it is; what does not is taken for instances.
  private func json(for served: ServedModel, limit: Int) throws(DataError) -> Rows {
    let file = InputFile(name: "table.json", bytes: bytes)
    if case .repositories(let list)? = try? JSONContent(parsing: [file]),
      list.records.contains(where: { $0.fullName != nil })
    {
      let repositories = RepositoryTable(records: list.records, notes: list.notes)
      let names = list.records.map { $0.fullName ?? "" }
      return .table(TableRows(table: repositories.table, names: names, notes: repositories.notes, isGitHubs: true))
    }
    let isArray = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "[")
    let body = isArray ? Array("{\"instances\":".utf8) + bytes + Array("}".utf8) : bytes
    do throws(Problem) { return .instances(try served.reader.read(body.span, limit: limit)) } catch {
      throw DataError(.invalid, error.detail, advice: "send an array of objects, or {\"instances\": […]}")
    }
  }

  private static func noColumns(of served: ServedModel) -> Problem {
    problem("it has none of the model’s columns: \(served.features.map(\.name).joined(separator: ", "))")
  }

  private func predict(
    _ instances: Instances, _ served: ServedModel, _ result: inout TablePrediction
  ) throws(Problem) {
    let missing = instances.missingCounts
    guard missing.isEmpty || missing.contains(where: { $0 < instances.rowCount }) else {
      throw Self.noColumns(of: served)
    }
    // That a table has the truth, too, is nothing to be warned of.
    let warnings = served.warnings(of: instances).filter { $0.feature != served.model.target }
    result.notes += RowWarning.sentences(warnings)
    result.predicted = try served.predict(instances).values
  }

  private func predict(
    _ rows: TableRows, _ served: ServedModel, _ result: inout TablePrediction
  ) throws(Problem) {
    let (table, names) = (rows.table, rows.names)
    let known = rows.isGitHubs ? Set(table.columns.map(\.name)) : [served.model.target]
    let predictions = try served.predict(table, ignoring: known)
    guard predictions.missingFeatures.count < served.features.count else { throw Self.noColumns(of: served) }
    result.notes += RowWarning.sentences(predictions.warnings)
    result.predicted = predictions.values
    result.actual = truth(in: table, served.model.target)
    if let names { result.columns.append(("Repository", names)) }
    var shown: [String] = []
    for feature in served.features where !shown.contains(feature.columnName) { shown.append(feature.columnName) }
    for name in shown.filter({ table[$0] != nil }).prefix(names == nil ? 4 : 3) {
      guard let column = table[name] else { continue }
      result.columns.append((name, (0..<min(table.rowCount, 50)).map { column.shownText($0) }))
    }
  }

  /// The stars have one name in GitHub's JSON and another in exports.
  private func truth(in table: Table, _ target: String) -> [Double]? {
    let stars = [RepositoryFeature.target, RepositoryFeature.exportedTarget]
    let names = stars.contains(target) ? [target] + stars : [target]
    guard case .numeric(let numbers)? = names.lazy.compactMap({ table[$0] }).first?.values else { return nil }
    return numbers
  }
}

extension Column {
  fileprivate func shownText(_ row: Int) -> String {
    switch values {
    case .numeric(let numbers):
      let number = numbers[row]
      guard number.isFinite, number.magnitude < 1e15 else { return number.isFinite ? "\(number)" : "" }
      if let whole = Int(exactly: number) { return String(whole) }
      return number.magnitude >= 100 ? String(Int(number.rounded())) : String((number * 1000).rounded() / 1000)
    case .categorical: return text(row) ?? ""
    }
  }
}
