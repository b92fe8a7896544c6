import Glibc
import Learners
import Linalg
import Testing

@Suite struct TargetScaleTests {
  /// Log-normal with a median of 100.
  private let heavy: [Double] = {
    var random = RandomStream(seed: 0, purpose: RandomPurpose("test.heavy"))
    return (0..<300).map { _ in 100 * exp(2 * random.normal()) }
  }()
  private var counts: [Double] { heavy.map { $0.rounded() } }

  private func unit(_ targets: [Double]) -> Double? {
    TargetScale.decision(for: targets, choice: .auto).scale.unit
  }

  @Test func countsAreOnTheLogarithmOfOneMore() {
    #expect(unit(counts) == 1)
    #expect(TargetScale.decision(for: counts, choice: .auto).scale.label(of: "stars") == "ln(1 + stars)")
  }

  /// The whole point: other units of a positive target give the same numbers to learn from.
  @Test(arguments: [1e-6, 1e-3, 0.7, 1e3, 1e6])
  func unitsOfPositiveTargetsDoNotMatter(factor: Double) throws {
    for targets in [heavy, counts, heavy.map { ($0 * 100).rounded() / 100 }, counts.map { $0 < 20 ? 0 : $0 }] {
      let scale = TargetScale.decision(for: targets, choice: .auto).scale
      let other = TargetScale.decision(for: targets.map { $0 * factor }, choice: .auto).scale
      let (unit, otherUnit) = (try #require(scale.unit), try #require(other.unit))
      #expect(abs(otherUnit / (unit * factor) - 1) < 1e-9)
      for target in targets { #expect(abs(scale.forward(target) - other.forward(target * factor)) < 1e-9) }
    }
  }

  @Test func theReasonSaysWhy() {
    #expect(TargetScale.decision(for: heavy, choice: .auto).reason.hasPrefix("a long tail and no negative target"))
    #expect(TargetScale.decision(for: [-1, 2, 900], choice: .auto).reason == "some targets are negative")
    #expect(TargetScale.decision(for: [1, 2, 3], choice: .auto).reason.hasPrefix("no long tail"))
    #expect(TargetScale.decision(for: heavy, choice: .none).reason == "as asked for")
    let flag = Array(repeating: 0.0, count: 99) + [1]
    #expect(TargetScale.decision(for: flag, choice: .auto).reason.hasSuffix("which the logarithm does not halve"))
  }

  @Test func theLogarithmIsOfTheTargetAndNothingElse() {
    #expect(abs(TargetScale.log1p.forward(-0.99) - log(0.01)) < 1e-14)
    #expect(TargetScale.log1p.forward(-1).isNaN && TargetScale.log1p.forward(-3).isNaN)
    #expect(TargetScale.identity.forward(-3) == -3)
  }
}
