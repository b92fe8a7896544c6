import FoundationEssentials
import Learners
import Linalg
import TestSupport
import Testing

/// Fits of LIBSVM through scikit-learn: Tests/Fixtures/svr.json, made by make-svr.py beside it.
@Suite struct SVRReferenceTests {
  struct Fixture: Decodable {
    struct Case: Decodable {
      let kernel: String
      let c, epsilon, coefficient0, usedGamma, objective, intercept: Double
      let gamma: Double?
      let degree: Int
      let weighted: Bool
      let supportVectors: Int
      let predictions: [Double]
    }
    let x, queries: [[Double]]
    let y, weights: [Double]
    let cases: [Case]
  }

  static let fixture: Fixture = {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try? Data(contentsOf: tests.appendingPathComponent("Fixtures/svr.json"))
    guard let data, let fixture = try? JSONDecoder().decode(Fixture.self, from: data) else {
      preconditionFailure("Tests/Fixtures/svr.json cannot be read")
    }
    return fixture
  }()

  /// Both solvers stop short of the optimum, ours at LIBSVM's default tolerance; the issue asks for this much.
  static let objectiveTolerance = 1e-4
  static let predictionTolerance = 1e-2

  @Test(arguments: fixture.cases.indices) func agreesWithLIBSVM(index: Int) throws {
    let (fixture, expected) = (Self.fixture, Self.fixture.cases[index])
    var parameters = SVR.Parameters()
    parameters.kernel = try #require(SVR.KernelShape(rawValue: expected.kernel))
    (parameters.c, parameters.epsilon, parameters.gamma) = (expected.c, expected.epsilon, expected.gamma)
    (parameters.degree, parameters.coefficient0) = (expected.degree, expected.coefficient0)
    let training = try TrainingSet(
      x: matrix(fixture.x), y: fixture.y, weights: expected.weighted ? fixture.weights : nil)
    let model = try SVR(fitting: training, parameters: parameters)

    #expect(model.converged)
    #expect(abs(model.dualObjective - expected.objective) <= Self.objectiveTolerance * abs(expected.objective))
    if parameters.kernel != .linear { #expect(abs(model.gamma - expected.usedGamma) <= 1e-12 * model.gamma) }
    let found = try model.predict(matrix(fixture.queries))
    let mean = fixture.y.reduce(0, +) / Double(fixture.y.count)
    let sd = (fixture.y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(fixture.y.count)).squareRoot()
    #expect(largestAbsoluteError(found, expected.predictions) <= Self.predictionTolerance * sd)
  }

  private func matrix(_ rows: [[Double]]) -> Matrix<Double> {
    Matrix(rows: rows.count, columns: rows[0].count, elements: rows.flatMap { $0 })
  }
}
