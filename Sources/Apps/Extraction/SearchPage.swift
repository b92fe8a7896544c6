internal import Learners
internal import Repositories

/// A repository of a search answer, and where its JSON is in the body.
internal struct SearchItem: Sendable {
  internal let id: Int64
  /// Its name in GraphQL.
  internal let node: String?
  internal let record: RepositoryRecord
  internal let stars: Int
  internal fileprivate(set) var range = 0..<0
}

/// An answer to a search.
internal struct SearchPage: Sendable {
  /// How many repositories match, of which a page holds some.
  internal let total: Int
  internal let isIncomplete: Bool
  internal let items: [SearchItem]

  /// - Throws: `DataError` that names the record and the field that is not what GitHub gives.
  internal init(_ body: [UInt8]) throws(DataError) {
    let content = try InputFile(name: "search", bytes: body).json(Content.self)
    let ranges = ItemRanges.of(body.span)
    guard ranges.count == content.items.count, content.total >= 0 else {
      throw DataError(.invalid, "the list of items is not what GitHub gives", advice: "ask again")
    }
    total = content.total
    isIncomplete = content.isIncomplete
    var items = content.items
    for index in items.indices { items[index].range = ranges[index] }
    self.items = items
  }

  private struct Content: Decodable {
    let total: Int
    let isIncomplete: Bool
    let items: [SearchItem]

    enum CodingKeys: String, CodingKey {
      case items
      case total = "total_count"
      case isIncomplete = "incomplete_results"
    }
  }
}

extension SearchItem: Decodable {
  private enum Key: String, CodingKey {
    case id
    case node = "node_id"
    case stars = "stargazers_count"
  }

  internal init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    id = try object.decode(Int64.self, forKey: .id)
    node = try object.value(.node)
    stars = try object.decode(Int.self, forKey: .stars)
    record = try RepositoryRecord(from: decoder)
  }
}
