import Learners
import Linalg

/// Three gammas, four prices and two epsilons over five folds of consecutive rows, by one path a fold.
final class SVRGrid: Contestant {
  private let arrays: Arrays
  private let settings: [SVR.Parameters]
  private var meanR2: [Double] = []

  init(_ arrays: Arrays) {
    self.arrays = arrays
    settings = [1.0 / 80, 1.0 / 20, 1.0 / 5].flatMap { gamma in
      [0.1, 1, 10, 100].flatMap { c in
        [0.1, 0.3].map { epsilon in
          var parameters = SVR.Parameters()
          parameters.gamma = gamma
          parameters.c = c
          parameters.epsilon = epsilon
          return parameters
        }
      }
    }
  }

  func fit() throws {
    let (x, y, settings, rows) = (arrays.x, arrays.y, settings, arrays.x.rows)
    let folds = 5
    let r2 = try Parallel.map(folds) { fold in
      let held = fold * rows / folds..<(fold + 1) * rows / folds
      let kept = Array(0..<held.lowerBound) + Array(held.upperBound..<rows)
      let training = try TrainingSet(x: x.gathering(rows: kept), y: kept.map { y[$0] })
      return try SVR.fitPath(settings, on: training, seed: 0).learners.map {
        Metrics.r2(predictions: try $0.predict(x[rows: held]), targets: Array(y[held]))
      }
    }
    meanR2 = settings.indices.map { setting in r2.reduce(0) { $0 + $1[setting] } / Double(folds) }
  }

  var predicts: Bool { false }
  func predict() {}
  var testR2: Double { .nan }

  private var best: Int { meanR2.indices.max { meanR2[$0] < meanR2[$1] } ?? 0 }

  func score() -> Double { meanR2[best] }

  var note: String {
    let winner = settings[best]
    return "C=\(winner.c) epsilon=\(winner.epsilon) gamma=\(winner.gamma ?? .nan)"
  }
}
