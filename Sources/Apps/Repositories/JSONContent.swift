public import Learners

/// What files of JSON hold, decided by their content: repositories in one of the forms in which GitHub gives them, or
/// the rows of a table. What is neither is refused by its name.
///
/// | content | is |
/// |---|---|
/// | `{"items": […]}`, an array of repositories, one repository | the REST interface |
/// | several of these one after the other, or in an array | the same, as `gh api --paginate` writes it, with `--slurp` too |
/// | `[{"starred_at": …, "repo": {…}}]` | the same, of starred repositories |
/// | `nameWithOwner`, `stargazerCount`, … | `gh repo list --json`, `gh search repos --json` |
/// | `{"data": {… "nodes" or "edges" …}}` | GraphQL |
/// | an array of other objects, or one object a line | rows of a table, as pandas writes with `orient="records"` |
public enum JSONContent: Sendable {
  case repositories(RepositoryList)
  /// JSON lines, one file for each that was given.
  case table([InputFile])

  /// - Throws: `DataError` that names the file and, where there is one, the record and the field.
  public init(parsing files: [InputFile]) throws(DataError) {
    var pages: [RepositoryPage] = []
    var tables: [InputFile] = []
    for file in files {
      switch try JSONFile(file).content() {
      case .pages(let found): pages += found
      case .rows(let lines): tables.append(InputFile(name: file.name, bytes: lines))
      }
    }
    guard pages.isEmpty || tables.isEmpty else {
      throw DataError(
        .invalid, "holds rows of a table, and other files hold repositories", at: .init(file: tables[0].name),
        advice: "give files of one kind at a time")
    }
    self =
      tables.isEmpty ? .repositories(try RepositoryList(pages, name: files.first?.name ?? "")) : .table(tables)
  }
}

/// A file of JSON while it is found out what it holds.
private struct JSONFile {
  enum Content {
    case pages([RepositoryPage])
    /// JSON lines.
    case rows([UInt8])
  }

  private let file: InputFile
  private let skimmer: JSONSkimmer

  init(_ file: InputFile) {
    self.file = file
    skimmer = JSONSkimmer(file.bytes)
  }

  func content() throws(DataError) -> Content {
    guard let documents = skimmer.documents() else {
      // The decoder says what is wrong.
      return .pages([try RepositoryPage(file)])
    }
    var pages: [RepositoryPage] = []
    var rows: [Range<Int>] = []
    for (number, document) in documents.enumerated() {
      do throws(DataError) {
        switch try content(of: document, isOnly: documents.count == 1) {
        case .pages(let found): pages += found
        case .rows(let found): rows += found
        }
      } catch {
        guard documents.count > 1 else { throw error }
        throw DataError(
          error.code, "document \(number + 1): \(error.what)", at: error.location, advice: error.advice)
      }
    }
    guard pages.isEmpty || rows.isEmpty else {
      throw refusal("holds repositories and other records", "give files of one kind at a time")
    }
    guard rows.isEmpty else {
      return .rows(rows.flatMap { skimmer.line($0) + [UInt8(ascii: "\n")] })
    }
    return .pages(pages)
  }

  private enum Found {
    case pages([RepositoryPage])
    case rows([Range<Int>])
  }

  private func content(of document: Range<Int>, isOnly: Bool) throws(DataError) -> Found {
    if skimmer.isArray(document) { return try list(document) }
    guard skimmer.isObject(document) else { return .pages([try page(document)]) }
    let members = skimmer.members(document)
    let valueOf = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    if let items = valueOf["items"], skimmer.isArray(items) {
      let first = skimmer.elements(items, most: 1).first
      guard let first, form(first) != .rest else { return .pages([try page(document)]) }
      return try list(items)
    }
    if let data = valueOf["data"], skimmer.isObject(data) { return try graphQL(data, of: document) }
    if valueOf["errors"] != nil, valueOf["data"] != nil {
      throw refusal("is an error of GitHub's GraphQL", "ask GitHub again")
    }
    if let name = Self.pandasForm(valueOf, skimmer) {
      throw refusal("is a table as pandas writes it with orient=\"\(name)\"", "write it with orient=\"records\"")
    }
    switch form(document) {
    case .camelCase: return .pages([RepositoryPage(records: try camelCase([document]))])
    case .record where valueOf["message"] == nil && members.contains { isScalar($0.value) }: return .rows([document])
    case .record where !isOnly && valueOf["message"] == nil: return .rows([document])
    default: return .pages([try page(document)])
    }
  }

  private func isScalar(_ range: Range<Int>) -> Bool { !skimmer.isArray(range) && !skimmer.isObject(range) }

  private func form(_ object: Range<Int>) -> JSONForm {
    let keys = skimmer.members(object).map { ($0.key, skimmer.first($0.value)) }
    return JSONForm(keys: Dictionary(keys, uniquingKeysWith: { first, _ in first }))
  }

