import ArgumentParser
import Foundation
import Learners
import Linalg

/// Mean test RMSE of learners on UCI regression tables, over the 20 splits that the literature on uncertainty uses,
/// beside what widely used libraries reach on the same splits.
@main
struct UCI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uci",
    abstract: "Mean test RMSE of the learners, at their defaults, on UCI tables over given splits.",
    discussion: """
      A table NAME is FOLDER/NAME.csv, its last column the target, and FOLDER/NAME-test-rows.json, a list with the test \
      rows of each split. Figures come as a Markdown table; those of each split go to standard error.

        uci ../shared/data/uci
        uci ../shared/data/uci --model boosting --table kin8nm,energy --splits 4
        uci ../shared/data/uci --model boosting --set boosting.learningRate=0.1
      """)

  @Argument(help: "Folder with the tables.") var folder: String
  @Option(help: ArgumentHelp("Learners to measure, or all.", valueName: "all|name,…")) var model = "all"
  @Option(help: ArgumentHelp("Tables to measure on, or all of the folder.", valueName: "all|name,…")) var table = "all"
  @Option(help: "Take only the first so many splits. (default: all)") var splits: Int?
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("A hyper-parameter. May be repeated.", valueName: "model.param=value"))
  var assignments: [String] = []
  @Option(help: "Threads to use at most. (default: all cores)") var threads: Int?

  func validate() throws {
    if let splits, splits < 1 { throw ValidationError("--splits \(splits): must be at least 1") }
    if let threads, threads < 1 || threads > 1024 {
      throw ValidationError("--threads \(threads): must be 1 ... 1024")
    }
  }

  func run() throws {
    BLASKernel.prepare()
    if let threads { Parallel.threads = threads }
    let candidates = try Choice.candidates(model, assignments: assignments)
    let names = try Choice.tables(table, folder: folder)
    let problems = try names.map { try Problem(folder: folder, name: $0, mostSplits: splits) }
    var results = ResultTable(names: names)
    for candidate in candidates {
      for problem in problems {
        let result = try problem.result(of: candidate)
        writeToStandardError("\(candidate.name) on \(problem.name): \(result)")
        results.add(result, learner: candidate.name)
      }
    }
    if splits == nil { results.addReferences() }
    print(results.text)
  }
}

private func writeToStandardError(_ line: String) {
  try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}
