internal import Linalg

/// The rows that one run of boosting learns from, and those on which it finds its number of trees. Both ascend.
package struct ValidationPart: Sendable, Equatable {
  package let training: [UInt32]
  package let validation: [UInt32]

  /// Few rows: leave out less of them at a time. Many: one run is enough, for its number of trees is well determined
  /// and time is dear.
  private static func automaticFolds(rows: Int) -> Int { rows < 2000 ? 10 : rows > 50_000 ? 1 : 5 }

  /// Runs of a fit to so many rows; 0 for one that leaves out nothing.
  internal static func foldCount(rows: Int, parameters: Boosting.Parameters) -> Int {
    parameters.folds ?? automaticFolds(rows: rows)
  }

  /// A seeded shuffle of the rows, cut into folds as equal as can be: run k leaves out fold k, or of a fold larger than
  /// `validationFraction` its beginning.
  /// - Parameter groups: the group of each row: a run leaves out whole ones. Nil where each row is its own.
  package static func parts(
    rows: Int, groups: [Int]? = nil, parameters: Boosting.Parameters, seed: UInt64
  ) -> [ValidationPart] {
    let folds = foldCount(rows: rows, parameters: parameters)
    guard folds > 0 && rows > 1 else { return [ValidationPart(training: Array(0..<UInt32(rows)), validation: [])] }
    let shuffled = ShuffledRows(rows: rows, groups: groups, seed: seed, purpose: RandomPurpose("boosting.folds"))
    let most = min(rows - 1, max(1, Int((parameters.validationFraction * Double(rows)).rounded())))
    let count = min(folds, rows)
    let ends = (0...count).map { shuffled.cut(near: $0 * rows / count) }
    // Of few groups some folds have none.
    return zip(ends, ends.dropFirst()).filter { $0 < $1 }.map { start, end in
      part(shuffled.order, leavingOut: start..<min(end, shuffled.end(after: start, atMost: most)))
    }
  }

  private static func part(_ order: [Int], leavingOut places: Range<Int>) -> ValidationPart {
    let others = order[..<places.lowerBound] + order[places.upperBound...]
    return ValidationPart(
      training: others.map { UInt32($0) }.sorted(), validation: order[places].map { UInt32($0) }.sorted())
  }
}
