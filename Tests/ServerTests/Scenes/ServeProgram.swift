import Foundation
import Glibc
import TestSupport
import Testing

/// The real program, `learners serve`, as a process of its own.
final class ServeProgram {
  let process = Process()
  /// 0 where it listens at a socket of the file system.
  let port: Int
  /// Kept as long as the program runs.
  private let folder: TemporaryFolder
  private let log: URL

  private static let program = URL(
    filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
  ).deletingLastPathComponent().appending(path: "learners")

  /// Waits until it listens.
  init(_ arguments: [String], in folder: TemporaryFolder, output: FileHandle = .nullDevice) throws {
    self.folder = folder
    log = folder.url.appending(path: "log-\(UUID().uuidString)")
    try Data().write(to: log)
    process.executableURL = Self.program
    let place = arguments.contains("--socket") ? [] : ["--port", "0"]
    process.arguments = ["serve", "--log-format", "json"] + place + arguments
    process.currentDirectoryURL = folder.url
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    let end = Date.now + 10
    while true {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      if let match = text.firstMatch(of: /serving at http:\/\/127\.0\.0\.1:(\d+)\//) {
        port = Int(match.output.1) ?? 0
        return
      }
      if text.contains("serving at unix:") {
        port = 0
        return
      }
      try #require(process.isRunning && Date.now < end, "\(text)")
      usleep(2000)
    }
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  /// Processes whose parent this is.
  var workers: [pid_t] {
    let threads = "/proc/\(process.processIdentifier)/task"
    let texts = ((try? FileManager.default.contentsOfDirectory(atPath: threads)) ?? []).compactMap {
      try? String(contentsOfFile: "\(threads)/\($0)/children", encoding: .utf8)
    }
    return texts.flatMap { $0.split(separator: " ").compactMap { pid_t($0) } }.sorted()
  }

  func ask(_ method: String, _ target: String, _ body: String? = nil, headers: [String: String] = [:]) throws -> Answer
  {
    try Scene.ask(port: port, method, target, body, headers: headers)
  }

  /// - Returns: the exit status.
  func stop(_ signal: Int32 = SIGTERM) -> Int32 {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// Waits until something is so; false after 10 seconds.
func eventually(_ isSo: () throws -> Bool) -> Bool {
  let end = Date.now + 10
  while Date.now < end {
    if (try? isSo()) == true { return true }
    usleep(5000)
  }
  return false
}
