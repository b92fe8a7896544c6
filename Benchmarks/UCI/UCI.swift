import Foundation
import Learners
import Linalg

/// Mean test RMSE of every learner at its defaults on four UCI regression tables, over the 20 splits that the
/// literature on uncertainty uses, beside what widely used libraries reach on the same splits.
///
/// Usage: uci FOLDER [TABLE…], FOLDER holding NAME.csv and NAME-test-rows.json.
@main
struct UCI {
  static func main() throws {
    BLASKernel.prepare()
    let arguments = CommandLine.arguments.dropFirst()
    guard let folder = arguments.first else { return print("usage: uci FOLDER [TABLE…]") }
    let names = arguments.count > 1 ? Array(arguments.dropFirst()) : ["concrete", "energy", "kin8nm", "power"]
    var table = ResultTable(names: names)
    for learner in Registry.learners {
      let candidate = try Candidate(learner)
      for name in names {
        let problem = try Problem(folder: folder, name: name)
        writeToStandardError("\(learner.name) on \(name)")
        table.add(try problem.meanTestRMSE(of: candidate), learner: learner.name, table: name)
      }
    }
    table.addReferences()
    print(table.text)
  }
}

private func writeToStandardError(_ line: String) {
  try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}

/// One table with its splits.
struct Problem {
  let dataset: Dataset
  let testRows: [[Int]]

  init(folder: String, name: String) throws {
    dataset = try Dataset(TableReader.read(["\(folder)/\(name).csv"]))
    let rows = try Data(contentsOf: URL(filePath: "\(folder)/\(name)-test-rows.json"))
    testRows = try JSONDecoder().decode([[Int]].self, from: rows)
  }

  /// Splits run side by side; each fits on all rows but its test rows.
  func meanTestRMSE(of candidate: Candidate) throws -> (rmse: Double, seconds: Double) {
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
    return (errors.reduce(0, +) / Double(errors.count), seconds / Double(testRows.count))
  }
}
