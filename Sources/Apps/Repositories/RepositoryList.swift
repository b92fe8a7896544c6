public import Learners

/// The repositories of GitHub's JSON answers.
///
/// A file is a search page `{"items": […]}`, an array of repositories, or one repository; several files are one list. A
/// repository that comes more than once (its stars changed while somebody paged) is kept once, at its first place, as it
/// was when it was updated last. Every field may be absent or null; fields that no feature needs are not looked at.
public struct RepositoryList: Sendable {
  public let records: [RepositoryRecord]
  /// What a person should know about the list, such as how many repositories came more than once.
  public let notes: [String]

  /// - Throws: `DataError` that names the file, the record (counted from 1 in its file) and the field: the file cannot
  ///   be read, is not UTF-8 or not JSON or nested deeper than 512, a field has another type than GitHub gives it, or no
  ///   file has a repository.
  public init(reading paths: [String]) throws(DataError) {
    var files: [InputFile] = []
    for path in paths { files.append(try InputFile(reading: path)) }
    try self.init(parsing: files)
  }

  /// The same for content that is in memory, such as the body of a request.
  public init(parsing files: [InputFile]) throws(DataError) {
    var pages: [RepositoryPage] = []
    for file in files { pages.append(try RepositoryPage(file)) }
    try self.init(pages, name: files.first?.name)
  }

  internal init(_ pages: [RepositoryPage], name: String?) throws(DataError) {
    let all = pages.flatMap(\.records)
    guard !all.isEmpty else {
      throw DataError(
        .invalid, "there is no repository", at: .init(file: name), advice: "give a list with at least one")
    }
    let records = latestOfEach(all)
    self.records = records
    var notes: [String] = []
    if records.count < all.count {
      notes.append("\(all.count - records.count) repositories came again (same id): each is kept once, as updated last")
    }
    let incomplete = pages.count { $0.isIncomplete }
    if incomplete > 0 {
      notes.append("GitHub's search ran out of time in \(incomplete) of \(pages.count) pages: repositories are missing")
    }
    if pages.contains(where: \.isCamelCase) {
      let untold = RepositoryField.allCases.filter { $0.isInSearchAnswers && !$0.isTold(in: records) }
      notes.append(
        "repositories in the form of GraphQL and gh"
          + (untold.isEmpty
            ? ""
            : ": they do not tell \(untold.map(\.rawValue).joined(separator: ", ")), features of these are missing"))
    }
    self.notes = notes
  }
}

extension RepositoryField {
  /// Whether any record has a value.
  fileprivate func isTold(in records: [RepositoryRecord]) -> Bool {
    records.contains { record in
      let repository = record.repository
      return switch form {
      case .number(let path): repository[keyPath: path] != nil
      case .flag(let path): repository[keyPath: path] != nil
      case .timestamp(let path): repository[keyPath: path] != nil
      case .text(let path): repository[keyPath: path] != nil
      case .name: repository.name != nil
      case .license: repository.license != nil
      case .topics: repository.topics != nil
      }
    }
  }
}

/// Each id once, at its first place: the record with the latest update, the first of equals.
private func latestOfEach(_ records: [RepositoryRecord]) -> [RepositoryRecord] {
  var placeOf: [Int64: Int] = [:]
  var kept: [RepositoryRecord] = []
  for record in records {
    guard let id = record.id, let place = placeOf[id] else {
      if let id = record.id { placeOf[id] = kept.count }
      kept.append(record)
      continue
    }
    guard let update = record.repository.updatedAt else { continue }
    if kept[place].repository.updatedAt.map({ $0 < update }) ?? true { kept[place] = record }
  }
  return kept
}
