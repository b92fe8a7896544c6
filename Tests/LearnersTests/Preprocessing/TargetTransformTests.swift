import FoundationEssentials
import Glibc
import Learners
import Linalg
import TestSupport
import Testing

@Suite struct TargetTransformTests {
  /// Log-normal, as counts of stars are.
  private let heavy: [Double] = {
    var random = RandomStream(seed: 0, purpose: RandomPurpose("test.heavy"))
    return (0..<300).map { _ in (100 * exp(2 * random.normal())).rounded() }
  }()

  @Test func autoTakesTheLogarithmOfHeavyTailsOnly() throws {
    #expect(try TargetTransform(fitting: heavy, choice: .auto, standardizing: false).isLogarithmic)
    let even = (0..<100).map(Double.init)
    #expect(try !TargetTransform(fitting: even, choice: .auto, standardizing: false).isLogarithmic)
    #expect(try !TargetTransform(fitting: heavy.map { -$0 }, choice: .auto, standardizing: false).isLogarithmic)
    #expect(try !TargetTransform(fitting: heavy, choice: .none, standardizing: false).isLogarithmic)
  }

  @Test(arguments: [true, false])
  func inverseUndoesForward(standardizing: Bool) throws {
    let transform = try TargetTransform(fitting: heavy, choice: .log1p, standardizing: standardizing)
    // Logarithm and exponential each round to about an ulp; a target of 1e5 keeps 1e-13 of it.
    #expect(largestRelativeError(transform.inverse(transform.forward(heavy)), heavy, floor: 1) < 1e-12)
  }

  @Test func standardizedTargetsHaveMeanZeroAndDeviationOne() throws {
    let transformed = try TargetTransform(fitting: heavy, choice: .auto, standardizing: true).forward(heavy)
    let mean = transformed.reduce(0, +) / Double(heavy.count)
    let variance = transformed.reduce(0) { $0 + $1 * $1 } / Double(heavy.count)
    #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
  }

  @Test func extrapolationIsFreeButFinite() throws {
    let plain = try TargetTransform(fitting: heavy, choice: .none, standardizing: false)
    #expect(plain.inverse([1e9, -1e9]) == [1e9, -1e9])
    #expect(plain.inverse([.infinity, -.infinity]).allSatisfy { $0.isFinite })
    #expect(plain.bounds.lower == nil && plain.bounds.upper == nil)
    let transform = try TargetTransform(fitting: heavy, choice: .log1p, standardizing: false)
    let wild = transform.inverse([20, 1e9, -1e9])
    #expect(wild.allSatisfy { $0.isFinite } && wild[0] > heavy.max()! && wild[1] > 1e300)
    #expect(wild[2] == 0 && transform.bounds.lower == 0 && transform.bounds.upper == nil, "a count is never negative")
  }

  @Test func aMarginKeepsPredictionsNearTheTargets() throws {
    let transform = try TargetTransform(fitting: [3, 4, 8], choice: .none, standardizing: false, margin: 0.5)
    #expect(transform.inverse([1e9, -1e9, 6]) == [10.5, 0.5, 6])
    #expect(transform.bounds.lower == 0.5 && transform.bounds.upper == 10.5)
  }

  @Test(arguments: [true, false]) func whatIsNoNumberIsTheCentre(standardizing: Bool) throws {
    let free = try TargetTransform(fitting: [3, 4, 8], choice: .none, standardizing: standardizing)
    #expect(free.inverse([.nan]) == [standardizing ? 5 : 0])
    let bound = try TargetTransform(fitting: [3, 4, 8], choice: .none, standardizing: standardizing, margin: 0.5)
    #expect(bound.inverse([.nan]) == [standardizing ? 5 : 0.5], "kept within half the range beyond the ends")
  }

  /// What version 2 of the model file says, means the same.
  @Test func olderFilesAreRead() throws {
    let old = #"{"isLogarithmic":true,"center":2,"scale":3,"lower":0,"upper":9}"#
    let transform = try JSONDecoder().decode(TargetTransform.self, from: Data(old.utf8))
    #expect(transform.targetScale == .log1p && transform.center == 2 && transform.upper == 9)
    let again = try JSONDecoder().decode(TargetTransform.self, from: JSONEncoder().encode(transform))
    #expect(again == transform)
  }

  /// What the logarithm brings within bounds its inverse must not carry out of them.
  @Test(arguments: [[0, 1e300], [1.7e308, 1.7e308]]) func hugeTargetsComeBackFromTheirLogarithm(target: [Double]) throws
  {
    let transform = try TargetTransform(fitting: target, choice: .log1p, standardizing: false)
    #expect(transform.lower <= transform.upper)
    #expect(transform.inverse([.infinity, 1e9]).allSatisfy { $0.isFinite })
  }

  @Test func aLogarithmOfMinusOneIsRefused() {
    #expect(throws: FitError.invalidTarget(row: 1, reason: "is -1, log1p needs more than -1")) {
      try TargetTransform(fitting: [0, -1, 3], choice: .log1p, standardizing: false)
    }
  }

  @Test func hugeTargetsStayFinite() throws {
    let huge = [1e300, -1e300, 1e308, 0]
    let transform = try TargetTransform(fitting: huge, choice: .auto, standardizing: true)
    #expect(transform.scale.isFinite && transform.forward(huge).allSatisfy { $0.isFinite })
    #expect(transform.inverse([1e300]).allSatisfy { $0.isFinite })
  }
}
