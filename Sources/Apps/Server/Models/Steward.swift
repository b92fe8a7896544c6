internal import Glibc
package import Logging
internal import Synchronization

/// Keeps the shelf as the files and the administrator want it, in this process and, through the board, in all of them.
package final class Steward: Sendable {
  private let shelf: Shelf
  private let metrics: Metrics
  private let logger: Logger
  /// One reload at a time: what is read last has to be what is served.
  private let reloading = Mutex<[String: FileIdentity]>([:])
  /// The leaderboards that were looked at last, by the model's name.
  private let leaderboards = Mutex<[String: FileIdentity]>([:])

  package init(_ shelf: Shelf, _ metrics: Metrics, _ logger: Logger) {
    self.shelf = shelf
    self.metrics = metrics
    self.logger = logger
  }

  /// Loads what the file holds now and serves it, in all processes: the others see it within a second.
  package func load(_ name: String) throws(ModelRefusal) {
    if let place = place(of: name) { metrics.setWithdrawn(place, false) }
    try reloading.withLock { known throws(ModelRefusal) in try read(name, &known) }
  }

  /// Serves a model no longer, in all processes.
  package func unload(_ name: String) {
    if let place = place(of: name) { metrics.setWithdrawn(place, true) }
    withdraw(name)
  }

  /// Loads every model for the first time. One that may come later is left out while there is no file.
  /// - Throws: why a file is refused.
  package func loadAll() throws(ModelRefusal) {
    for source in shelf.sources where !isAwaited(source) { try load(source.name) }
    checkLeaderboards()
  }

  /// Reads every file again: what SIGHUP asks for.
  package func reloadAll() {
    refresh { _, _ in true }
  }

  /// Reads the files that are others than before.
  package func reloadChanged() {
    refresh { source, known in FileIdentity(of: source.path) != known[source.name] }
  }

  private func refresh(_ isDue: (ModelSource, [String: FileIdentity]) -> Bool) {
    reloading.withLock { known in
      for (place, source) in shelf.sources.enumerated() {
        if metrics.isWithdrawn(place) {
          withdraw(source.name)
          known[source.name] = nil
        } else if !isAwaited(source), isDue(source, known) {
          // The reason is in the log and on the shelf; what was served is served on.
          try? read(source.name, &known)
        }
      }
    }
    checkLeaderboards()
  }

  private func isAwaited(_ source: ModelSource) -> Bool {
    source.mayComeLater && FileIdentity(of: source.path) == nil && shelf.model(named: source.name) == nil
  }

  /// Warns of a leaderboard beside a model that cannot be shown, once for each content.
  private func checkLeaderboards() {
    leaderboards.withLock { known in
      for model in shelf.models {
        let path = ModelFolder(of: model.path).leaderboard
        let identity = FileIdentity(of: path)
        guard identity != known[model.name] else { continue }
        known[model.name] = identity
        guard let fault = StoredLeaderboard(reading: path)?.fault else { continue }
        logger.warning("the leaderboard cannot be shown: \(fault)", metadata: ["model": "\(model.name)"])
      }
    }
  }

  private func read(_ name: String, _ known: inout [String: FileIdentity]) throws(ModelRefusal) {
    let path = shelf.sources.first { $0.name == name }?.path
    known[name] = path.flatMap(FileIdentity.init(of:))
    do throws(ModelRefusal) {
      let region = place(of: name).map { metrics.region(of: $0) }
      guard let model = try shelf.load(name, countingIn: region) else { return }
      metrics.add(.swaps)
      logger.info("serving \(model.path)", metadata: ["model": "\(name)", "version": "\(model.version)"])
    } catch {
      metrics.add(.refusals)
      logger.error("refused \(error)", metadata: ["model": "\(name)"])
      throw error
    }
  }

  private func withdraw(_ name: String) {
    guard shelf.unload(name) else { return }
    logger.info("serving no more", metadata: ["model": "\(name)"])
  }

  private func place(of name: String) -> Int? { shelf.sources.firstIndex { $0.name == name } }
}

/// Tells one content of a file from another without reading it.
private struct FileIdentity: Equatable {
  let device: UInt
  let inode: UInt
  let size: Int
  let seconds: Int
  let nanoseconds: Int

  /// nil where there is no file.
  init?(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
