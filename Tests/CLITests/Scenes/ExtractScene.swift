import Extraction
import Foundation
import GitHubServer
import TestSupport
import Testing

/// A server of repositories, a folder with a token, and the program.
struct ExtractScene {
  static let token = "ghp_scene0123456789ABCDEF"

  let server: GitHubServer
  let folder: TemporaryFolder
  private let speed: Double

  /// The server's clock runs fast, but slowly enough that 20 ms are less than the 2 seconds between searches.
  init(_ change: (inout ServerOptions) -> Void = { _ in }) throws {
    var options = ServerOptions()
    options.population.count = 1_500
    options.clockScale = 90
    options.token = Self.token
    change(&options)
    server = try GitHubServer(options)
    speed = options.clockScale
    folder = try TemporaryFolder()
    try folder.write("token.json", "{\"github_token\": \"\(Self.token)\"}")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: folder.url.appending(path: "token.json").path())
  }

  var arguments: [String] {
    ["--api", server.url, "--token-file", "token.json", "--store", "s.sqlite", "--query", "stars:'>='1"]
  }

  private var plainArguments: [String] { arguments.map { $0.filter { $0 != "'" } } }
  private var environment: [String: String] {
    ProcessInfo.processInfo.environment.merging(["LEARNERS_CLOCK_SPEED": String(speed)]) { $1 }
  }

  func extract(_ more: String...) throws -> Program.Result { try extract(more) }

  /// - Parameter variables: of the environment, beside those of the tests.
  func extract(_ more: [String], variables: [String: String] = [:]) throws -> Program.Result {
    try Program.run(
      ["extract"] + plainArguments + more, in: folder.url, environment: environment.merging(variables) { $1 })
  }

  /// Runs lines of Python on the store, which is open as `store`, and returns what they print.
  @discardableResult
  func python(_ lines: String) throws -> String {
    let script = "import sqlite3\nstore = sqlite3.connect('s.sqlite')\n\(lines)\nstore.commit()\nstore.close()"
    let result = try Program.run(
      ["python3", "-c", script], in: folder.url, program: URL(filePath: "/usr/bin/env"))
    try #require(result.status == 0, "\(result.errors)")
    return result.output
  }

  func start(_ more: String...) throws -> (process: Process, output: FileHandle, errors: FileHandle) {
    try Program.start(["extract"] + plainArguments + more, in: folder.url, environment: environment)
  }

  /// Runs the program and measures the most memory that it took.
  func measured(_ more: String...) throws -> (status: Int32, errors: String, kilobytes: Int) {
    let script = """
      import resource, subprocess, sys
      status = subprocess.call(sys.argv[1:])
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      sys.exit(status)
      """
    let result = try Program.run(
      ["python3", "-c", script, Program.url.path(), "extract"] + plainArguments + more, in: folder.url,
      program: URL(filePath: "/usr/bin/env"), environment: environment)
    let kilobytes = result.output.split(separator: "\n").last.flatMap { Int($0) }
    return (result.status, result.errors, try #require(kilobytes))
  }

  func snapshot() throws -> StoredSnapshot {
    try StoredSnapshot(reading: folder.url.appending(path: "s.sqlite").path())
  }

  /// A hash of all rows in their order, details included.
  func content() throws -> String { try snapshot().sha256 }
}
