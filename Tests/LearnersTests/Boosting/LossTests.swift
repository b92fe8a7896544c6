import Learners
import Linalg
import TestSupport
import Testing

struct LossTests {
  /// Central differences with a step of 1e-5 have an error of about 1e-10 and a rounding error of 1e-11.
  private static let tolerance = 1e-6

  private static func objective(_ loss: Boosting.Loss) -> Objective {
    Objective(loss: loss, quantile: 0.8, targets: [], weights: nil)
  }

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

  @Test(arguments: [Boosting.Loss.squared, .poisson])
  func hessianIsTheDerivativeOfTheGradient(loss: Boosting.Loss) {
    let objective = Self.objective(loss)
    let step = 1e-5
    for (target, score) in [(2.0, 0.3), (0.5, 1.7), (0, -2)] {
      let above = objective.gradient(target: target, score: score + step, weight: 2)
      let below = objective.gradient(target: target, score: score - step, weight: 2)
      #expect(abs(objective.hessian(score: score, weight: 2) - (above - below) / (2 * step)) < Self.tolerance)
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

  /// A Newton step from any score, with the exact leaf of Poisson, ends where the gradient is 0.
  @Test func poissonStepIsExact() {
    let objective = Objective(loss: .poisson, quantile: 0.5, targets: [], weights: nil)
    let targets = [3.0, 0, 11, 4]
    let score = -1.0
    let gradient = targets.reduce(0) { $0 + objective.gradient(target: $1, score: score, weight: 1) }
    let hessian = 4 * objective.hessian(score: score, weight: 1)
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
