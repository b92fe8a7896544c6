import Foundation
import TestSupport

/// Runs the real binary, which lies beside the tests.
enum Program {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  static let url = URL(filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
    .deletingLastPathComponent().appending(path: "learners")

  /// - Parameters:
  ///   - folder: the working folder.
  ///   - program: another one, such as a shell.
  ///   - environment: variables; nil for those of the tests.
  static func run(
    _ arguments: [String], in folder: URL, program: URL = url, environment: [String: String]? = nil
  ) throws -> Result {
    let process = try start(arguments, in: folder, program: program, environment: environment)
    // Both pipes are read at once, so that neither can fill up and stop the program.
    let errors = Thread.reading(process.errors)
    let output = process.output.readDataToEndOfFile()
    process.process.waitUntilExit()
    return Result(
      status: process.process.terminationStatus, output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors(), as: UTF8.self))
  }

  static func start(
    _ arguments: [String], in folder: URL, program: URL = url, environment: [String: String]? = nil
  ) throws -> (process: Process, output: FileHandle, errors: FileHandle) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    if let environment { process.environment = environment }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return (process, output.fileHandleForReading, errors.fileHandleForReading)
  }
}

extension Thread {
  /// Reads a pipe to its end on a thread of its own; the result waits for it.
  fileprivate static func reading(_ handle: FileHandle) -> () -> Data {
    let done = DispatchSemaphore(value: 0)
    nonisolated(unsafe) var data = Data()
    Thread.detachNewThread {
      unsafe data = handle.readDataToEndOfFile()
      done.signal()
    }
    return {
      done.wait()
      return unsafe data
    }
  }
}

extension TemporaryFolder {
  func run(_ arguments: String...) throws -> Program.Result { try Program.run(arguments, in: url) }

  func run(_ arguments: [String]) throws -> Program.Result { try Program.run(arguments, in: url) }
}

/// A small table with a number that is missing now and then, a text, and a target that depends on both.
func smallTable(rows: Int) -> String {
  var lines = ["size,kind,noise,price"]
  for row in 0..<rows {
    let size = (row * 37) % 101
    let kind = ["flat", "house", "castle"][row % 3]
    let noise = (row * 7919) % 13
    let price = 3 * size + [0, 40, 500][row % 3] + noise
    lines.append("\(row % 11 == 0 ? "" : String(size)),\(kind),\(noise),\(price)")
  }
  return lines.joined(separator: "\n") + "\n"
}
