import Learners
import Linalg
import TestSupport
import Testing

/// Every learner of the registry, so that a new one is covered as soon as it is listed.
@Suite(.serialized)
struct RegressorContractTests {
  @Test(arguments: Registry.learners.map { $0.name }, RegressorContract.Clause.allCases)
  func keeps(_ name: String, _ clause: RegressorContract.Clause) throws {
    let learner = try #require(Registry.learner(named: name))
    let violations = RegressorContract.violations(of: clause, by: learner)
    #expect(violations.isEmpty, "\(name): \(violations.joined(separator: "; "))")
  }

  @Test func namesAreDistinct() {
    #expect(Set(Registry.learners.map { $0.name }).count == Registry.learners.count)
    #expect(Registry.learner(named: "no-such-learner") == nil)
  }

  /// The contract itself: a learner that breaks each clause is found out.
  @Test(arguments: [
    RegressorContract.Clause.rowsArePredictedAlone, .wrongColumnCountThrows, .missingValues,
    .constantTargetIsReproduced, .zeroWeightIsAbsence, .weightTwoIsTwoRows, .roundTripPredictsSameBits,
    .damagedTensorsAreRefused, .importanceIsADistribution, .equalFeaturesFit, .noRowsGiveNoPredictions,
  ])
  func findsABrokenLearner(_ clause: RegressorContract.Clause) {
    #expect(!RegressorContract.violations(of: clause, by: Broken.self).isEmpty)
  }
}

/// Does everything wrong that can be done wrong without a trap.
private struct Broken: Regressor {
  typealias Parameters = Mean.Parameters
  static let name = "broken"
  static let preparation = Preparation(features: .dense, target: .asGiven)
  let parameters: Parameters
  let featureCount: Int
  let value: Double

  init(fitting training: TrainingSet, parameters: Parameters, seed: UInt64) throws(FitError) {
    self.parameters = parameters
    featureCount = training.x.columns
    value = training.y.reduce(1, +)
  }

  func predict(_ x: Matrix<Double>) throws(PredictionError) -> [Double] {
    (0..<max(1, x.rows)).map { value + Double($0) }
  }

  var featureImportance: [Double]? { [0.5] }

  func encode(into tensors: inout TensorStore) { tensors.set("value", value) }

  init(decoding tensors: TensorStore, parameters: Parameters, featureCount: Int) throws(ModelFileError) {
    self.parameters = parameters
    self.featureCount = featureCount
    value = 0
  }
}
