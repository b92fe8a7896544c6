internal import Synchronization

/// Collects the texts of a table's columns from one part after the other.
///
/// Each thread that reads has its own, so that a text which comes in many parts is kept once a thread, and its number is
/// found in a table that is warm.
final class CSVCollector: Sendable {
  /// Among the collectors of a table.
  let index: Int
  /// By column; nil where no texts are wanted, or where they have been taken.
  private let texts: Mutex<[PackedTexts?]>

  init(index: Int, modes: [CSVFieldMode]) {
    self.index = index
    texts = Mutex(
      modes.map { mode in
        if case .texts = mode { PackedTexts(isLoose: true) } else { nil }
      })
  }

  func texts(of column: Int) -> PackedTexts? { texts.withLock { $0[column] } }

  /// The texts of a column, which are no longer held here.
  fileprivate func takeTexts(of column: Int) -> PackedTexts? { texts.withLock { $0[column].take() } }
}

/// The collectors of a table: as many as there are threads.
final class CSVCollectors: Sendable {
  private struct State {
    /// Those that nobody uses, with the last part that each has seen.
    var free: [(collector: CSVCollector, lastPart: Int)] = []
    var all: [CSVCollector] = []
  }

  private let modes: [CSVFieldMode]
  private let state = Mutex(State())

  init(modes: [CSVFieldMode]) { self.modes = modes }

  /// The texts of a column by collector, which are no longer held here.
  func takeTexts(of column: Int) -> [PackedTexts] {
    state.withLock { $0.all.compactMap { $0.takeTexts(of: column) } }
  }

  /// Calls `body` with a collector that has only seen earlier parts: of each collector, texts come in the order of the
  /// file, whichever thread read what.
  func withCollector<Result>(
    for part: Int, _ body: (CSVCollector) throws(DataError) -> Result
  ) throws(DataError) -> Result {
    let collector = state.withLock { state in
      if let index = state.free.lastIndex(where: { $0.lastPart < part }) {
        return state.free.remove(at: index).collector
      }
      let made = CSVCollector(index: state.all.count, modes: modes)
      state.all.append(made)
      return made
    }
    defer { state.withLock { $0.free.append((collector, part)) } }
    return try body(collector)
  }
}
