internal import Glibc

/// How worker processes are started.
public struct WorkerLaunch: Sendable {
  /// Path of the program.
  public let program: String
  public let processes: Int
  /// Threads of each.
  public let threads: Int
  /// Bytes that each may use beside the data that all share; nil for as many as there are.
  public let memory: Int?

  public init(program: String, processes: Int, threads: Int, memory: Int?) {
    precondition(processes >= 1 && threads >= 1, "WorkerLaunch: \(processes) processes of \(threads) threads")
    self.program = program
    self.processes = processes
    self.threads = threads
    self.memory = memory
  }

  /// The exit status of a worker that has used more memory than it may.
  package static let overBudget: Int32 = 71

  /// Where a worker finds the prepared data.
  package static let dataDescriptor: Int32 = 3

  package var arguments: [String] {
    ["learners", "worker", "--threads", String(threads)] + (memory.map { ["--memory-bytes", String($0)] } ?? [])
  }
}
