import ArgumentParser
import Extraction
import Glibc
import HTTPClient

/// How GitHub is reached.
struct GitHubOptions: ParsableArguments {
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
  @Option(
    name: .customLong("give-up-after"),
    help: ArgumentHelp("Stop when GitHub has not answered for so long, such as 30m or 2h.", valueName: "time"))
  var giveUpAfter = "2h"
  @Option(
    name: .customLong("search-interval"),
    help: ArgumentHelp(
      "Seconds between two searches; GitHub wants 2, other hosts may allow less.", valueName: "seconds")
  )
  var searchInterval = 2.0

  private static let defaultTokenFile = "github-token.json"
  private var base: String { String(api.reversed().drop { $0 == "/" }.reversed()) }
  private var address: APIAddress? { APIAddress(base) }

  func validate() throws {
    // What may be a password is not shown again.
    guard !api.contains("@") else { throw ValidationError("--api: must not hold a user or password") }
    guard let address, !api.contains(where: { "?#".contains($0) }) else {
      throw ValidationError("--api \(printable(api)): must be http:// or https:// and a host, without ? and #")
    }
    guard searchInterval.isFinite, (0...3600).contains(searchInterval) else {
      throw ValidationError("--search-interval \(searchInterval): must be 0 ... 3600 seconds")
    }
    guard searchInterval >= 2 || !address.isGitHub else {
      throw ValidationError("--search-interval \(searchInterval): GitHub wants at least 2 seconds")
    }
    guard seconds(of: giveUpAfter) != nil else {
      throw ValidationError("--give-up-after \(giveUpAfter): must look like 90s, 30m or 2h")
    }
    if cacert == "" || tokenFile == "" { throw ValidationError("--cacert and --token-file: a path is empty") }
  }

  /// Makes the client with the token that there is.
  func client(observer: (any ExtractionObserver)?) throws -> GitHubClient {
    let token = try token(observer)
    let clock = SystemClock(speed: clockSpeed)
    if let cacert, unsafe access(cacert, R_OK) != 0 {
      throw Failure(.noInput, "--cacert \(cacert): it cannot be read: \(unsafe String(cString: strerror(errno)))")
    }
    var configuration = HTTPConfiguration(userAgent: "learners/\(programVersion)")
    configuration.certificateAuthority = cacert
    configuration.maximumBodySize = 32 << 20
    configuration.totalTimeout = .seconds(clock.isSimulated ? 4 : 60)
    configuration.stallTimeout = .seconds(clock.isSimulated ? 2 : 30)
    if let token {
      let header = HTTPHeader("Authorization", "Bearer \(token.secret)")
      configuration.credentials = [HTTPCredential(origin: base, header: header)]
    }
    var settings = GitHubClient.Settings()
    settings.api = base
    settings.searchInterval = searchInterval
    settings.giveUpAfter = seconds(of: giveUpAfter) ?? settings.giveUpAfter
    settings.seed = UInt64(getpid())
    let exchange: HTTPClient
    do { exchange = try HTTPClient(configuration: configuration) } catch {
      throw Failure(.usage, "\(error): check --api and --cacert")
    }
    return GitHubClient(exchange: exchange, token: token, settings: settings, clock: clock, observer: observer)
  }

  /// A test server's time may run faster. GitHub's does not.
  private var clockSpeed: Double {
    guard let address, !address.isGitHub, let text = environment("LEARNERS_CLOCK_SPEED"), let speed = Double(text),
      (1...1e6).contains(speed)
    else { return 1 }
    return speed
  }

  private func token(_ observer: (any ExtractionObserver)?) throws -> Token? {
    guard let token = try foundToken(observer) else {
      observer?.notes(
        "no token: GitHub answers 10 searches a minute instead of 30: give one with --token-file or GITHUB_TOKEN")
      return nil
    }
    guard let address, address.isEncrypted || address.isLoopback else {
      throw Failure(.usage, "--api \(printable(api)): the token would travel unencrypted: use https")
    }
    return token
  }

  /// nil where the token comes from the environment, or there is none.
  var usedTokenFile: String? {
    tokenFile ?? (unsafe access(Self.defaultTokenFile, F_OK) == 0 ? Self.defaultTokenFile : nil)
  }

  private func foundToken(_ observer: (any ExtractionObserver)?) throws -> Token? {
    if let path = usedTokenFile {
      let (token, warning) = try Token.read(path)
      if let warning { observer?.notes("warning: " + warning) }
      return token
    }
    guard let text = environment("GITHUB_TOKEN"), !text.isEmpty else { return nil }
    return try Token(text, from: "the variable GITHUB_TOKEN")
  }
}

private func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}

/// Seconds of "90", "90s", "30m" or "2h"; nil for anything else.
private func seconds(of text: String) -> Double? {
  let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600]
  let unit = text.last.flatMap { units[$0] }
  guard let value = Double(unit == nil ? text[...] : text.dropLast()), value.isFinite, value >= 0 else { return nil }
  return min(value * (unit ?? 1), 1e8)
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
