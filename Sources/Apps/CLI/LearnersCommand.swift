import ArgumentParser
import Linalg

@main
struct LearnersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learners",
    abstract: "Machine learning for tables: fit, compare and use regression models.",
    discussion: """
      Try it on the bundled synthetic sample, then on your own table:

        learners fit --model all --cv 5
        learners fit --data houses.csv --target price
        learners predict --model models/best.safetensors --data new-houses.csv

      Exit status: 0 done, 64 wrong usage, 65 bad input data, 66 no such input, 69 a service is unavailable, 70 our bug, \
      73 cannot write, 77 no permission, 130 interrupted.
      """,
    version: ProgramVersion.description,
    subcommands: [
      FitCommand.self, TuneCommand.self, TrialsCommand.self, ContinueCommand.self, PredictCommand.self,
      EvaluateCommand.self, ExplainCommand.self, ReportCommand.self, InspectCommand.self, ExportCommand.self,
      SampleCommand.self, ExtractCommand.self, ServeCommand.self, DeployCommand.self, PublishCommand.self,
      InfoCommand.self, WorkerCommand.self, ReceiveCommand.self,
    ])

  /// Prepares BLAS before any thread exists, then runs the command and reports its error in the house's form.
  static func main() {
    BLASKernel.prepare()
    Interruption.install()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.report(error)
    }
  }
}
