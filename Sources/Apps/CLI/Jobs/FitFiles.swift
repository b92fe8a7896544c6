import Learners

/// The files that `fit` leaves behind: a model each, a second name of the best, and last the leaderboard that names them.
struct FitFiles: Sendable {
  let folder: String
  /// Path of the out-of-fold predictions; nil for none.
  let outOfFold: String?

  func write(_ result: FitResult) throws {
    try write(result, file: { try OutputFile.write($0, to: $1) }, link: { OutputFile.link($0, to: $1) })
  }

  /// Writes the models of a job that are complete when it is interrupted, and tells which.
  func rescue(_ job: FitJob) -> String {
    guard let result = job.result else { return "no model was complete, nothing was written" }
    do {
      try write(result, file: { try FileDraft.write($0, to: $1) }, link: { FileDraft.link($0, to: $1) })
    } catch {
      return "the models that were complete could not be written: \(error)"
    }
    let done = result.entries.map(\.grid.name)
    let missing = job.grids.map(\.name).filter { !done.contains($0) }
    let rest = missing.isEmpty ? "" : ", not there: \(missing.joined(separator: ", "))"
    return
      "complete and in \(folder)/: \(done.joined(separator: ", ")) (best of them: \(result.bestName))\(rest)"
  }

  private func write(
    _ result: FitResult, file: (_ bytes: [UInt8], _ path: String) throws -> Void,
    link: (_ existing: String, _ path: String) -> Bool
  ) throws {
    for (name, bytes) in result.models { try file(bytes, "\(folder)/\(name)") }
    let best = "\(folder)/best.safetensors"
    if !link("\(folder)/\(result.bestName).safetensors", best) { try file(result.bestFile, best) }
    try file(result.leaderboard, "\(folder)/leaderboard.json")
    if let outOfFold { try file(Array(result.outOfFoldCSV.utf8), outOfFold) }
  }
}
