import Page
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0.0"), (0.4, "0.4"), (9.94, "9.9"), (9.96, "10"), (999.4, "999"), (999.6, "1,000"), (12_345, "12,300"),
    (999_999, "1,000,000"), (-3, "0.0"), (.nan, "–"), (1e300, "1e+300"),
  ])
  func predictions(number: Double, text: String) { #expect(number.predictedText == text) }

  @Test(arguments: [
    (0.0, "0"), (1_234_567, "1,234,567"), (-1_234, "−1,234"), (0.5, "0.5"), (2.25, "2.25"), (.infinity, "–"),
    (100, "100"),
  ])
  func groups(number: Double, text: String) { #expect(number.groupedText == text) }

  @Test(arguments: [(0.0, "0"), (1.5, "1.5"), (1.25, "1.25"), (-0.004, "0"), (-2.5, "-2.5"), (10.05, "10.05")])
  func coordinates(number: Double, text: String) { #expect(number.coordinate == text) }

  @Test(arguments: [
    (0.88849, 3, "0.888"), (-0.0002, 3, "0.000"), (-1.5, 1, "−1.5"), (99.99, 1, "100.0"), (12.4, 0, "12"),
  ])
  func decimals(number: Double, digits: Int, text: String) { #expect(number.decimals(digits) == text) }

  @Test(arguments: [
    (100.0, 100.0, "as predicted"), (149, 100, "49 % more than predicted"), (1_000, 100, "9.9 times the prediction"),
    (60, 100, "40 % fewer than predicted"), (9, 999, "1/100 of the prediction"), (0, 0, "as predicted"),
  ])
  func compares(actual: Double, predicted: Double, text: String) {
    #expect(comparison(of: actual, with: predicted) == text)
  }
}
