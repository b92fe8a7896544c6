import ArgumentParser
import Deploy
import HTTPClient
import Learners

/// Which deployment is meant.
struct DeployOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The description of the deployment.", valueName: "file")) var config = "deploy.yml"
  @Option(
    help: ArgumentHelp(
      "A cloud of clouds.yaml. (default: the one of the description, else OS_CLOUD, else the variables of the RC file)",
      valueName: "name"))
  var cloud: String?

  func validate() throws {
    if config.isEmpty { throw ValidationError("--config: the path is empty") }
  }

  /// - Throws: where the variable is not set.
  static func home() throws -> String {
    guard let home = environmentVariables()["HOME"], home.hasPrefix("/") else {
      throw Failure(.usage, "HOME: the variable is not set: keys and ssh's configuration are in the home folder")
    }
    return home
  }

  func deployment(observer: any DeployObserver) throws -> Deployment {
    let configuration = try DeployFiles.configuration(config)
    let credentials = try Self.credentials(cloud: cloud ?? configuration.cloud)
    return Deployment(
      configuration, credentials: credentials, exchange: try Self.exchange(credentials), home: try Self.home(),
      observer: observer)
  }

  static func credentials(cloud: String?) throws -> Credentials {
    let sources = CredentialSources(environment: environmentVariables()) { DeployFiles.text($0) }
    return try sources.credentials(cloud: cloud) { user throws(DeployError) in
      try PasswordPrompt.ask("Password of \(printable(user)): ").map { Secret($0) }
    }
  }

  /// A token is for the addresses of the catalog: no redirect leads it elsewhere.
  static func exchange(_ credentials: Credentials) throws -> HTTPClient {
    var configuration = HTTPConfiguration(userAgent: "learners/\(programVersion)")
    configuration.certificateAuthority = credentials.certificateAuthority
    configuration.maximumRedirects = 0
    configuration.reusesConnections = false
    configuration.totalTimeout = .seconds(60)
    configuration.connectTimeout = .seconds(10)
    do { return try HTTPClient(configuration: configuration) } catch {
      throw Failure(.usage, "\(error): check OS_CACERT")
    }
  }
}

/// Whether a person agrees.
struct ConsentOption: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Do it without asking.") var yes = false

  /// - Throws: where nobody is there to ask, or the answer is not yes.
  func ask(_ question: String) throws {
    guard !yes else { return }
    guard let answer = PasswordPrompt.line("\(question) [y/N] ") else {
      throw Failure(.usage, "this is no terminal to ask at: give --yes to do it without asking")
    }
    guard ["y", "yes"].contains(answer.lowercased()) else {
      throw Failure(.usage, "nothing is done: the answer was no")
    }
  }
}
