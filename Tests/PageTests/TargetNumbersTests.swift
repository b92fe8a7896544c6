import Page
import Testing

@Suite struct TargetNumbersTests {
  /// Values of a target, a prediction of it, and how it is written.
  @Test(arguments: [
    ("negative", [-15.2, 27.56, 3.1], -7.258, "−7.26"), ("tiny", [0.0011, 0.0098, 0.004], 0.00363, "0.003630"),
    ("years", [1922.0, 2011, 1999], 1987.4, "1987.40"), ("ratios", [0.2, 4.9, 1.1], 1.2349, "1.235"),
    ("prices", [34_900, 755_000, 163_000], 208_512, "208,500"), ("one value", [5, 5, 5], 5.123456, "5.123"),
    ("very small", [1e-9, 9e-9, 4e-9], 3.628e-9, "3.628e-9"),
    ("large", [1e9, 9e9, 2e9], 3_456_789_012, "3,457,000,000"),
  ])
  func writesByTheRangeOfTheTarget(name: String, values: [Double], prediction: Double, text: String) {
    let numbers = TargetNumbers(values, areTrue: true, isLogarithmic: false, typicalError: nil)
    #expect(numbers.text(prediction) == text, "\(name)")
  }

  @Test func isNoMoreExactThanThePredictionsAre() {
    let years = TargetNumbers([1922, 2011], areTrue: true, isLogarithmic: false, typicalError: 6.5)
    #expect(years.text(1987.36) == "1987.4" && years.exactText(1987) == "1987")
  }

  /// An error may be much smaller than the place that predictions are rounded to.
  @Test func errorsHaveDigitsOfTheirOwn() {
    let prices = TargetNumbers([321.23, 5_989.81], areTrue: true, isLogarithmic: false, typicalError: 0.7)
    #expect(prices.text(3_677.96) == "3678" && prices.errorText(0.0432) == "0.043" && prices.errorText(6_712) == "6700")
    let counts = TargetNumbers([0, 40_000], areTrue: true, isLogarithmic: true, typicalError: nil)
    #expect(counts.errorText(5.83) == "5.8")
  }

  /// Known numbers side by side are written the same way.
  @Test func knownNumbersAreAsTheyAre() {
    let prices = TargetNumbers([97_493.24, 629_107.37], areTrue: true, isLogarithmic: false, typicalError: 6_700)
    #expect(prices.exactText(97_493.24) == "97,493.24" && prices.exactText(-629_107.37) == "−629,107.37")
    #expect(prices.exactText(1987) == "1987" && prices.exactText(0.0007765) == "0.0007765")
  }

  @Test func overPowersOfTenDigitsAreKept() {
    let ratios = TargetNumbers([0.01, 50], areTrue: true, isLogarithmic: true, typicalError: nil)
    #expect(ratios.text(0.0036) == "0.00360" && ratios.text(12.3456) == "12.3" && ratios.text(0) == "0")
    let counts = TargetNumbers([0, 5, 40_000], areTrue: true, isLogarithmic: true, typicalError: nil)
    #expect(counts.text(3.21) == "3.2" && counts.text(12_345) == "12,300" && counts.exactText(1_234) == "1,234")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func whatIsNoNumberIsADash(value: Double) {
    for form in [TargetNumbers([1, 2], areTrue: true, isLogarithmic: false, typicalError: nil)] {
      #expect(form.text(value) == "–" && form.exactText(value) == "–")
    }
  }

  /// Whatever the range and the number, the text is within its own rounding.
  @Test func noTextIsWrongByMoreThanItsRounding() throws {
    for exponent in -8...12 {
      let unit = (0..<abs(exponent)).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 }
      let numbers = TargetNumbers([-3 * unit, 7 * unit], areTrue: true, isLogarithmic: false, typicalError: nil)
      for step in -30...70 {
        let value = Double(step) * unit / 10.123
        let text = numbers.text(value).replacing(",", with: "").replacing("−", with: "-")
        let read = try #require(Double(text), "\(text)")
        #expect(abs(read - value) <= 10 * unit / 1_000, "\(value): \(text)")
      }
    }
  }
}
