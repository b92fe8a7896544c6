import Extraction
import Testing

@Suite struct SliceTests {
  private let now = 1_800_000_000

  /// Cut again and again, the parts are disjoint and together what was cut, down to one number of stars and one second.
  @Test(arguments: [
    Slice(), Slice(stars: StarRange(from: 50)), Slice(stars: StarRange(from: 10, to: 12)),
    Slice(stars: StarRange(from: 5, to: 5), created: TimeRange(from: 1_577_836_800, to: 1_577_836_803)),
  ])
  func partsAreTheWhole(whole: Slice) throws {
    var leaves: [Slice] = []
    var left = [whole]
    while let slice = left.popLast(), leaves.count < 200 {
      guard let (first, second) = slice.halves(count: 2_000, highest: 90, now: now), left.count < 60 else {
        leaves.append(slice)
        continue
      }
      #expect(!first.isEmpty && !second.isEmpty, "\(slice)")
      if first.stars == second.stars {
        #expect(first.stars == slice.stars)
        #expect(first.created.from == slice.created.from && second.created.to == slice.created.to)
        #expect(first.created.to.map { $0 + 1 } == second.created.from)
      } else {
        #expect(first.created == slice.created && second.created == slice.created)
        #expect(second.stars.from == slice.stars.from && first.stars.to == slice.stars.to)
        #expect(second.stars.to.map { $0 + 1 } == first.stars.from)
      }
      left += [second, first]
    }
  }

  @Test func oneSecondOfOneNumberOfStarsHasNoParts() {
    let slice = Slice(stars: StarRange(from: 5, to: 5), created: TimeRange(from: now, to: now))
    #expect(slice.halves(count: 3_000, highest: 5, now: now) == nil)
  }

  /// Where nobody has more stars than the range begins with, that number is cut off.
  @Test func anOpenRangeOfOneNumberOfStarsIsCut() throws {
    let slice = Slice(stars: StarRange(from: 5))
    let (first, second) = try #require(slice.halves(count: 3_000, highest: 5, now: now))
    #expect(first.stars == StarRange(from: 6) && second.stars == StarRange(from: 5, to: 5))
  }

  @Test func aSliceIsWrittenAsGitHubReadsIt() {
    let slice = Slice(stars: StarRange(from: 5, to: 7), created: TimeRange(from: 1_577_836_800, to: 1_577_966_399))
    #expect(slice.qualifiers == " stars:5..7 created:2020-01-01T00:00:00Z..2020-01-02T11:59:59Z")
    #expect(Slice(stars: StarRange(from: 5, to: 5)).qualifiers == " stars:5")
    #expect(Slice(created: TimeRange(from: 1_577_836_800)).qualifiers == " created:>=2020-01-01T00:00:00Z")
    #expect(Slice(created: TimeRange(to: 1_577_836_800)).qualifiers == " created:<=2020-01-01T00:00:00Z")
    #expect(Slice().description == "all")
  }
}
