/// One extraction: what was asked for, and when.
internal struct Run: Sendable {
  internal let id: Int64
  /// The day on which it began, in UTC.
  internal let snapshot: String
  internal let request: RunRequest
  /// Answers of earlier runs are asked for with their ETags.
  internal let refreshes: Bool
  internal let isFinished: Bool
}

/// What makes two runs the same command.
internal struct RunRequest: Sendable, Equatable {
  internal var api: String
  internal var query: String
  /// The number of repositories, those with the most stars; nil for all.
  internal var wanted: Int?
  internal var hasDetails: Bool
}

/// A slice of a run, as far as it is.
internal struct StoredSlice: Sendable {
  internal let id: Int64
  internal let slice: Slice
  /// How many repositories GitHub says it holds; nil before it was asked, and where that follows from no other slice.
  internal var matching: Int?
  internal var asked: Int?
  /// Pages stored in this round.
  internal var pages: Int
  /// Pages are asked for again in a second round where repositories were missing.
  internal var round: Int
}

/// What a slice gave: a line of the completeness report.
public struct SliceReport: Sendable, Equatable {
  /// What GitHub was asked for.
  public let query: String
  /// How many repositories of it were wanted: all that match, or less for the last ones of a top list.
  public let asked: Int
  /// Repositories in the answers.
  public let returned: Int
  /// Those of them that were there already.
  public let duplicates: Int
  public let missed: Int
  /// Why some are missed.
  public let reason: String?
}
