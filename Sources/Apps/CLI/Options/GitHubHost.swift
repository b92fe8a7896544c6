import ArgumentParser
import Extraction
import Glibc
import HTTPClient

/// Which GitHub is asked, and as whom.
struct GitHubHost: ParsableArguments {
  @Option(
    name: .customLong("token-file"),
    help: ArgumentHelp(
      "A file like {\"github_token\": \"…\"}. (default: github-token.json if it is there, else the variable GITHUB_TOKEN)",
      valueName: "file"))
  var tokenFile: String?
  @Option(help: ArgumentHelp("The interface to ask: GitHub's, or that of a GitHub Enterprise.", valueName: "url"))
  var api = "https://api.github.com"
  @Option(help: ArgumentHelp("Trust the certificates in this PEM file in place of the system's.", valueName: "file"))
  var cacert: String?

  private static let defaultTokenFile = "github-token.json"
  /// Without a slash at its end.
  var base: String { String(api.reversed().drop { $0 == "/" }.reversed()) }
  private var address: APIAddress? { APIAddress(base) }
  var isGitHub: Bool { address?.isGitHub ?? false }

  func validate() throws {
    // What may be a password is not shown again.
    guard !api.contains("@") else { throw ValidationError("--api: must not hold a user or password") }
    guard address != nil, !api.contains(where: { "?#".contains($0) }) else {
      throw ValidationError("--api \(printable(api)): must be http:// or https:// and a host, without ? and #")
    }
    if cacert == "" || tokenFile == "" { throw ValidationError("--cacert and --token-file: a path is empty") }
  }

  /// A client that shows the token to the API's own origin and to no other.
  func exchange(token: Token?, _ configure: (inout HTTPConfiguration) -> Void) throws -> HTTPClient {
    if let cacert, unsafe access(cacert, R_OK) != 0 {
      throw Failure(.noInput, "--cacert \(cacert): it cannot be read: \(unsafe String(cString: strerror(errno)))")
    }
    var configuration = HTTPConfiguration(userAgent: "learners/\(programVersion)")
    configuration.certificateAuthority = cacert
    configure(&configuration)
    if let token {
      let header = HTTPHeader("Authorization", "Bearer \(token.secret)")
      configuration.credentials = [HTTPCredential(origin: base, header: header)]
    }
    do { return try HTTPClient(configuration: configuration) } catch {
      throw Failure(.usage, "\(error): check --api and --cacert")
    }
  }

  /// A test server's time may run faster. GitHub's does not.
  var clockSpeed: Double {
    guard !isGitHub, let text = environment("LEARNERS_CLOCK_SPEED"), let speed = Double(text),
      (1...1e6).contains(speed)
    else { return 1 }
    return speed
  }

  /// The token that there is.
  /// - Parameter warn: is told where others may read the file.
  func token(warn: (String) -> Void) throws -> Token? {
    guard let token = try foundToken(warn) else { return nil }
    guard let address, address.isEncrypted || address.isLoopback else {
      throw Failure(.usage, "--api \(printable(api)): the token would travel unencrypted: use https")
    }
    return token
  }

  /// nil where the token comes from the environment, or there is none.
  var usedTokenFile: String? {
    tokenFile ?? (unsafe access(Self.defaultTokenFile, F_OK) == 0 ? Self.defaultTokenFile : nil)
  }

  private func foundToken(_ warn: (String) -> Void) throws -> Token? {
    if let path = usedTokenFile {
      let (token, warning) = try Token.read(path)
      if let warning { warn("warning: " + warning) }
      return token
    }
    guard let text = environment("GITHUB_TOKEN"), !text.isEmpty else { return nil }
    return try Token(text, from: "the variable GITHUB_TOKEN")
  }
}

/// The parts of an API's address that decide what may be sent there.
private struct APIAddress {
  let isEncrypted: Bool
  let host: String

  init?(_ text: String) {
    let lower = text.lowercased()
    guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return nil }
    let authority = lower.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
    guard !authority.isEmpty, !authority.contains(where: { $0 == "@" || $0.isWhitespace }) else { return nil }
    isEncrypted = scheme == "https://"
    let end = authority.first == "[" ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : nil
    host = String(authority[..<(end ?? authority.firstIndex(of: ":") ?? authority.endIndex)])
    guard !host.isEmpty else { return nil }
  }

  var isGitHub: Bool { host == "api.github.com" || host == "api.github.com." }

  /// What is sent to this machine itself cannot be read on the way.
  var isLoopback: Bool {
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return host == "localhost" || host == "[::1]"
      || (numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil })
  }
}
