internal import Glibc
internal import Repositories

/// Whole numbers of stars, without end where `to` is nil.
public struct StarRange: Sendable, Hashable {
  public var from = 0
  public var to: Int?

  public init(from: Int = 0, to: Int? = nil) {
    self.from = from
    self.to = to
  }

  internal func intersection(_ other: StarRange) -> StarRange {
    StarRange(from: max(from, other.from), to: [to, other.to].compactMap(\.self).min())
  }
}

/// Seconds since 1970 at which a repository was made, both ends included; without end where one is nil.
public struct TimeRange: Sendable, Hashable {
  public var from: Int?
  public var to: Int?

  public init(from: Int? = nil, to: Int? = nil) {
    self.from = from
    self.to = to
  }

  internal func intersection(_ other: TimeRange) -> TimeRange {
    TimeRange(
      from: [from, other.from].compactMap(\.self).max(), to: [to, other.to].compactMap(\.self).min())
  }
}

/// A part of a search: a range of stars, and, where one number of stars is still too many, a range of creation times.
public struct Slice: Sendable, Hashable, CustomStringConvertible {
  public var stars = StarRange()
  public var created = TimeRange()

  public init(stars: StarRange = StarRange(), created: TimeRange = TimeRange()) {
    self.stars = stars
    self.created = created
  }

  /// Search answers are cut off behind this many.
  public static let reach = 1_000
  /// What a slice holds at most: there has to be room for those that come while somebody pages.
  public static let comfortable = 900
  /// What a cut aims at.
  private static let aim = 650.0

  package var isEmpty: Bool {
    if let to = stars.to, to < stars.from { return true }
    if let from = created.from, let to = created.to, to < from { return true }
    return false
  }

  /// - Parameter created: nil where it is not known.
  internal func contains(stars: Int, created: Timestamp?) -> Bool {
    guard stars >= self.stars.from, self.stars.to.map({ stars <= $0 }) ?? true else { return false }
    guard let seconds = created.map({ Int($0.secondsSince1970) }) else { return true }
    return (self.created.from.map { seconds >= $0 } ?? true) && (self.created.to.map { seconds <= $0 } ?? true)
  }

  /// With a space in front; empty for all repositories.
  package var qualifiers: String {
    let times =
      switch (created.from, created.to) {
      case (nil, nil): ""
      case (let from?, nil): " created:>=\(Timestamp(secondsSince1970: Double(from)))"
      case (nil, let to?): " created:<=\(Timestamp(secondsSince1970: Double(to)))"
      case (let from?, let to?):
        " created:\(Timestamp(secondsSince1970: Double(from)))..\(Timestamp(secondsSince1970: Double(to)))"
      }
    guard let to = stars.to else { return (stars.from == 0 ? "" : " stars:>=\(stars.from)") + times }
    return (to == stars.from ? " stars:\(to)" : " stars:\(stars.from)..\(to)") + times
  }

  public var description: String { qualifiers.isEmpty ? "all" : String(qualifiers.dropFirst()) }

  /// Two slices that are together this one, the one with more stars, or made earlier, first; nil for one number of stars
  /// and one second.
  ///
  /// Stars are cut where about `aim` repositories are above, if the number of those with at least s stars falls as 1/s.
  /// - Parameters:
  ///   - count: how many repositories the slice holds.
  ///   - highest: the most stars that one of them has, where that is known.
  ///   - now: no repository is younger.
  package func halves(count: Int, highest: Int?, now: Int) -> (Slice, Slice)? {
    if let cut = starCut(count: count, highest: highest) {
      return (with(stars: StarRange(from: cut, to: stars.to)), with(stars: StarRange(from: stars.from, to: cut - 1)))
    }
    let (from, to) = (created.from ?? Self.firstRepository, created.to ?? max(now, created.from ?? 0))
    guard from < to else { return nil }
    let middle = from + (to - from) / 2
    return (
      with(created: TimeRange(from: created.from, to: middle)),
      with(created: TimeRange(from: middle + 1, to: created.to))
    )
  }

  /// The smallest number of stars in the upper part.
  private func starCut(count: Int, highest: Int?) -> Int? {
    guard let top = stars.to ?? highest ?? (stars.from + 1 < Self.mostStars ? Self.mostStars : nil), top > stars.from
    else { return stars.to == nil && stars.from < Self.mostStars * 100 ? stars.from + 1 : nil }
    let (low, high) = (Double(stars.from) + 1, Double(top) + 2)
    let share = min(0.5, Self.aim / Double(max(1, count)))
    let cut = 1 / (1 / high + share * (1 / low - 1 / high)) - 1
    return min(top, max(stars.from + 1, Int(cut.rounded())))
  }

  private func with(stars: StarRange) -> Slice { Slice(stars: stars, created: created) }
  private func with(created: TimeRange) -> Slice { Slice(stars: stars, created: created) }

  /// GitHub opened in October 2007; a cut needs an end, the outermost slices have none.
  private static let firstRepository = 1_191_196_800
  private static let mostStars = 1_000_000
}
