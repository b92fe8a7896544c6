import Learners
import Linalg
import Testing

import Search

@Suite struct SpaceTests {
  @Test(arguments: [0.0, 0.1, 0.5, 0.9, 0.999_999])
  func placesAreFoundAgain(_ place: Double) throws {
    let real = Dimension("alpha", .reals(0.01...100, isLogarithmic: true))
    let found = try #require(real.place(of: real.value(at: place)))
    #expect(abs(found - place) < 1e-3)
    let whole = Dimension("maxLeaves", .integers(2...9, isLogarithmic: false))
    let value = whole.value(at: place)
    #expect(whole.value(at: try #require(whole.place(of: value))) == value)
  }

  @Test func wholeNumbersAreEquallyLikely() {
    let dimension = Dimension("maxDepth", .integers(1...4, isLogarithmic: false))
    var counts: [ParameterValue: Int] = [:]
    for index in 0..<4000 { counts[dimension.value(at: (Double(index) + 0.5) / 4000), default: 0] += 1 }
    #expect(counts.count == 4 && counts.values.allSatisfy { $0 == 1000 })
  }

  @Test func realsAreNumbersThatPeopleCanType() {
    let dimension = Dimension("c", .reals(0.001...1000, isLogarithmic: true))
    for index in 0..<50 {
      #expect(dimension.value(at: Double(index) / 49).description.filter(\.isNumber).drop { $0 == "0" }.count <= 6)
    }
    #expect(dimension.value(at: 0.3).description == "0.0631")
  }

  @Test func everyDefaultSpaceIsTakenByItsLearner() throws {
    for learner in Registry.learners {
      let dimensions = Space.defaults(of: learner)
      #expect(learner.name == "mean" || !dimensions.isEmpty)
      let space = try Space(learner, fixed: [:], dimensions: dimensions)
      let points = LowDiscrepancy(dimensions: dimensions.count, seed: 1, purpose: RandomPurpose("test"))
      for number in 1..<100 {
        let candidate = try #require(space.candidate(at: points[number]))
        #expect(candidate.settings.count == dimensions.count)
        let text = Setting.text(of: candidate)
        let again = try #require(Setting.candidate(learner.name, text))
        #expect(again.values == candidate.values && Setting.hash(of: again) == Setting.hash(of: candidate))
      }
    }
  }

  @Test func defaultsOutsideOfWhatIsAskedForAreNotTried() throws {
    let outside = try Space(SVR.self, fixed: [:], dimensions: [.reals("c", 10...20)])
    let inside = try Space(SVR.self, fixed: [:], dimensions: [.reals("c", 1...20)])
    #expect(outside.standard == nil && inside.standard?.settings == [:])
    #expect(try Space(SVR.self, fixed: [:], dimensions: Space.defaults(of: SVR.self)).standard != nil)
  }

  @Test func idleSettingsAreLeftOut() throws {
    let space = try Space(
      SVR.self, fixed: [:],
      dimensions: [
        Dimension("kernel", .values([.text("rbf"), .text("linear")])), .reals("gamma", 0.01...1, log: true),
      ])
    let grid = try #require(space.grid(steps: 3, atMost: 100))
    #expect(Set(grid.map { Setting.hash(of: $0) }).count == 4)
    #expect(space.grid(steps: 3, atMost: 5) == nil)
  }

  @Test func pointsAreEvenAndDependOnTheirNumberAlone() {
    let points = LowDiscrepancy(dimensions: 3, seed: 5, purpose: RandomPurpose("test"))
    let again = LowDiscrepancy(dimensions: 3, seed: 5, purpose: RandomPurpose("test"))
    #expect(points[137] == again[137])
    for coordinate in 0..<3 {
      var counts = [Int](repeating: 0, count: 10)
      for number in 0..<200 { counts[Int(points[number][coordinate] * 10)] += 1 }
      // Random points would deviate by more than 8 in most of the cases.
      #expect(counts.allSatisfy { abs($0 - 20) <= 4 })
    }
  }

  @Test func aValueThatALearnerCannotTakeIsRefused() {
    #expect(throws: ParameterError.self) {
      try Space(Ridge.self, fixed: [:], dimensions: [.reals("alpha", -1...1)])
    }
    #expect(throws: ParameterError.self) { try Space(Ridge.self, fixed: ["beta": .real(1)], dimensions: []) }
  }
}
