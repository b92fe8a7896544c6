import Foundation
import Learners
import Linalg

/// One penalty, from the arrays as they are.
final class RidgeFit: Contestant {
  private let arrays: Arrays
  private var model: Ridge?

  init(_ arrays: Arrays) { self.arrays = arrays }

  func fit() throws { model = try Ridge(fitting: arrays.x, to: arrays.y, parameters: .init(alpha: 1)) }

  var predicts: Bool { false }
  func predict() {}
  var testR2: Double { .nan }

  /// Sum of squares and penalty: what is minimised.
  func score() throws -> Double {
    guard let model else { throw NothingFitted() }
    let squares = zip(try model.predict(arrays.x), arrays.y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return squares + model.alpha * model.coefficients.reduce(0) { $0 + $1 * $1 }
  }

  var note: String { "" }
}

/// Twenty penalties over five folds of consecutive rows.
final class RidgeGrid: Contestant {
  private let arrays: Arrays
  private let folds: Folds
  private var validation: RidgeCrossValidation?

  init(_ arrays: Arrays) throws {
    self.arrays = arrays
    let rows = arrays.x.rows
    folds = try Folds(assignments: (0..<rows).map { $0 * 5 / rows }, rows: rows)
  }

  func fit() throws {
    let alphas = (0..<20).map { pow(10, -2 + 6 * Double($0) / 19) }
    validation = try RidgeCrossValidation(arrays.x, arrays.y, folds: folds, alphas: alphas)
  }

  var predicts: Bool { false }
  func predict() {}
  var testR2: Double { .nan }

  func score() throws -> Double {
    guard let best = validation?.meanSquaredErrors.min() else { throw NothingFitted() }
    return best
  }

  var note: String { "folds refitted: \(validation?.refittedFolds.count ?? 0)" }
}
