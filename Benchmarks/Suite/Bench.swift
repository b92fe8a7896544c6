import ArgumentParser
import Foundation
import Linalg

/// Our side of the benchmark suite: one workload in a process of its own.
///
/// Reads commands from standard input, a line each, and answers each by a line of JSON: `run` fits and predicts once and
/// gives the seconds; `score` tells how good the last model is. `peers/worker.py` does the same for a peer.
@main
struct Bench: ParsableCommand {
  @Argument(help: "Name of the workload.")
  var workload: String
  @Option(help: "Folder with the arrays of the workload (.npy).")
  var data: String
  @Option(help: "Threads to use at most.")
  var threads: Int

  mutating func run() throws {
    BLASKernel.prepare()
    Parallel.threads = threads
    let contestant: any Contestant =
      workload.hasPrefix("csv-read") ? CSVRead(folder: data) : try Workloads.make(workload, Arrays(folder: data))
    try answer(["version": ""])
    while let command = readLine() {
      switch command {
      case "run": try answer(Self.run(contestant))
      case "score": try answer(Self.score(contestant))
      default: throw ValidationError("'\(command)' is not a command: run or score")
      }
    }
  }

  private func answer(_ values: [String: Any]) throws {
    var line = try JSONSerialization.data(withJSONObject: values)
    line.append(UInt8(ascii: "\n"))
    try FileHandle.standardOutput.write(contentsOf: line)
  }

  private static func run(_ contestant: any Contestant) throws -> [String: Any] {
    var answer: [String: Any] = ["fit": try seconds(contestant.fit)]
    if contestant.predicts { answer["predict"] = try seconds(contestant.predict) }
    answer["peak_mb"] = peakMegabytes
    return answer
  }

  private static func score(_ contestant: any Contestant) throws -> [String: Any] {
    var answer: [String: Any] = ["score": try contestant.score(), "note": contestant.note]
    if contestant.predicts { answer["predict_score"] = contestant.testR2 }
    return answer
  }

  private static func seconds(_ action: () throws -> Void) rethrows -> Double {
    let elapsed = try ContinuousClock().measure(action)
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }

  /// The most memory that this process has had, in MiB, as the kernel counts it.
  private static var peakMegabytes: Double {
    var usage = rusage()
    guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return .nan }
    return Double(usage.ru_maxrss) / 1024
  }
}
