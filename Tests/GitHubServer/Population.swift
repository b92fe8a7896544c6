internal import Learners
internal import Linalg
internal import Repositories

/// What is made up.
package struct PopulationOptions: Sendable {
  package var count = 1000
  package var seed: UInt64 = 0
  /// Added to everybody's stars; the made-up ones begin at 0, with many ties there.
  package var minimumStars = 0
  /// So many have the same stars and were created within one minute.
  package var burst = 0
  /// Days since the first snapshot: a tenth of the repositories gain stars each day.
  package var day = 0
  /// Of 1,000 repositories so many were renamed: asked for by the name that a search gives, they answer 301.
  package var renamedPerThousand = 2
  /// The same for those that were deleted (404) and blocked (451) since the search index saw them.
  package var missingPerThousand = 2
  package var blockedPerThousand = 1

  package init() {}
}

/// All repositories of the made-up GitHub, in the order of a search by stars: most stars first, then by id.
package struct Population: Sendable {
  package let repositories: [MadeRepository]
  private let positions: [String: Int32]
  private let positionsByID: [Int: Int32]

  /// Cost: about 6 µs and 400 bytes for each.
  package init(_ options: PopulationOptions) {
    let made = MadeRepository.list(options).sorted { ($1.stars, $0.id) < ($0.stars, $1.id) }
    repositories = made
    positions = Dictionary(made.indices.map { (made[$0].fullName, Int32($0)) }) { first, _ in first }
    positionsByID = Dictionary(made.indices.map { (made[$0].id, Int32($0)) }) { first, _ in first }
  }

  func position(of fullName: String) -> Int? { positions[fullName.lowercased()].map(Int.init) }
  func position(ofID id: Int) -> Int? { positionsByID[id].map(Int.init) }

  /// Positions of those with stars in a range: a range itself, as they are in that order.
  func positions(stars: ClosedRange<Int>) -> Range<Int> {
    let low = repositories.partitioningIndex { $0.stars <= stars.upperBound }
    let high = repositories.partitioningIndex { $0.stars < stars.lowerBound }
    return low..<max(low, high)
  }
}

extension Array {
  /// The first index from which on `belongs` holds.
  fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
