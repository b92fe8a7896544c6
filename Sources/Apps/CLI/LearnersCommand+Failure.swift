import ArgumentParser
import Deploy
import Extraction
import Glibc
import Learners
import Search

extension Failure {
  /// Prints an error on standard error, or a requested help text on standard output, and ends the process.
  static func report(_ error: any Error) -> Never {
    switch error {
    case let failure as Failure: end(failure)
    // All is said already.
    case let code as ExitCode: exit(code.rawValue)
    case let error as DataError: end(Failure(error))
    case let error as ExtractionError: end(Failure(error))
    case let error as DeployError: end(Failure(error))
    case let error as SearchError: end(Failure(error))
    case let error as ParameterError: end(Failure(.usage, "\(error): see learners fit --help"))
    default: break
    }
    let code = LearnersCommand.exitCode(for: error)
    guard code != .success else { LearnersCommand.exit(withError: error) }
    guard code == .validationFailure else { end(Failure(.bug, "\(error): this is a bug: please report it")) }
    var message = LearnersCommand.message(for: error)
    if message.hasSuffix(".") { message.removeLast() }
    end(Failure(.usage, "\(message): see learners \(subcommand.map { $0 + " " } ?? "")--help"))
  }

  /// The command that was asked for, if there is one of that name.
  private static var subcommand: String? {
    let names = LearnersCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    return CommandLine.arguments.dropFirst().first.flatMap { names.contains($0) ? $0 : nil }
  }

  private static func end(_ failure: Failure) -> Never {
    Terminal.writeError("learners: \(failure.message)")
    exit(failure.status.rawValue)
  }
}
