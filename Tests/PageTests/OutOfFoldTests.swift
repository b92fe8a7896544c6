import Page
import Testing

@Suite struct OutOfFoldTests {
  @Test func usualRangeHoldsEightOfTen() throws {
    // True numbers spread evenly over a factor of 100 around each prediction, in powers of ten from -1 to 1.
    let predicted = (0..<5_000).map { _ in 1_000.0 }
    let actual = (0..<5_000).map { 1_001 * power(Double(($0 * 37) % 1_001) / 500 - 1) - 1 }
    let outOfFold = try #require(OutOfFold(predicted: predicted, actual: actual))
    let range = outOfFold.usualRange(of: 1_000)
    let inside = actual.count { range.contains($0) }
    // The range is that of the 250 rows with the nearest predictions.
    #expect(abs(Double(inside) / 5_000 - 0.8) < 0.03)
  }

  @Test func sharesAreCounted() throws {
    let outOfFold = try #require(Samples.outOfFold)
    #expect(outOfFold.shareWithin(factor: 2) == 1)
    // One of three is right, the others are off by two.
    #expect(abs(outOfFold.shareWithin(factor: 1.5) - 1.0 / 3) < 0.01)
    #expect(outOfFold.decades.reduce(0) { $0 + $1.count } == outOfFold.count)
  }

  @Test func rowsWithoutNumbersAreLeftOut() {
    #expect(OutOfFold(predicted: [.nan, 1], actual: [1, 2])?.count == 1)
    #expect(OutOfFold(predicted: [.infinity], actual: [1]) == nil)
    #expect(OutOfFold(predicted: [], actual: []) == nil)
  }

  /// Of a target that may be negative, errors are differences.
  @Test func differencesAreJudgedAsSuch() throws {
    let predicted = (0..<1_000).map { Double($0) / 10 - 50 }
    let actual = predicted.enumerated().map { $1 + Double($0 % 11) - 5 }
    let outOfFold = try #require(OutOfFold(predicted: predicted, actual: actual, isLogarithmic: false))
    #expect(outOfFold.predicted.first == -50 && abs(outOfFold.typicalError - 3) < 1e-9)
    let range = outOfFold.usualRange(of: -20)
    #expect(abs(range.lowerBound + 24) < 1.1 && abs(range.upperBound + 16) < 1.1)
    #expect(outOfFold.decades.reduce(0) { $0 + $1.count } == 1_000)
  }

  /// Factors of numbers far below 1 are factors, too: they are counted from the unit that the model was fitted with.
  @Test func smallNumbersHaveFactorsOfTheirOwn() throws {
    let predicted = (1...1_000).map { Double($0) * 1e-6 }
    let actual = predicted.enumerated().map { $1 * [0.2, 1, 5][$0 % 3] }
    let small = try #require(OutOfFold(predicted: predicted, actual: actual, unit: 1e-9))
    #expect(abs(small.shareWithin(factor: 2) - 1.0 / 3) < 0.01)
    let range = small.usualRange(of: 5e-4)
    #expect(abs(range.lowerBound / 1e-4 - 1) < 0.01 && abs(range.upperBound / 25e-4 - 1) < 0.01)
    #expect(small.decades.count == 4 && small.decades.reduce(0) { $0 + $1.count } == 1_000)
  }

  @Test func oneRowIsEnough() throws {
    let outOfFold = try #require(OutOfFold(predicted: [5], actual: [0]))
    #expect(outOfFold.usualRange(of: 5).lowerBound == 0)
    #expect(outOfFold.typicalFactor == 6)
  }

  /// Shares and medians of weighted rows are those of as many copies.
  @Test func weightsAreCopies() throws {
    let (predicted, actual) = ([10.0, 100, 1000, 50], [12.0, 400, 900, 200])
    let counts = [3, 1, 2, 1]
    let copies = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    let weighted = try #require(OutOfFold(predicted: predicted, actual: actual, weights: counts.map(Double.init)))
    let copied = try #require(OutOfFold(predicted: copies.map { predicted[$0] }, actual: copies.map { actual[$0] }))
    #expect(abs(weighted.shareWithin(factor: 2) - copied.shareWithin(factor: 2)) < 1e-12)
    #expect(weighted.typicalFactor == copied.typicalFactor && weighted.typicalError == copied.typicalError)
    let plain = try #require(OutOfFold(predicted: predicted, actual: actual))
    #expect(plain.shareWithin(factor: 2) != weighted.shareWithin(factor: 2))
  }
}

private func power(_ exponent: Double) -> Double {
  var (value, term) = (1.0, 1.0)
  let x = exponent * 2.302585092994046
  for step in 1...40 {
    term *= x / Double(step)
    value += term
  }
  return value
}
