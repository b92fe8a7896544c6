internal import Repositories

/// Asks GraphQL about the repositories that were found, in batches that shrink where GitHub fails and grow again.
internal struct DetailsPhase {
  /// Times that a single repository is asked about before it is left out.
  private static let tries = 4

  private let extractor: Extractor
  private let run: Run
  private var size = DetailsQuery.largestBatch / 2
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
    while true {
      let batch = try store.withoutDetails(run, after: row, limit: size)
      guard let last = batch.last else { return }
      switch try extractor.client.details(of: batch) {
      case .content(let page, let answer):
        try store.append(page, answering: batch, answer, deflated: Deflate.compress(answer.body), run: run)
        try extractor.account(for: run, points: page.cost)
        row = last.row
        failures = 0
        patience = extractor.client.makePatience()
        size = min(DetailsQuery.largestBatch, size + max(1, size / 2))
        meter.advance(batch.count, observer: extractor.observer)
      case .tooMuch(let reason): try shrink(batch, reason)
      case .notModified: continue
      }
    }
  }

  private mutating func shrink(_ batch: [NodeToAsk], _ reason: String) throws(ExtractionError) {
    size = max(1, batch.count / 2)
    failures += batch.count == 1 ? 1 : 0
    if failures >= Self.tries, let node = batch.first {
      try store.giveUp(on: node.id, why: reason, at: extractor.client.now, run: run)
      row = node.row
      failures = 0
      meter.advance(1, observer: extractor.observer)
    }
    if let seconds = patience.wait(after: .passing) {
      try extractor.client.pause(
        "\(reason); the next question is about \(size)", seconds, &patience)
    }
  }
}
