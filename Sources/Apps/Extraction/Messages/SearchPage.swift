package import Learners
package import Repositories

/// A repository of a search answer, and where its JSON is in the body.
package struct SearchItem: Sendable {
  package let id: Int64
  package let record: RepositoryRecord
  package let stars: Int
  package let range: Range<Int>

  /// nil for what GitHub's have and this has not: a number, and a number of stars.
  fileprivate init?(_ record: RepositoryRecord, _ range: Range<Int>) {
    guard let id = record.id, let stars = record.stars.flatMap({ Int(exactly: $0) }), stars >= 0 else { return nil }
    self.id = id
    self.stars = stars
    self.record = record
    self.range = range
  }
}

/// An answer to a search.
package struct SearchPage: Sendable {
  /// How many repositories match, of which a page holds some.
  package let total: Int
  package let isIncomplete: Bool
  package let items: [SearchItem]

  /// - Throws: `DataError` that names the record and the field that is not what GitHub gives.
  package init(_ body: [UInt8]) throws(DataError) {
    let content = try InputFile(name: "search", bytes: body).json(Content.self)
    let ranges = ItemRanges.of(body.span)
    guard ranges.count == content.items.count, (0...Self.largestTotal).contains(content.total) else {
      throw DataError(.invalid, "the list of items is not what GitHub gives", advice: "ask again")
    }
    total = content.total
    isIncomplete = content.isIncomplete
    var items: [SearchItem] = []
    for (index, record) in content.items.enumerated() {
      guard let item = SearchItem(record, ranges[index]) else {
        throw DataError(.invalid, "record \(index + 1) has no number or no stars", advice: "ask again")
      }
      items.append(item)
    }
    self.items = items
  }

  /// More than all repositories that GitHub has.
  private static let largestTotal = 1_000_000_000

  private struct Content: Decodable {
    let total: Int
    let isIncomplete: Bool
    let items: [RepositoryRecord]

    enum CodingKeys: String, CodingKey {
      case items
      case total = "total_count"
      case isIncomplete = "incomplete_results"
    }
  }
}
