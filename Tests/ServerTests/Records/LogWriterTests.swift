import Glibc
import NIOCore
import Server
import Synchronization
import TestSupport
import Testing

@Suite struct LogWriterTests {
  private func line(_ size: Int) -> ByteBuffer { ByteBuffer(string: String(repeating: "x", count: size - 1) + "\n") }

  @Test func whatDoesNotFitIsDroppedAndCountedAndNobodyWaits() {
    let pipe = UnreadPipe()
    let writer = LogWriter(descriptor: pipe.writer, capacity: 200_000)
    let start = ContinuousClock.now
    var lost = 0
    for _ in 0..<1_000 { lost += writer.write(line(1_000), count: 1) }
    writer.flush(within: .milliseconds(100))
    #expect(ContinuousClock.now - start < .seconds(5))
    // The pipe takes 64 KiB, the writer 200 KB.
    #expect(lost > 600 && lost < 900)
    #expect(writer.droppedCount == lost)
    withExtendedLifetime(pipe) {}
  }

  @Test func writesInOrderToWhatItIsOpenedAt() throws {
    let folder = try TemporaryFolder()
    let paths = [folder.path("a"), folder.path("b")]
    let files = paths.map { unsafe open($0, O_WRONLY | O_CREAT | O_APPEND, 0o600) }
    let writer = LogWriter(descriptor: files[0])
    for number in 0..<100 { writer.write(ByteBuffer(string: "\(number)\n"), count: 1) }
    writer.flush(within: .seconds(5))
    writer.reopen(files[1])
    writer.write(ByteBuffer(string: "end\n"), count: 1)
    writer.flush(within: .seconds(5))
    #expect(String(decoding: try folder.read("a"), as: UTF8.self) == (0..<100).map { "\($0)\n" }.joined())
    #expect(String(decoding: try folder.read("b"), as: UTF8.self) == "end\n")
  }

  @Test func aFailureIsToldOnce() {
    let told = Mutex(0)
    let full = unsafe open("/dev/full", O_WRONLY)
    let writer = LogWriter(descriptor: full) { error in
      #expect(error.code == ENOSPC)
      told.withLock { $0 += 1 }
    }
    for _ in 0..<5 {
      writer.write(line(10), count: 1)
      writer.flush(within: .seconds(5))
    }
    #expect(told.withLock(\.self) == 1)
    #expect(writer.droppedCount == 5)
    close(full)
  }
}
