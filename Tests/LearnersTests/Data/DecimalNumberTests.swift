import Learners
import Linalg
import Testing

/// The number that the text begins with.
private func scan(_ text: String) -> DecimalNumber? {
  let bytes = Array(text.utf8)
  return DecimalNumber(scanning: bytes.span, in: 0..<bytes.count)
}

@Suite struct DecimalNumberTests {
  @Test(arguments: [
    ("0", 0.0), ("-0", 0), ("7", 7), ("+7", 7), ("-12", -12), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("007", 7),
    ("1e3", 1000), ("1E+3", 1000), ("1e-3", 0.001), ("6.02e23", 6.02e23),
    ("123456789012345678", 123_456_789_012_345_680),
    ("00000000000000000000000001.5", 1.5), ("0.00000000000000000000000000000015", 1.5e-31),
  ])
  func value(text: String, expected: Double) throws {
    let number = try #require(scan(text))
    #expect(number.value == expected)
    #expect(number.end == text.utf8.count)
  }

  @Test(arguments: ["", "-", "+", ".", "-.", "e5", ".e5", "x", "--1", "inf", "nan"])
  func noNumber(text: String) {
    #expect(scan(text) == nil)
  }

  @Test(arguments: [("1e", 1), ("1e+", 1), ("12abc", 2), ("1.5.2", 3), ("0x10", 1), ("1,2", 1), ("2014-12", 4)])
  func stopsAfterTheNumber(text: String, end: Int) {
    #expect(scan(text)?.end == end)
  }

  @Test(arguments: [
    ("9007199254740992", DecimalNumber.Form.integer), ("9007199254740993", .longInteger),
    ("9007199254740994", .integer),
    ("-9007199254740993", .longInteger), ("1152921504606846976", .integer), ("123456789012345678901", .longInteger),
    ("9007199254740993.0", .fraction), ("1e5", .fraction), ("00000000000000000000000012", .integer),
  ])
  func form(text: String, expected: DecimalNumber.Form) {
    #expect(scan(text)?.form == expected)
  }

  @Test func limitsOfTheRange() {
    #expect(scan("1.7976931348623157e308")?.value == .greatestFiniteMagnitude)
    #expect(scan("1.7976931348623159e308")?.value == .infinity)
    #expect(scan("-1e999999999999999999999")?.value == -.infinity)
    #expect(scan("1e-999999999999999999999")?.value == 0)
    #expect(scan("0e999999999999999999999")?.value == 0)
    #expect(scan("4.9406564584124654e-324")?.value == .leastNonzeroMagnitude)
    #expect(scan("2.2250738585072011e-308")?.value == Double("2.2250738585072011e-308"))
  }

  /// The digit that decides comes after 1000 zeros.
  @Test func roundsHalvesByAllDigits() {
    let half = "9007199254740993"
    let zeros = String(repeating: "0", count: 1000)
    #expect(scan("\(half).\(zeros)")?.value == 9_007_199_254_740_992)
    #expect(scan("\(half).\(zeros)1")?.value == 9_007_199_254_740_994)
    #expect(scan("\(half)\(zeros)e-1000")?.value == 9_007_199_254_740_992)
  }

  /// Every way to the value gives the nearest double, as the standard library's reader finds it.
  @Test func agreesWithTheStandardLibrary() {
    var random = RandomStream(seed: 1, purpose: RandomPurpose("test.decimal"))
    var texts: [(text: String, oracle: String)] = []
    for _ in 0..<100_000 {
      let digits = String(String(random.next()).suffix(1 + random.uniform(below: 19)))
      let point = random.uniform(below: digits.count + 1)
      let exponent = random.uniform(below: 61) - 30
      texts.append(
        (
          "\(digits.prefix(point)).\(digits.dropFirst(point))e\(exponent)",
          "\(digits)e\(exponent - digits.count + point)"
        ))
    }
    #expect(texts.filter { scan($0.text)?.value != Double($0.oracle) }.map(\.text) == [])
  }

  /// Integers half way between two doubles and their neighbours, times powers of ten.
  @Test func halvesAreEven() {
    var random = RandomStream(seed: 2, purpose: RandomPurpose("test.decimal"))
    var texts: [String] = []
    for _ in 0..<20_000 {
      let half = (random.next() | 1 << 63) & ~0x7ff | 0x400
      texts += [
        "\(half)", "\(half + 1)e0", "\(half - 1)e0", "\(half >> 10)e-11", "\(half >> 1)e25", "\(half >> 3)e-27",
      ]
    }
    #expect(texts.filter { scan($0)?.value != Double($0) } == [])
  }

  @Test func doublesComeBack() {
    var random = RandomStream(seed: 3, purpose: RandomPurpose("test.decimal"))
    var doubles: [Double] = []
    for _ in 0..<20_000 { doubles += [Double(bitPattern: random.next()), random.uniform(), random.uniform() * 1e6] }
    #expect(doubles.filter { $0.isFinite && scan("\($0)")?.value != $0 } == [])
  }
}