  private func list(_ array: Range<Int>) throws(DataError) -> Found {
    guard let first = skimmer.elements(array, most: 1).first else { return .pages([try page(array)]) }
    if skimmer.isArray(first) || skimmer.members(first).contains(where: { $0.key == "items" }) {
      return try slurped(array)
    }
    guard skimmer.isObject(first) else { return .pages([try page(array)]) }
    switch form(first) {
    case .rest: return .pages([try page(array).withKnownRecords(of: file.name)])
    case .camelCase: return .pages([RepositoryPage(records: try camelCase(skimmer.elements(array)))])
    case .starred, .edges:
      let inner = skimmer.elements(array).compactMap { element in
        skimmer.members(element).first { $0.key == "repo" || $0.key == "node" }?.value
      }
      return try unwrapped(inner)
    case .record: return .rows(skimmer.elements(array))
    }
  }

  /// Pages in an array.
  private func slurped(_ array: Range<Int>) throws(DataError) -> Found {
    var pages: [RepositoryPage] = []
    var rows: [Range<Int>] = []
    for element in skimmer.elements(array)
    where !skimmer.elements(element, most: 1).isEmpty || !skimmer.isArray(element) {
      switch try content(of: element, isOnly: false) {
      case .pages(let found): pages += found
      case .rows(let found): rows += found
      }
    }
    guard pages.isEmpty || rows.isEmpty else {
      throw refusal("holds repositories and other records", "give files of one kind at a time")
    }
    return rows.isEmpty ? .pages(pages) : .rows(rows)
  }

  /// Repositories that were wrapped, each in an object of its own.
  private func unwrapped(_ objects: [Range<Int>]) throws(DataError) -> Found {
    let objects = objects.filter(skimmer.isObject)
    guard let first = objects.first else {
      throw refusal("there is no repository in the list", "give a list with at least one")
    }
    switch form(first) {
    case .camelCase: return .pages([RepositoryPage(records: try camelCase(objects))])
    case .rest:
      let bytes = [UInt8(ascii: "[")] + objects.map { skimmer.content($0) }.joined(separator: [UInt8(ascii: ",")])
      return .pages([
        try RepositoryPage(InputFile(name: file.name, bytes: Array(bytes) + [UInt8(ascii: "]")]))
          .withKnownRecords(of: file.name)
      ])
    default: throw refusal("holds lists of something else than repositories", Self.advice)
    }
  }

  /// The repositories in an answer of GraphQL's, at whatever depth its query asked for them.
  private func graphQL(_ data: Range<Int>, of document: Range<Int>) throws(DataError) -> Found {
    var found: [Range<Int>] = []
    collect(data, depth: 0, into: &found)
    guard !found.isEmpty else {
      throw refusal("is an answer of GraphQL's without repositories", "ask for stargazerCount and the other fields")
    }
    return .pages([RepositoryPage(records: try camelCase(found))])
  }

  private func collect(_ value: Range<Int>, depth: Int, into found: inout [Range<Int>]) {
    guard depth < 8 else { return }
    if skimmer.isArray(value) {
      for element in skimmer.elements(value) { collect(element, depth: depth + 1, into: &found) }
    } else if skimmer.isObject(value) {
      guard form(value) != .camelCase else { return found.append(value) }
      for member in skimmer.members(value) { collect(member.value, depth: depth + 1, into: &found) }
    }
  }

  private func page(_ range: Range<Int>) throws(DataError) -> RepositoryPage {
    try RepositoryPage(InputFile(name: file.name, bytes: skimmer.content(range)))
  }

  private func camelCase(_ objects: [Range<Int>]) throws(DataError) -> [RepositoryRecord] {
    let objects = objects.filter(skimmer.isObject)
    let bytes = [UInt8(ascii: "[")] + objects.map { skimmer.content($0) }.joined(separator: [UInt8(ascii: ",")])
    return try InputFile(name: file.name, bytes: Array(bytes) + [UInt8(ascii: "]")]).json([CamelCaseRepository].self)
      .map(\.record)
  }

  private static let advice = "give GitHub's answer as it came, or a table as [{\"column\": value, …}, …]"

  private func refusal(_ what: String, _ advice: String) -> DataError {
    DataError(.invalid, what, at: .init(file: file.name), advice: advice)
  }

  /// The form of pandas' that is no list of rows; nil for anything else.
  private static func pandasForm(_ valueOf: [String: Range<Int>], _ skimmer: JSONSkimmer) -> String? {
    if valueOf["columns"] != nil && valueOf["index"] != nil && valueOf["data"] != nil { return "split" }
    if valueOf["schema"] != nil && valueOf["data"] != nil { return "table" }
    guard let first = valueOf.values.first, valueOf.values.allSatisfy(skimmer.isObject) else { return nil }
    let inner = Set(skimmer.members(first).map(\.key))
    guard !inner.isEmpty, valueOf.values.allSatisfy({ Set(skimmer.members($0).map(\.key)) == inner }) else {
      return nil
    }
    if inner.allSatisfy({ Int($0) != nil }) { return "columns" }
    return valueOf.keys.allSatisfy { Int($0) != nil } ? "index" : nil
  }
}

extension RepositoryPage {
  /// - Throws: `DataError` for a record of which nothing is known: it is something else.
  fileprivate func withKnownRecords(of file: String) throws(DataError) -> RepositoryPage {
    let nothing = RepositoryRecord(repository: Repository())
    if let index = records.firstIndex(of: nothing) {
      throw DataError(
        .invalid, "record \(index + 1): has none of GitHub's fields", at: .init(file: file),
        advice: "correct the record or leave it out")
    }
    return self
  }
}
