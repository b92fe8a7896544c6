internal import Repositories

/// What GitHub said about repositories, the most recently used ones.
struct RepositoryCache {
  struct Entry {
    /// nil where GitHub knows no public one of that name.
    var record: RepositoryRecord?
    var etag: String?
    var received: Timestamp
    /// Whether GraphQL has been asked.
    var hasDetails = false
    /// When it was used last, counted in uses.
    var used = 0
  }

  private let capacity: Int
  private var entries: [String: Entry] = [:]
  private var uses = 0

  init(capacity: Int) { self.capacity = capacity }

  mutating func entry(_ name: RepositoryName) -> Entry? {
    uses += 1
    entries[name.key]?.used = uses
    return entries[name.key]
  }

  mutating func keep(_ entry: Entry, of name: RepositoryName) {
    uses += 1
    entries[name.key] = entry
    entries[name.key]?.used = uses
    if entries.count > capacity, let oldest = entries.min(by: { $0.value.used < $1.value.used }) {
      entries[oldest.key] = nil
    }
  }
}
