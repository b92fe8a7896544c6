import ArgumentParser
import Linalg

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show versions, CPU, BLAS kernel and threads.")

  @OptionGroup var threading: ThreadOptions
  @Flag(help: "Print one JSON object.") var json = false

  private struct Report: Encodable {
    let version: String
    let processor: String
    let instructionSets: [String]
    let cores: Int
    let threads: Int
    let blas: String
    let blasKernel: String
    /// The kernel that OpenBLAS had picked by itself, where another is used.
    let blasKernelReplaced: String?
  }

  func run() {
    threading.apply()
    let report = Report(
      version: programVersion, processor: Processor.name, instructionSets: Processor.instructionSets,
      cores: Processor.availableCores, threads: Parallel.threads, blas: BLASKernel.configuration,
      blasKernel: BLASKernel.name, blasKernelReplaced: nil)
    guard !json else { return Terminal.write(jsonText(report)) }
    Terminal.write(
      """
      learners     \(report.version)
      processor    \(report.processor)
      instructions \(report.instructionSets.joined(separator: " "))
      cores        \(report.cores), using \(report.threads) thread\(report.threads == 1 ? "" : "s")
      BLAS         \(report.blas)
      BLAS kernel  \(report.blasKernel)
      """)
  }
}
