public import Learners
internal import Linalg

/// What every learner of the registry keeps, whatever it does inside. Each clause returns what it found wrong.
public enum RegressorContract {
  public enum Clause: String, CaseIterable, Sendable {
    case refitGivesSameBits
    case threadsDoNotMatter
    case rowsArePredictedAlone
    case noRowsGiveNoPredictions
    case wrongColumnCountThrows
    case missingValues
    case constantTargetIsReproduced
    case smallShapesFit
    case equalFeaturesFit
    case zeroWeightIsAbsence
    case weightTwoIsTwoRows
    case importanceIsADistribution
    case roundTripPredictsSameBits
    case damagedTensorsAreRefused
    case parametersKeepTheirDomains
    case parametersAtTheirBoundsFit
  }

  public static func violations(of clause: Clause, by learner: any Regressor.Type) -> [String] {
    run(clause, learner)
  }

  private static func run<Learner: Regressor>(_ clause: Clause, _: Learner.Type) -> [String] {
    var check = ContractCheck<Learner>()
    do {
      switch clause {
      case .refitGivesSameBits: try check.refit()
      case .threadsDoNotMatter: try check.threads()
      case .rowsArePredictedAlone: try check.rowsAlone()
      case .noRowsGiveNoPredictions: try check.noRows()
      case .wrongColumnCountThrows: try check.wrongColumnCount()
      case .missingValues: try check.missingValues()
      case .constantTargetIsReproduced: try check.constantTarget()
      case .smallShapesFit: try check.smallShapes()
      case .equalFeaturesFit: try check.equalFeatures()
      case .zeroWeightIsAbsence: try check.zeroWeight()
      case .weightTwoIsTwoRows: try check.weightTwo()
      case .importanceIsADistribution: try check.importance()
      case .roundTripPredictsSameBits: try check.roundTrip()
      case .damagedTensorsAreRefused: try check.damagedTensors()
      case .parametersKeepTheirDomains: try check.domains()
      case .parametersAtTheirBoundsFit: try check.bounds()
      }
    } catch {
      check.violations.append("throws \(error)")
    }
    return check.violations
  }
}

/// The clauses for one learner.
internal struct ContractCheck<Learner: Regressor> {
  var violations: [String] = []
  let promises = RegressorPromises.of(Learner.name)

  mutating func expect(_ condition: Bool, _ violation: @autoclosure () -> String) {
    if !condition { violations.append(violation()) }
  }

  func data(rows: Int = 80, features: Int = 5, seed: UInt64 = 0) -> ContractData {
    ContractData(rows: rows, features: features, for: Learner.preparation, seed: seed)
  }

  func fit(
    _ training: TrainingSet, settings: [String: ParameterValue] = [:], seed: UInt64 = 7
  ) throws -> Learner {
    let settings = promises.settings.merging(settings) { $1 }
    return try Learner(fitting: training, parameters: Learner.Parameters(settings: settings), seed: seed)
  }

  // MARK: Determinism

  mutating func refit() throws {
    let data = data()
    let first = try fit(try data.training()).predict(data.x)
    let second = try fit(try data.training()).predict(data.x)
    expect(bits(first) == bits(second), "two fits with one seed predict differently")
    expect(first.allSatisfy(\.isFinite), "a prediction is not finite")
  }

  mutating func threads() throws {
    let data = data(rows: 300)
    let predictions = try [1, 2, 7].map { threads in
      try ThreadBudget.with(threads) { try fit(try data.training()).predict(data.x) }
    }
    expect(bits(predictions[0]) == bits(predictions[1]), "2 threads give other bits than 1")
    expect(bits(predictions[0]) == bits(predictions[2]), "7 threads give other bits than 1")
  }

  mutating func rowsAlone() throws {
    let data = data()
    let model = try fit(try data.training())
    let all = try model.predict(data.x)
    let alone = try (0..<data.x.rows).map { try model.predict(data.x[rows: $0..<$0 + 1])[0] }
    expect(bits(all) == bits(alone), "a row is predicted differently when it is alone")
    let order = Array((0..<data.x.rows).reversed().dropFirst(3))
    let shuffled = try model.predict(data.x.gathering(rows: order))
    expect(bits(shuffled) == bits(order.map { all[$0] }), "a row is predicted differently in another order")
  }

  mutating func noRows() throws {
    let data = data()
    let predictions = try fit(try data.training()).predict(data.x[rows: 0..<0])
    expect(predictions.isEmpty, "\(predictions.count) predictions for no rows")
  }

  // MARK: Input

  mutating func wrongColumnCount() throws {
    let data = data()
    let model = try fit(try data.training())
    expect(model.featureCount == 5, "featureCount is \(model.featureCount) of 5")
    for columns in [0, 4, 6] {
      let expected = PredictionError.columnMismatch(expected: 5, found: columns)
      do throws(PredictionError) {
        _ = try model.predict(Matrix(rows: 2, columns: columns))
        violations.append("takes \(columns) columns for 5")
      } catch {
        expect(error == expected, "throws \(error) for \(columns) columns")
      }
    }
  }

