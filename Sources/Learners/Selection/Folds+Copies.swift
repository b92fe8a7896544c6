extension Folds {
  /// How many rows are held out while an exact copy of them is learned from.
  public func countOfKnownRows(_ duplicates: DuplicateRows) -> Int {
    duplicates.groups.reduce(0) { count, rows in
      let first = assignments[rows[0]]
      guard rows.contains(where: { assignments[$0] != first }) else { return count }
      return count + rows.count { assignments[$0] >= 0 }
    }
  }
}
