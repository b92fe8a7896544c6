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

    enum CodingKeys: String, CodingKey {
      case version, processor, cores, threads, blas
      case instructionSets = "instruction_sets"
      case blasKernel = "blas_kernel"
    }
  }

  func run() throws {
    threading.apply()
    let report = Report(
      version: programVersion, processor: Processor.name, instructionSets: Processor.instructionSets,
      cores: Processor.availableCores, threads: Parallel.threads, blas: BLASKernel.configuration,
      blasKernel: BLASKernel.name)
    guard !json else { return try Terminal.writeOutput(jsonText(report) + "\n") }
    try Terminal.writeOutput(
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
