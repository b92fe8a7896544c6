import Foundation
import Glibc
import Server
import TestSupport
import Testing

@Suite struct UnixSocketTests {
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try Scene.write("ridge", to: folder.folder("models").appending(path: "best.safetensors"))
    return folder
  }

  /// Whatever a proxy's visitors call it; workers share it; it is gone with the server.
  @Test(arguments: [1, 2]) func answersAtAFile(workers: Int) throws {
    let folder = try folder()
    let path = folder.path("s.sock")
    let program = try ServeProgram(["--socket", path, "--workers", String(workers)], in: folder)
    var status = stat()
    #expect(unsafe stat(path, &status) == 0 && status.st_mode & 0o777 == 0o660)
    for _ in 0..<10 {
      let connection = try Connection(path: path)
      let body = #"{"instances":[{"size":17,"kind":"castle","noise":3.5}]}"#
      try connection.send(Scene.request("POST", "/api/predict", body, headers: ["Host": "stars.example.org"]))
      #expect(try connection.answer().status == 200)
    }
    #expect(program.stop() == 0)
    #expect(unsafe stat(path, &status) != 0)
  }

  @Test func whatAKilledServerLeftIsReplaced() throws {
    let folder = try folder()
    let path = folder.path("s.sock")
    #expect(try ServeProgram(["--socket", path], in: folder).stop(SIGKILL) != 0)
    #expect(FileManager.default.fileExists(atPath: path))
    let program = try ServeProgram(["--socket", path], in: folder)
    try Connection(path: path).send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(program.stop() == 0)
  }

  @Test func whatIsInTheWayIsLeftAlone() throws {
    let folder = try folder()
    let running = try ServeProgram(["--socket", folder.path("s.sock")], in: folder)
    try Data("mine".utf8).write(to: folder.url.appending(path: "file"))
    for (options, status, says) in [
      (["--socket", "s.sock"], 69, "another program listens there"),
      (["--socket", "s.sock", "--workers", "2"], 69, "another program listens there"),
      (["--socket", "file"], 73, "a file that is no socket"), (["--socket", "nowhere/s"], 73, "No such file"),
      (["--socket", String(repeating: "a", count: 108)], 64, "1 to 107 bytes"),
      (["--socket", "t", "--port", "5"], 64, "one or the other"),
    ] as [([String], Int32, String)] {
      let process = Process()
      process.executableURL = running.process.executableURL
      process.arguments = ["serve"] + options
      process.currentDirectoryURL = folder.url
      let pipe = Pipe()
      process.standardError = pipe
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == status && text.contains(says), "\(options): \(text)")
    }
    #expect(try folder.read("file") == Array("mine".utf8))
    try Connection(path: folder.path("s.sock")).send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
  }
}
