import Glibc
import Learners
import Linalg
import Testing

@Suite struct ErrorRanksTests {
  @Test func ranksAreThoseOfTheTextbook() throws {
    // 19 errors: between the first and the last, 1 - 2/20 of new ones.
    let ranks = ErrorRanks(of: (1...19).map(Double.init).reversed())
    let all = try #require(ranks.bounds(0.9))
    #expect(all.low == 1 && all.high == 19)
    let half = try #require(ranks.bounds(0.5))
    #expect(half.low == 5 && half.high == 15)
    #expect(ranks.highestLevel == 0.9 && ranks.bounds(0.91) == nil)
  }

  @Test(arguments: [2001, 2002, 5000, 30_000])
  func manyErrorsAreKeptAsEvenRanksThatAreNeverNearer(count: Int) throws {
    let errors = (1...count).map { Double($0) }
    let ranks = ErrorRanks(of: errors)
    #expect(ranks.kept.count <= ErrorRanks.mostKept && ranks.kept[0] == 1 && ranks.kept.last == Double(count))
    for level in [0.01, 0.5, 0.8, 0.9, 0.95, 0.99, 0.998] {
      let exact = (Double(count + 1) * (1 - level) / 2 * (1 + 1e-12)).rounded(.down)
      let bounds = try #require(ranks.bounds(level))
      #expect(bounds.low <= exact && bounds.low >= exact - Double(count) / 1000 - 1)
      #expect(
        bounds.high >= Double(count) + 1 - exact && bounds.high <= Double(count) + 2 - exact + Double(count) / 1000)
    }
  }

  /// The chance of at least 1 - 2 r / (n + 1), over many draws of errors and new errors.
  @Test(arguments: [10, 57, 300]) func coverageIsThatOfTheTheorem(count: Int) throws {
    var random = RandomStream(seed: 11, purpose: RandomPurpose("test.ranks"))
    var (inside, tries) = (0, 0)
    for _ in 0..<400 {
      let bounds = try #require(ErrorRanks(of: (0..<count).map { _ in exp(random.normal()) }).bounds(0.8))
      for _ in 0..<50 {
        let error = exp(random.normal())
        tries += 1
        if error >= bounds.low && error <= bounds.high { inside += 1 }
      }
    }
    let rank = (Double(count + 1) * 0.1 * (1 + 1e-12)).rounded(.down)
    let expected = 1 - 2 * rank / Double(count + 1)
    // Five standard errors of a share over 400 independent draws.
    #expect(abs(Double(inside) / Double(tries) - expected) < 0.03)
  }

  @Test func whatIsNoRanksIsRefused() {
    #expect(ErrorRanks(count: 3, kept: [1, 2, 3]) != nil)
    #expect(ErrorRanks(count: 3, kept: [1, 3, 2]) == nil)
    #expect(ErrorRanks(count: 4, kept: [1, 2, 3]) == nil)
    #expect(ErrorRanks(count: 0, kept: []) == nil)
    #expect(ErrorRanks(count: .max, kept: (0..<2001).map(Double.init)) == nil)
    #expect(ErrorRanks(count: 1, kept: [.infinity]) == nil)
  }
}
