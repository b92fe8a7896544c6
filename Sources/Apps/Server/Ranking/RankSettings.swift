/// How repositories are fetched.
package struct RankSettings: Sendable {
  /// Asks GitHub; nil where the server must not.
  package var lookup: RepositoryLookup?

  package init(lookup: RepositoryLookup? = nil) { self.lookup = lookup }
}
