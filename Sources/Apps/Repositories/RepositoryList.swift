public import Learners
internal import FoundationEssentials

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
    var pages: [RepositoryPage] = []
    for path in paths { pages.append(try RepositoryPage(try contents(of: path), file: path)) }
    try self.init(pages: pages, files: paths)
  }

  /// The list of one JSON text that is not in a file, such as the body of a request.
  public init(parsing json: [UInt8]) throws(DataError) {
    try self.init(pages: [try RepositoryPage(Data(json), file: nil)], files: [])
  }

  private init(pages: [RepositoryPage], files: [String]) throws(DataError) {
    let all = pages.flatMap(\.records)
    guard !all.isEmpty else {
      throw DataError(
        .invalid, "there is no repository", at: .init(file: files.first), advice: "give a list with at least one")
    }
    records = latestOfEach(all)
    var notes: [String] = []
    if records.count < all.count {
      notes.append("\(all.count - records.count) repositories came again (same id): each is kept once, as updated last")
    }
    let incomplete = pages.count { $0.isIncomplete }
    if incomplete > 0 {
      notes.append("GitHub's search ran out of time in \(incomplete) of \(pages.count) pages: repositories are missing")
    }
    self.notes = notes
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

private func contents(of path: String) throws(DataError) -> Data {
  do {
    return try Data(contentsOf: URL(filePath: path))
  } catch let error as CocoaError where error.code == .fileReadNoPermission {
    throw DataError(.noPermission, "may not be read", at: .init(file: path), advice: "ask its owner for permission")
  } catch {
    throw DataError(
      .noInput, "there is no such file, or it cannot be read", at: .init(file: path), advice: "check the path")
  }
}
