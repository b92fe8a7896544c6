import Learners
import Linalg
import TestSupport
import Testing

struct LossTests {
  /// Central differences with a step of 1e-5 have an error of about 1e-10 and a rounding error of 1e-11.
  private static let tolerance = 1e-6

  private static func objective(_ loss: Boosting.Loss, power: Double = 1.5) -> Objective {
    Objective(loss: loss, quantile: 0.8, variancePower: power, targets: [], weights: nil)
  }

  private static let powers = [1, 1.1, 1.5, 1.9, 2]

  @Test(arguments: Boosting.Loss.allCases)
  func gradientIsTheDerivativeOfTheLoss(loss: Boosting.Loss) {
    let objective = Self.objective(loss)
    let step = 1e-5
    for (target, score) in [(2.0, 0.3), (0.5, 1.7), (0, -2), (7, 2.5)] {
      let above = objective.value(target: target, score: score + step)
      let below = objective.value(target: target, score: score - step)
      let gradient = objective.gradient(target: target, score: score, weight: 3)
      #expect(abs(gradient - 3 * (above - below) / (2 * step)) < Self.tolerance)
    }
  }

  @Test(arguments: powers)
  func tweedieGradientIsTheDerivativeOfTheLoss(power: Double) {
    let objective = Self.objective(.tweedie, power: power)
    let step = 1e-5
    for (target, score) in [(2.0, 0.3), (0.5, 1.7), (0, -2), (7, 2.5)] {
      let above = objective.value(target: target, score: score + step)
      let below = objective.value(target: target, score: score - step)
      let gradient = objective.gradient(target: target, score: score, weight: 3)
      // Near the ends of its range the loss is divided by 0.1: so is its rounding error.
      #expect(abs(gradient - 3 * (above - below) / (2 * step)) < Self.tolerance)
    }
  }

  @Test(arguments: [Boosting.Loss.squared, .poisson, .tweedie], powers)
  func hessianIsTheDerivativeOfTheGradient(loss: Boosting.Loss, power: Double) {
    let objective = Self.objective(loss, power: power)
    let step = 1e-5
    for (target, score) in [(2.0, 0.3), (0.5, 1.7), (0, -2)] {
      let above = objective.gradient(target: target, score: score + step, weight: 2)
      let below = objective.gradient(target: target, score: score - step, weight: 2)
      #expect(
        abs(objective.hessian(target: target, score: score, weight: 2) - (above - below) / (2 * step)) < Self.tolerance)
    }
  }

  @Test(arguments: Boosting.Loss.allCases, [false, true])
  func bestConstantHasTheLeastLoss(loss: Boosting.Loss, weighted: Bool) {
    var random = RandomStream(seed: 5, purpose: RandomPurpose("test.loss"))
    let targets = (0..<41).map { _ in abs(random.normal()) }
    let weights = weighted ? targets.map { _ in random.uniform() } : nil
    let rows = targets.indices.map { UInt32($0) }
    let objective = Objective(loss: loss, quantile: 0.8, targets: targets, weights: weights)
    let best = objective.bestConstant(rows: rows)
    func meanLoss(_ score: Double) -> Double {
      objective.meanLoss(rows: rows, scores: Array(repeating: score, count: targets.count))
    }
    for other in [-0.3, -0.01, 0.01, 0.3] { #expect(meanLoss(best) < meanLoss(best + other)) }
  }

  /// With a power of 1 it is Poisson's loss, to the last digits.
  @Test func tweedieBeginsWithPoisson() {
    let (tweedie, poisson) = (Self.objective(.tweedie, power: 1), Self.objective(.poisson))
    for (target, score) in [(2.0, 0.3), (0, -2)] {
      #expect(tweedie.value(target: target, score: score) == poisson.value(target: target, score: score))
      #expect(
        tweedie.hessian(target: target, score: score, weight: 2)
          == poisson.hessian(target: target, score: score, weight: 2))
      #expect(
        tweedie.gradient(target: target, score: score, weight: 2)
          == poisson.gradient(target: target, score: score, weight: 2))
    }
  }

  /// A step from any score, with the exact leaf of a logarithmic loss, ends where the gradient is 0.
  @Test(arguments: [Boosting.Loss.poisson, .tweedie], powers)
  func logarithmicStepIsExact(loss: Boosting.Loss, power: Double) {
    let objective = Self.objective(loss, power: power)
    let targets = [3.0, 0.5, 11, 4]
    let score = -1.0
    let gradient = targets.reduce(0) { $0 + objective.gradient(target: $1, score: score, weight: 1) }
    let hessian = targets.reduce(0) { $0 + objective.hessian(target: $1, score: score, weight: 1) }
    let after = score + objective.step(gradient: gradient, hessian: hessian, l2: 0)
    let left = targets.reduce(0) { $0 + objective.gradient(target: $1, score: after, weight: 1) }
    #expect(abs(left) < 1e-12)
  }

  @Test func quantileOfWeightsCountsCopies() {
    let entries = [(value: 3.0, weight: 2.0), (value: 1, weight: 1), (value: 9, weight: 3)]
    let copies = entries.flatMap { entry in (0..<Int(entry.weight)).map { _ in (value: entry.value, weight: 1.0) } }
    for level in [0.1, 0.25, 0.5, 0.6, 0.99] {
      #expect(weightedQuantile(entries, level: level) == weightedQuantile(copies, level: level))
    }
    #expect(weightedQuantile(entries, level: 0.5) == 6)
    #expect(weightedQuantile([(4, 1)], level: 0.5) == 4)
  }
}
