internal import Glibc
internal import Learners
internal import Page
internal import Repositories
internal import Synchronization

/// The cards of the models that are served, drawn when they are first asked for, and again where a file of theirs changed.
final class ModelCards: Sendable {
  private struct Key: Equatable {
    let sha256: String
    let allNames: [String]
    let files: [FileStamp?]
  }

  private let cards = Mutex<[String: (key: Key, card: ModelCard)]>([:])

  init() {}

  func card(for served: ServedModel, allNames: [String]) -> ModelCard {
    let folder = ModelFolder(of: served.path)
    let key = Key(
      sha256: served.sha256, allNames: allNames,
      files: [served.path, folder.leaderboard, folder.outOfFold].map(FileStamp.init(of:)))
    if let known = cards.withLock({ $0[served.name] }), known.key == key { return known.card }
    let card = ModelCard(PageModel(served, allNames: allNames, written: key.files[0]?.written))
    cards.withLock { $0[served.name] = (key, card) }
    return card
  }
}

/// Size and time of a file, to see whether it is another.
private struct FileStamp: Equatable {
  let size: Int
  let seconds: Int
  let nanoseconds: Int

  /// nil where there is none.
  init?(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    (size, seconds, nanoseconds) = (Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  var written: Timestamp? { abs(Double(seconds)) < 1e11 ? Timestamp(secondsSince1970: Double(seconds)) : nil }
}
