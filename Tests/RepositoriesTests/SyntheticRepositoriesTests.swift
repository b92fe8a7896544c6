import Foundation
import Learners
import Repositories
import Testing

@Suite struct SyntheticRepositoriesTests {
  @Test func columnsAreFeaturesAndStars() throws {
    let table = SyntheticRepositories.table(rows: 200)
    #expect(table.columns.last?.name == RepositoryFeature.target)
    for column in table.columns.dropLast() {
      let feature = try #require(RepositoryFeature.all.first { $0.name == column.name }, "\(column.name)")
      switch (feature.value, column.values) {
      case (.numeric, .numeric), (.categorical, .categorical): break
      default: Issue.record("\(column.name) is of another kind than the feature")
      }
    }
    #expect(SyntheticRepositories.notice.contains("synthetic"))
  }

  @Test func aLongerTableBeginsWithTheShorterOne() {
    let short = SyntheticRepositories.csv(rows: 100, seed: 5)
    #expect(SyntheticRepositories.csv(rows: 300, seed: 5).prefix(short.count) == short[...])
    #expect(SyntheticRepositories.csv(rows: 100, seed: 6) != short)
    #expect(SyntheticRepositories.csv(rows: 0).last == UInt8(ascii: "\n"))
  }

  /// FNV-1a of the bytes: the sample is the same everywhere and does not change unnoticed.
  @Test func bytesStayTheSame() {
    let hash = SyntheticRepositories.csv(rows: 5_000).reduce(14_695_981_039_346_656_037 as UInt64) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    #expect(hash == 3_891_396_710_844_451_180)
  }

  @Test func csvReadsBackExactly() throws {
    let table = SyntheticRepositories.table(rows: 500, seed: 3)
    let csv = InputFile(name: "sample.csv", bytes: SyntheticRepositories.csv(rows: 500, seed: 3))
    let read = try TableReader.read([csv])
    #expect(read.isSame(as: table))
  }

  @Test func looksLikeRepositories() throws {
    let table = SyntheticRepositories.table(rows: 5_000)
    let stars = table.numbers("stars").sorted()
    #expect(stars[0] >= 0)
    // Heavy-tailed: the mean is far above the median, the largest far above the mean.
    let mean = stars.reduce(0, +) / 5_000
    #expect(mean > 5 * stars[2_500] && stars[4_999] > 20 * mean)
    #expect((20...200).contains(stars[2_500]))
    #expect(table.texts("language").count { $0 == "Python" } > 700)
    #expect(table.texts("license").count { $0 == "MIT" } > 1_500)
    let missing = table.columns.filter { $0.missingCount > 0 }.map(\.name)
    #expect(missing == ["size_kb", "days_since_push", "has_discussions", "language", "license"])
    let (age, push) = (table.numbers("age_days"), table.numbers("days_since_push"))
    #expect(zip(age, push).allSatisfy { $0 >= $1 || $1.isNaN })
    for name in ["has_issues", "archived"] { #expect(Set(table.numbers(name)) == [0, 1]) }
  }

  @Test func isMadeFast() {
    let start = threadTime()
    _ = SyntheticRepositories.table(rows: 5_000)
    let seconds = threadTime() - start
    // About 0.013 on a quiet machine.
    #expect(seconds < 0.5)
    print("made 5000 synthetic repositories in \(seconds) s")
  }
}
