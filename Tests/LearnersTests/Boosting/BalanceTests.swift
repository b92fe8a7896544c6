import Learners
import Linalg
import TestSupport
import Testing

/// Losses with a logarithm: what is predicted adds up to what was observed.
struct BalanceTests {
  /// Counts that are mostly 0, or amounts, whose mean depends on the first column.
  private static func amounts(rows: Int, mean: Double, seed: UInt64, isCount: Bool) throws -> TrainingSet {
    var random = RandomStream(seed: seed, purpose: RandomPurpose("test.boosting.balance"))
    let x = Matrix<Double>(rows: rows, columns: 3) { _, _ in random.normal() }
    let y = (0..<rows).map { row -> Double in
      let rate = mean * (x[row, 0] > 0 ? 1.6 : 0.4)
      guard random.uniform() < min(rate, 0.9) else { return isCount ? 0 : 0.01 * random.uniform() + 0.001 }
      return isCount ? Double(1 + random.uniform(below: 2)) : 1 + 5 * random.uniform()
    }
    return try TrainingSet(x: x, y: y)
  }

  private static func parameters(_ loss: Boosting.Loss, power: Double = 1.5) -> Boosting.Parameters {
    var parameters = Boosting.Parameters()
    parameters.loss = loss
    parameters.variancePower = power
    return parameters
  }

  @Test(arguments: [0.03, 0.1, 0.5], [0, 1, 2] as [UInt64])
  func rareCountsAddUp(mean: Double, seed: UInt64) throws {
    let training = try Self.amounts(rows: 600, mean: mean, seed: seed, isCount: true)
    let settings = [Self.parameters(.poisson), Self.parameters(.tweedie), Self.parameters(.tweedie, power: 1.1)]
    for parameters in settings {
      let model = try Boosting(fitting: training, parameters: parameters, seed: seed)
      let ratio = try model.predict(training.x).reduce(0, +) / training.y.reduce(0, +)
      #expect(abs(ratio - 1) < 1e-9, "\(parameters.loss): \(ratio)")
    }
  }

  @Test func gammaAddsUp() throws {
    let training = try Self.amounts(rows: 500, mean: 0.5, seed: 1, isCount: false)
    let model = try Boosting(fitting: training, parameters: Self.parameters(.tweedie, power: 2))
    #expect(abs(try model.predict(training.x).reduce(0, +) / training.y.reduce(0, +) - 1) < 1e-9)
  }

  /// Rows of the same kind that the model has not seen: within what chance allows (a standard error of 4 %).
  @Test func newRowsAddUp() throws {
    let training = try Self.amounts(rows: 3000, mean: 0.1, seed: 5, isCount: true)
    let new = try Self.amounts(rows: 12_000, mean: 0.1, seed: 6, isCount: true)
    let model = try Boosting(fitting: training, parameters: Self.parameters(.poisson))
    let expected = training.y.reduce(0, +) / 3000 * 12_000
    #expect(abs(try model.predict(new.x).reduce(0, +) / expected - 1) < 0.05)
  }

  @Test func weightsCount() throws {
    let plain = try Self.amounts(rows: 300, mean: 0.3, seed: 2, isCount: true)
    let weights = plain.y.indices.map { Double($0 % 3) }
    let training = try TrainingSet(x: plain.x, y: plain.y, weights: weights)
    let found = try Boosting(fitting: training, parameters: Self.parameters(.poisson)).predict(plain.x)
    let predicted = zip(found, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let observed = zip(plain.y, weights).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(predicted / observed - 1) < 1e-9)
  }

  @Test func noEventsAtAllIsNoFault() throws {
    let x = Matrix<Double>(rows: 40, columns: 1) { row, _ in Double(row) }
    let training = try TrainingSet(x: x, y: [Double](repeating: 0, count: 40))
    let found = try Boosting(fitting: training, parameters: Self.parameters(.poisson)).predict(x)
    #expect(found.allSatisfy { $0 >= 0 && $0 < 0.01 })
  }

  /// Penalties count rows, whatever the unit of the target is.
  @Test(arguments: [1.0, 1.5, 2]) func unitsChangeNothing(power: Double) throws {
    let training = try Self.amounts(rows: 300, mean: 0.4, seed: 3, isCount: false)
    var parameters = Self.parameters(power == 1 ? .poisson : .tweedie, power: power)
    parameters.folds = 0
    parameters.maxIterations = 50
    let plain = try Boosting(fitting: training, parameters: parameters).predict(training.x)
    for unit in [1e-6, 1e-3, 0x1p20, 1e6] {
      let scaled = try TrainingSet(x: training.x, y: training.y.map { $0 * unit })
      let found = try Boosting(fitting: scaled, parameters: parameters).predict(training.x)
      #expect(largestRelativeError(found.map { $0 / unit }, plain, floor: 1e-3) < 1e-9)
    }
  }
}
