import Glibc
import Learners
import Linalg
import TestSupport
import Testing

/// Several settings fitted at once, against fits of their own.
@Suite struct SVRPathTests {
  private func training(_ rows: Int, weighted: Bool = false) throws -> TrainingSet {
    let (x, y) = SyntheticData.friedman(rows: rows, features: 6, seed: 7)
    return try TrainingSet(
      x: x, y: y.map { ($0 - 14) / 5 }, weights: weighted ? (0..<rows).map { Double($0 % 3) } : nil)
  }

  /// Neither sorted by C nor by epsilon, and the first setting twice.
  private var settings: [SVR.Parameters] {
    var settings: [SVR.Parameters] = []
    for gamma in [1.5, 0.2] {
      for c in [10, 0.3, 2] {
        for epsilon in [0.3, 0.05] {
          var parameters = SVR.Parameters()
          (parameters.c, parameters.epsilon, parameters.gamma) = (c, epsilon, gamma)
          settings.append(parameters)
        }
      }
    }
    return settings + [settings[0]]
  }

  /// Two fits that both stop within 1e-3 of optimality; measured: 2e-6 of the objective.
  static let objectiveTolerance = 1e-4

  @Test(arguments: [(250, false), (250, true), (2200, false)])
  func agreesWithFitsOfTheirOwn(rows: Int, weighted: Bool) throws {
    let training = try training(rows, weighted: weighted)
    let settings = rows > 2048 ? Array(settings[..<4]) : settings
    let path = try SVR.fitPath(settings, on: training, seed: 0)
    #expect(path.learners.map(\.parameters) == settings)
    #expect(path.distinctFits == Set(settings).count)
    for (learner, parameters) in zip(path.learners, settings) {
      let alone = try SVR(fitting: training, parameters: parameters)
      #expect(learner.converged && learner.gamma == alone.gamma)
      #expect(abs(learner.dualObjective - alone.dualObjective) <= Self.objectiveTolerance * abs(alone.dualObjective))
      #expect(try largestAbsoluteError(learner.predict(training.x), alone.predict(training.x)) <= 0.01)
    }
  }

  /// Beyond the tolerance of 1e-3: single precision kernel values, times the sum of |β|.
  static let kernelRounding = 1e-3

  @Test func satisfiesTheKKTConditions() throws {
    let training = try training(250)
    for learner in try SVR.fitPath(settings, on: training, seed: 0).learners {
      let (c, epsilon) = (learner.parameters.c, learner.parameters.epsilon)
      var beta = [[Double]: Double]()
      for (index, coefficient) in learner.dualCoefficients.enumerated() {
        beta[Array(learner.supportVectors.row(index))] = coefficient
      }
      #expect(abs(learner.dualCoefficients.reduce(0, +)) <= 1e-9 * c * 250)
      var (highest, lowest) = (-Double.infinity, Double.infinity)
      for row in 0..<250 {
        var residual = training.y[row]
        for (index, coefficient) in learner.dualCoefficients.enumerated() {
          let distance = zip(training.x.row(row), learner.supportVectors.row(index)).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
          }
          residual -= coefficient * exp(-learner.gamma * distance)
        }
        let own = beta[Array(training.x.row(row))] ?? 0
        #expect(abs(own) <= c)
        if own < c { highest = max(highest, residual + (own < 0 ? epsilon : -epsilon)) }
        if own > -c { lowest = min(lowest, residual + (own > 0 ? -epsilon : epsilon)) }
      }
      #expect(highest - lowest <= learner.parameters.tolerance + Self.kernelRounding)
    }
  }

  @Test func kernelsOfSeveralShapesGoTogether() throws {
    let training = try training(80)
    let settings = SVR.KernelShape.allCases.map { shape in
      var parameters = SVR.Parameters()
      parameters.kernel = shape
      return parameters
    }
    let path = try SVR.fitPath(settings, on: training, seed: 0)
    for (learner, parameters) in zip(path.learners, settings) {
      // Nothing to begin with: the same fit to the last bit.
      let alone = try SVR(fitting: training, parameters: parameters)
      #expect(learner.dualCoefficients == alone.dualCoefficients && learner.intercept == alone.intercept)
    }
    #expect(path.distinctFits == 3)
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let training = try training(250)
    let paths = try [1, 2].map { threads in
      try ThreadBudget.with(threads) { try SVR.fitPath(settings, on: training, seed: 0) }
    }
    for (serial, parallel) in zip(paths[0].learners, paths[1].learners) {
      #expect(serial.dualCoefficients == parallel.dualCoefficients && serial.intercept == parallel.intercept)
    }
  }

  @Test func badSettingsAreRefused() throws {
    var bad = settings
    bad[3].c = -1
    #expect(throws: FitError.self) { try SVR.fitPath(bad, on: training(20), seed: 0) }
    #expect(try SVR.fitPath([], on: training(20), seed: 0).learners.isEmpty)
  }
}
