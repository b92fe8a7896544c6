package import Repositories

/// What GitHub says about a repository that was asked for.
package enum Finding: Sendable {
  /// - since: when GitHub said it, where it could not be asked again; nil where it is as GitHub has it now.
  case found(RepositoryRecord, since: Timestamp?)
  case failed(LookupFailure)
}

/// Why nothing is known of a repository.
package enum LookupFailure: Sendable, Hashable {
  /// There is none of that name, or it is private.
  case unknown
  /// For legal reasons.
  case blocked
  /// A limit is used up; until when, where GitHub says.
  case limited(until: Timestamp?)
  /// It failed to answer about this one.
  case offline(String)
  /// It cannot be reached at all.
  case unreachable(String)
  case tokenRefused
  /// What GitHub says.
  case refused(String)
  /// Too many ask at the same time.
  case busy
}

/// What GitHub said last about its limit.
package struct GitHubAllowance: Sendable {
  package var hasToken: Bool
  package var limit: Int?
  package var remaining: Int?
  package var reset: Timestamp?
}
