import ArgumentParser
import Foundation
import Learners
import Linalg

/// One table with its splits.
struct Problem {
  let name: String
  private let dataset: Dataset
  private let testRows: [[Int]]

  /// - Parameter mostSplits: to take only the first so many; nil for all.
  init(folder: String, name: String, mostSplits: Int?) throws {
    self.name = name
    dataset = try Dataset(TableReader.read(["\(folder)/\(name).csv"]))
    let count = dataset.rowCount
    let path = "\(folder)/\(Self.splitsFile(of: name))"
    let splits: [[Int]]
    do {
      splits = try JSONDecoder().decode([[Int]].self, from: Data(contentsOf: URL(filePath: path)))
    } catch is DecodingError {
      throw ValidationError("\(path): is no list of lists of row numbers: write [[0, 7], [3, 5]] for two splits")
    }
    for (index, rows) in splits.enumerated() {
      guard let row = rows.first(where: { $0 < 0 || $0 >= count }) else { continue }
      throw ValidationError(
        "\(path): split \(index) has row \(row), but \(name) has \(count) rows from 0 on")
    }
    testRows = Array(splits.prefix(mostSplits ?? splits.count))
    guard !testRows.isEmpty else { throw ValidationError("\(path): has no split: list the test rows of at least one") }
  }

  static func splitsFile(of name: String) -> String { "\(name)-test-rows.json" }

  /// Splits run side by side; each fits on all rows but its test rows.
  func result(of candidate: Candidate) throws -> Result {
    let start = ContinuousClock.now
    let errors = try Parallel.map(testRows.count) { split throws in
      var assignments = [Int](repeating: -1, count: dataset.rowCount)
      for row in testRows[split] { assignments[row] = 0 }
      let folds = try Folds(assignments: assignments, rows: dataset.rowCount)
      let experiment = Experiment(dataset: dataset, folds: folds, targetTransform: .auto, seed: UInt64(split))
      return try experiment.run(candidate).scores.rmse
    }
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    return Result(errors: errors, seconds: seconds / Double(errors.count))
  }

  /// Root mean squared errors of the splits' test rows, in units of the target, and the mean time of a split.
  struct Result: CustomStringConvertible {
    let errors: [Double]
    let seconds: Double

    var mean: Double { errors.reduce(0, +) / Double(errors.count) }

    var description: String {
      "mean \(Self.fourDigits(mean)), \(Self.fourDigits(seconds)) s a split; "
        + errors.map(Self.fourDigits).joined(separator: " ")
    }

    private static func fourDigits(_ number: Double) -> String { String(format: "%.4g", number) }
  }
}