  mutating func missingValues() throws {
    let data = data()
    let model = try fit(try data.training())
    if Learner.preparation.features == .native {
      let gaps = try model.predict(Matrix(rows: 1, columns: 5, repeating: .nan))
      expect(gaps[0].isFinite, "a row without any value is predicted as \(gaps[0])")
      return
    }
    for value in [Double.nan, .infinity, -.infinity] {
      var x = data.x
      x[3, 2] = value
      do throws(PredictionError) {
        _ = try model.predict(x)
        violations.append("predicts a row with \(value)")
      } catch {
        expect(error == .nonFinite(row: 3, column: 2), "throws \(error) for \(value) at (3, 2)")
      }
    }
    var x = data.x
    x[3, 2] = .nan
    do {
      _ = try fit(try TrainingSet(x: x, y: data.y))
      violations.append("learns from a missing value")
    } catch {
      expect(error as? FitError == .nonFinite(row: 3, column: 2), "throws \(error) for a missing value at (3, 2)")
    }
  }

  // MARK: Degenerate data

  mutating func constantTarget() throws {
    let data = data()
    let values: [Double] = Learner.preparation.target == .standardized ? [0] : [0, 3.7, -1e6, 1e6]
    for value in values {
      let training = try data.training(target: Array(repeating: value, count: data.x.rows))
      let error = try fit(training).predict(data.x).reduce(0) { max($0, abs($1 - value)) }
      expect(error <= promises.constantTarget * max(1, abs(value)), "a target of always \(value) is missed by \(error)")
    }
  }

  mutating func smallShapes() throws {
    for (rows, features) in [(1, 1), (1, 5), (2, 1), (2, 3), (3, 1), (40, 1), (5, 12)] {
      let data = data(rows: rows, features: features)
      do {
        let predictions = try fit(try data.training()).predict(data.x)
        expect(predictions.allSatisfy(\.isFinite), "\(rows) x \(features): a prediction is not finite")
        guard rows == 1 else { continue }
        let error = abs(predictions[0] - data.y[0])
        expect(
          error <= promises.constantTarget * max(1, abs(data.y[0])),
          "1 x \(features): the only row is missed by \(error)")
      } catch {
        violations.append("\(rows) x \(features): throws \(error)")
      }
    }
  }

  mutating func equalFeatures() throws {
    let data = data(rows: 40)
    for value in [0, 1] as [Double] {
      let x = Matrix(rows: 40, columns: 5, repeating: value)
      let predictions = try fit(try TrainingSet(x: x, y: data.y)).predict(x)
      expect(predictions.allSatisfy { $0.isFinite && $0 == predictions[0] }, "equal rows are predicted differently")
      let range = (data.y.min() ?? 0)...(data.y.max() ?? 0)
      expect(range.contains(predictions[0]), "predicts \(predictions[0]) for targets in \(range)")
    }
  }

  // MARK: Weights

  mutating func zeroWeight() throws {
    let data = data()
    let weights = (0..<80).map { $0 % 4 == 1 ? 0.0 : 1.0 }
    let present = (0..<80).filter { weights[$0] > 0 }
    let weighted = try fit(try data.training(weights: weights)).predict(data.x)
    let without = try fit(try data.training(rows: present)).predict(data.x)
    let error = largestAbsoluteError(weighted, without)
    expect(error <= promises.absentRows, "rows of weight 0 move predictions by \(error)")
  }

  mutating func weightTwo() throws {
    guard let tolerance = promises.copiedRows else { return }
    let data = data()
    let weights = (0..<80).map { $0 % 3 == 0 ? 2.0 : 1.0 }
    let copies = (0..<80).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] }
    let settings = promises.copiedRowsSettings
    let weighted = try fit(try data.training(weights: weights), settings: settings).predict(data.x)
    let copied = try fit(try data.training(rows: copies), settings: settings).predict(data.x)
    let error = largestAbsoluteError(weighted, copied)
    expect(error <= tolerance, "weight 2 and two rows differ by \(error)")
    let plain = try fit(try data.training(), settings: settings).predict(data.x)
    expect(bits(plain) != bits(weighted), "weights change nothing")
  }

  mutating func importance() throws {
    let data = data()
    guard let importance = try fit(try data.training()).featureImportance else { return }
    expect(importance.count == 5, "\(importance.count) importances of 5 features")
    expect(importance.allSatisfy { $0 >= 0 }, "an importance is negative or NaN: \(importance)")
    expect(abs(importance.reduce(0, +) - 1) < 1e-9, "importances do not sum to 1: \(importance)")
    expect(importance[0] == importance.max(), "the feature that matters most is not the first: \(importance)")
  }
}

/// Bit patterns, so that equal means the same bits (and NaN equals itself).
internal func bits(_ numbers: [Double]) -> [UInt64] { numbers.map(\.bitPattern) }
