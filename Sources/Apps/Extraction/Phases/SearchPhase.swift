internal import Repositories

/// Searches slice by slice, most stars first, until nothing is left or as many are there as are wanted.
internal struct SearchPhase {
  fileprivate static let perPage = 100

  private let extractor: Extractor
  private let run: Run
  private var store: Store { extractor.store }
  /// Repositories that are still wanted.
  private var need: Int
  private var meter: ProgressMeter

  internal init(_ extractor: Extractor, _ run: Run) throws(ExtractionError) {
    self.extractor = extractor
    self.run = run
    let done = try extractor.store.repositoryCount(of: run)
    need = extractor.settings.wanted.map { max(0, $0 - done) } ?? .max
    meter = ProgressMeter(extractor.client, .search, done: done, unitsPerRequest: Self.perPage)
    meter.total = try extractor.store.matching(of: run).map { min($0, extractor.settings.wanted ?? .max) }
  }

  internal mutating func proceed() throws(ExtractionError) {
    while let slice = try store.nextSlice(of: run, isFull: need == 0) {
      try search(slice)
      try extractor.account(for: run)
    }
  }

  private mutating func search(_ stored: StoredSlice) throws(ExtractionError) {
    if stored.pages == 0, stored.round == 1, let known = stored.matching, isTooMuch(known, need),
      try split(stored, count: known, highest: nil)
    {
      return
    }
    var work = try SliceWork(stored, seen: stored.pages > 0 || stored.round > 1 ? store.identifiers(in: stored) : [])
    // What an earlier try left out is wanted whatever came instead of it.
    work.limit = stored.round > 1 ? .max : need == .max ? .max : need + (try store.repositoryCount(of: run, in: stored))
    while true {
      while !work.isThrough { if try turnPage(&work) == .cut { return } }
      if work.missed == 0 || work.stored.round > 1 { return try finish(work) }
      try store.beginRound(work.stored)
      work.beginRound()
    }
  }

  private enum Turn { case stored, cut }

  /// Asks for the next page and stores it, or cuts the slice.
  private mutating func turnPage(_ work: inout SliceWork) throws(ExtractionError) -> Turn {
    let number = work.stored.pages + 1
    guard let (page, toStore) = try ask(number, &work) else { return try giveWay(&work) }
    try checkNarrowing(page, work.stored.slice)
    work.matching = page.total
    if number == 1 {
      if work.stored.slice == extractor.query.whole { try note(total: page.total) }
      if isTooMuch(page.total, work.limit), try split(work.stored, count: page.total, highest: page.items.first?.stars)
      {
        try store.tellOtherHalf(work.stored, matching: page.total)
        return .cut
      }
      try store.count(work.stored, matching: page.total, asked: work.asked)
    }
    if page.isIncomplete {
      work.reason = "GitHub's search ran out of time, again and again"
      if page.total > Self.perPage, try split(work.stored, count: page.total, highest: page.items.first?.stars) {
        return .cut
      }
    }
    let isWanted = work.stored.round > 1
    let new = try store.append(toStore, of: work.stored, run: run, limit: isWanted ? .max : need)
    if need < .max { need = max(0, need - new) }
    work.turned(to: number, page.items)
    meter.advance(new, observer: extractor.observer)
    return .stored
  }

  /// With OR in the query, GitHub may take the range for its last part only: then no cut makes anything smaller, and there is
  /// no end. Some repositories that are just outside are no sign of it: their stars changed since they were indexed.
  private func checkNarrowing(_ page: SearchPage, _ slice: Slice) throws(ExtractionError) {
    let outside = page.items.count { !slice.contains(stars: $0.stars, created: $0.record.repository.createdAt) }
    guard outside >= Self.fewestOutside, 2 * outside > page.items.count else { return }
    let cause =
      extractor.query.hasOperators ? "AND, OR or NOT in --query take it for a part of the query" : "GitHub ignores it"
    throw ExtractionError(
      .usage,
      "--query: \(outside) of \(page.items.count) repositories that were found are outside of \(slice), by which the search is cut: \(cause)",
      advice: "extract each part of the query by a command of its own, or a smaller --count")
  }

  private static let fewestOutside = 10

