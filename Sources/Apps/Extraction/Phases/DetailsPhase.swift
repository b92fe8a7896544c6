internal import Repositories

/// Asks GraphQL about the repositories that were found, in batches that shrink where GitHub fails and grow again.
///
/// What an answer leaves out is asked for again in halves, down to one repository: what GitHub does not tell even then is
/// missed, with its reason, and not gone.
internal struct DetailsPhase {
  /// Times that a single repository is asked about before it is left out.
  private static let tries = 8

  private let extractor: Extractor
  private let run: Run
  private var size = DetailsQuery.largestBatch / 2
  /// Batches to ask for again, the last one first.
  private var again: [[NodeToAsk]] = []
  /// How often the repository that is asked about alone has failed.
  private var failures = 0
  private var patience: Patience
  private var row: Int64 = 0
  private var meter: ProgressMeter
  private var store: Store { extractor.store }

  internal init(_ extractor: Extractor, _ run: Run) throws(ExtractionError) {
    self.extractor = extractor
    self.run = run
    patience = extractor.client.makePatience()
    let (done, gone, missed) = try extractor.store.detailsCount(of: run)
    meter = ProgressMeter(
      extractor.client, .details, done: done + gone + missed, unitsPerRequest: DetailsQuery.largestBatch)
    meter.total = try extractor.store.repositoryCount(of: run)
  }

  internal mutating func proceed() throws(ExtractionError) {
    while let batch = try nextBatch() {
      switch try extractor.client.details(of: batch) {
      case .content(let page, let answer):
        try store.append(page, answering: batch, answer, deflated: Deflate.compress(answer.body), run: run)
        try extractor.account(for: run, points: page.cost)
        try take(page, of: batch)
      case .tooMuch(let reason):
        size = max(1, batch.count / 2)
        try retry(batch, reason, isRefused: false, waits: true, wasAlone: batch.count == 1)
      case .notModified: again.append(batch)
      }
    }
    try store.giveUpOnNameless(run, at: extractor.client.now)
  }

  private mutating func nextBatch() throws(ExtractionError) -> [NodeToAsk]? {
    if let batch = again.popLast() { return batch }
    let batch = try store.withoutDetails(run, after: row, limit: size)
    row = batch.last?.row ?? row
    return batch.isEmpty ? nil : batch
  }

  /// Goes on behind an answer, or asks again for what it left out.
  private mutating func take(_ page: DetailsPage, of batch: [NodeToAsk]) throws(ExtractionError) {
    var failed: [NodeToAsk] = []
    var (reason, isRefused) = ("", true)
    for (node, fate) in zip(batch, page.fates) {
      guard case .failed(let why, let refused) = fate else { continue }
      failed.append(node)
      reason = why
      isRefused = isRefused && refused
    }
    let told = batch.count - failed.count
    if told > 0 {
      patience = extractor.client.makePatience()
      failures = 0
      meter.advance(told, observer: extractor.observer)
    }
    guard !failed.isEmpty else {
      size = min(DetailsQuery.largestBatch, size + max(1, size / 2))
      return
    }
    if 2 * failed.count >= batch.count { size = max(1, batch.count / 2) }
    try retry(
      failed, reason, isRefused: isRefused, waits: told == 0 && !isRefused, wasAlone: batch.count == 1)
  }

  /// Asks for a batch again in halves; one repository after a while, and not for ever.
  /// - Parameter wasAlone: whether a repository was asked about by itself; that it failed among others says nothing of it.
  private mutating func retry(
    _ batch: [NodeToAsk], _ reason: String, isRefused: Bool, waits: Bool, wasAlone: Bool
  ) throws(ExtractionError) {
    if batch.count > 1 {
      let middle = batch.count / 2
      again.append(Array(batch[middle...]))
      again.append(Array(batch[..<middle]))
    } else if let node = batch.first {
      if wasAlone { failures += 1 }
      if isRefused || failures >= Self.tries {
        try store.giveUp(on: node.id, why: reason, at: extractor.client.now, run: run)
        failures = 0
        meter.advance(1, observer: extractor.observer)
      } else {
        again.append(batch)
      }
    }
    if waits, let seconds = patience.wait(after: .passing) {
      try extractor.client.pause(
        "\(reason); the next question is about \(again.last?.count ?? size)", seconds, &patience)
    }
  }
}
