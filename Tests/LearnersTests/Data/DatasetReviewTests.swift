import Foundation
import Learners
import Linalg
import Testing

@Suite struct DatasetReviewTests {
  private static let rows = 400
  private static let target = numbers("target").map { (exp(2 * $0) * 1000).rounded() / 100 }

  private static func numbers(_ name: StaticString, count: Int = rows) -> [Double] {
    var random = RandomStream(seed: 1, purpose: RandomPurpose(name))
    return (0..<count).map { _ in random.normal() }
  }

  private func warnings(
    _ column: [Double], _ target: [Double] = target, allowed: Set<String> = []
  ) throws -> [String] {
    let table = Table(columns: [
      Column(name: "noise", values: .numeric(Self.numbers("noise", count: column.count))),
      Column(name: "suspect", values: .numeric(column)), Column(name: "y", values: .numeric(target)),
    ])
    return DatasetReview(try Dataset(table), allowed: allowed).warnings
  }

  private static let ranks: [Double] = {
    let order = target.indices.sorted { target[$0] > target[$1] }
    var ranks = target
    for (rank, row) in order.enumerated() { ranks[row] = Double(rank + 1) }
    return ranks
  }()

  private static let leaks: [String: [Double]] = [
    "rounded": target.map { $0.rounded() }, "scaled": target.map { 1.19 * $0 }, "negated": target.map { -$0 },
    "logarithm": target.map { log($0 + 1) }, "rank": ranks,
    "with gaps": target.enumerated().map { $0 % 3 == 0 ? .nan : $1 * 2 },
    "spoiled": target.enumerated().map { $0 == 100 ? -5 : $1 * 2 },
    "reciprocal": target.map { 1 / ($0 + 1) }, "cents": target.map { ($0 * 100).rounded() },
  ]

  @Test(arguments: leaks.keys.sorted()) func whatTellsTheTargetIsWarnedOf(_ name: String) throws {
    let column = try #require(Self.leaks[name])
    let warnings = try warnings(column)
    #expect(warnings.count == 1 && warnings[0].contains("--drop suspect"), "\(warnings)")
    #expect(try self.warnings(column, allowed: ["suspect"]).isEmpty)
  }

  @Test func honestColumnsPass() throws {
    let noise = Self.numbers("honest")
    let honest: [String: [Double]] = [
      "noisy copy": zip(Self.target, noise).map { $0 + $1 },
      "coarse": Self.target.map { $0 > 10 ? 1 : 0 }, "constant": Self.target.map { _ in 3 },
      "row number": Self.target.indices.map(Double.init), "noise": noise,
    ]
    for (name, column) in honest { #expect(try warnings(column).isEmpty, "\(name)") }
  }

  /// The last value of a series that seldom changes is known beforehand; so is that of a random walk.
  @Test func lagsPass() throws {
    let levels = (0..<2000).map { Double(($0 / 200 * 7) % 9) }
    #expect(try warnings([0] + levels.dropLast(), levels).isEmpty)
    var walk = [0.0]
    for step in Self.numbers("walk", count: 2999) { walk.append(walk.last! + step) }
    #expect(try warnings([0] + walk.dropLast(), walk).isEmpty)
    #expect(try warnings(walk.map { ($0 * 10).rounded() }, walk).count == 1)
  }

  @Test func codesOfTheTargetAreWarnedOf() throws {
    let target = Self.numbers("grades").map { Double(Int(abs($0) * 3)) }
    let codes = target.map { Double((Int($0) * 7 + 3) % 11) }
    #expect(try warnings(codes, target).count == 1)
    let table = Table(columns: [
      Column(name: "noise", values: .numeric(Self.numbers("noise"))),
      Column(name: "grade", texts: target.map { "grade \($0)" }), Column(name: "y", values: .numeric(target)),
    ])
    #expect(DatasetReview(try Dataset(table)).warnings.count == 1)
    // A row number of a sorted table.
    let sorted = target.sorted()
    #expect(try warnings(sorted.indices.map(Double.init), sorted).count == 1)
  }

  /// Rows that are there five times are no codes of their target, but copies.
  @Test func copiesAreCounted() throws {
    let (a, y) = (Self.numbers("a", count: 60), Self.numbers("y", count: 60))
    let rows = (0..<300).map { $0 % 60 }
    let table = Table(columns: [
      Column(name: "number", values: .numeric(rows.indices.map(Double.init))),
      Column(name: "a", values: .numeric(rows.map { $0 == 7 ? .nan : a[$0] })),
      Column(name: "kind", texts: rows.map { ["x", "y", "z"][$0 % 3] }),
      Column(name: "y", values: .numeric(rows.map { y[$0] })),
    ])
    let dataset = try Dataset(table)
    let review = DatasetReview(dataset)
    #expect(review.duplicates.copyCount == 240 && review.duplicates.groups.count == 60)
    #expect(review.warnings.isEmpty, "\(review.warnings)")
    let folds = try Folds(shuffling: 300, into: 5, seed: 0)
    #expect(folds.countOfKnownRows(review.duplicates) > 250)
    let together = try Folds(assignments: rows.map { $0 % 5 }, rows: 300)
    #expect(together.countOfKnownRows(review.duplicates) == 0)
    let partly = try Folds(assignments: rows.indices.map { $0 < 60 ? 0 : -1 }, rows: 300)
    #expect(partly.countOfKnownRows(review.duplicates) == 60)
  }

  @Test func constantColumnsAreNoted() throws {
    let table = Table(columns: [
      Column(name: "a", values: .numeric([1, 2, 3])), Column(name: "same", values: .numeric([4, 4, 4])),
      Column(name: "word", texts: ["x", "x", "x"]), Column(name: "y", values: .numeric([1, 5, 2])),
    ])
    #expect(try Dataset(table).notes == ["2 columns are the same in every row and tell nothing: same, word"])
  }
}