  /// What GitHub will not answer as a whole is cut in two, or given up.
  private func giveWay(_ work: inout SliceWork) throws(ExtractionError) -> Turn {
    work.isAtEnd = true
    return try split(work.stored, count: max(work.matching, Slice.reach), highest: nil) ? .cut : .stored
  }

  private mutating func note(total: Int) throws(ExtractionError) {
    try store.noteMatching(total, of: run)
    meter.total = min(total, extractor.settings.wanted ?? .max)
  }

  /// GitHub shows 1,000 of a search, of which a slice that is wanted as a whole uses less: it may grow.
  private func isTooMuch(_ matching: Int, _ limit: Int) -> Bool {
    limit < matching ? limit > Slice.reach : matching > Slice.comfortable
  }

  /// - Returns: false for a slice that has no parts.
  private func split(_ stored: StoredSlice, count: Int, highest: Int?) throws(ExtractionError) -> Bool {
    let now = Int(extractor.client.now.secondsSince1970)
    guard let (first, second) = stored.slice.halves(count: count, highest: highest, now: now) else { return false }
    let halves = [first, second].map { ($0, extractor.query.text(for: $0)) }
    try store.split(stored, of: run, into: halves, matching: count)
    return true
  }

  private func finish(_ work: SliceWork) throws(ExtractionError) {
    var reason = work.reason
    if work.missed > 0 && reason == nil {
      reason =
        work.matching > Slice.reach
        ? "more than 1,000 repositories of one second and one number of stars: GitHub shows no more"
        : "GitHub counts more than it shows"
    }
    // Of a search that ran out of time nobody knows how many there are.
    let missed = work.reason == nil ? work.missed : max(1, work.missed)
    try store.finish(work.stored, asked: max(work.asked, missed), missed: missed, reason: reason)
  }

  /// The page, from GitHub or, where it did not change, from the store; nil where GitHub wants to be asked for less.
  private func ask(
    _ number: Int, _ work: inout SliceWork
  ) throws(ExtractionError) -> (SearchPage, PageToStore)? {
    let query = extractor.query.text(for: work.stored.slice)
    let url = extractor.client.searchURL(query, page: number)
    let earlier = run.refreshes && work.stored.round == 1 ? try store.answer(to: url) : nil
    switch try extractor.client.search(query, page: number, etag: earlier?.etag) {
    case .content(let content, let answer):
      let page = PageToStore(
        url: answer.url, etag: answer.etag, received: answer.received, number: number, items: content.items,
        body: .new(deflated: Deflate.compress(answer.body), length: answer.body.count))
      return (content, page)
    case .notModified(let answer):
      guard let earlier, let content = try? SearchPage(earlier.body) else {
        throw ExtractionError(
          .badData, "\(store.path): an answer in the store is damaged", advice: "restore a copy, or extract again")
      }
      let page = PageToStore(
        url: answer.url, etag: earlier.etag, received: answer.received, number: number, items: content.items,
        body: .stored(earlier.bodyID))
      return (content, page)
    case .tooMuch(let reason):
      work.reason = reason
      return nil
    }
  }
}

/// A slice while its pages are turned.
private struct SliceWork {
  private(set) var stored: StoredSlice
  /// The repositories in its answers, of all rounds.
  private var seen: Set<Int64>
  /// How many repositories GitHub said last that it holds.
  var matching: Int
  /// How many of them are wanted at most.
  var limit = Int.max
  /// Why some may be missed.
  var reason: String?
  /// GitHub shows no more pages.
  var isAtEnd = false

  init(_ stored: StoredSlice, seen: Set<Int64>) {
    self.stored = stored
    self.seen = seen
    matching = stored.matching ?? 0
  }

  var asked: Int { min(matching, limit) }
  var missed: Int { max(0, asked - seen.count) }
  /// There is no page to ask for in this round.
  var isThrough: Bool {
    isAtEnd || stored.pages > 0 && (missed == 0 || stored.pages * SearchPhase.perPage >= min(matching, Slice.reach))
  }

  mutating func turned(to page: Int, _ items: [SearchItem]) {
    stored.pages = page
    isAtEnd = items.isEmpty
    for item in items { seen.insert(item.id) }
  }

  mutating func beginRound() {
    stored.pages = 0
    stored.round += 1
    isAtEnd = false
  }
}
