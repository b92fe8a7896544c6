import ArgumentParser
import Extraction
import Glibc
import Learners
import Linalg

/// An error as the person at the terminal sees it, with the exit status of the process.
struct Failure: Error {
  enum Status: Int32 {
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case bug = 70
    case cannotWrite = 73
    case noPermission = 77
  }

  let status: Status
  /// "what: why: what to do"
  let message: String

  init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  init(_ error: DataError) {
    let status: Status =
      switch error.code {
      case .noInput: .noInput
      case .noPermission: .noPermission
      case .invalid: .badData
      }
    self.init(status, error.description)
  }

  init(_ error: ExtractionError) {
    let status: Status =
      switch error.code {
      case .usage: .usage
      case .badData: .badData
      case .noInput: .noInput
      case .unavailable: .unavailable
      case .cannotWrite: .cannotWrite
      case .noPermission: .noPermission
      }
    self.init(status, error.description)
  }

  init(_ error: FileError, advice: String) {
    let status: Status =
      switch error {
      case .notFound, .cannotRead: .noInput
      case .noPermission: .noPermission
      case .cannotWrite: .cannotWrite
      }
    self.init(status, "\(error): \(advice)")
  }

  /// Prints an error on standard error, or a requested help text on standard output, and ends the process.
  static func report(_ error: any Error) -> Never {
    switch error {
    case let failure as Failure: end(failure)
    case let error as DataError: end(Failure(error))
    case let error as ExtractionError: end(Failure(error))
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
