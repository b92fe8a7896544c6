import Glibc
import Learners
import TestSupport
import Testing

@Suite struct FileDraftTests {
  @Test func piecesMakeAFileWhenTheyAreComplete() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.bin", bytes: [9])
    let draft = try FileDraft(of: folder.path("a.bin"))
    #expect(folder.files() == ["a.bin"], "nothing is made before the first piece")
    var expected: [UInt8] = []
    // Small ones are collected, large ones are not.
    for size in [3, 700_000, 0, 700_000, 2_500_000, 5] {
      let piece = [UInt8](repeating: UInt8(size % 251), count: size)
      try draft.append(piece[...])
      expected += piece
    }
    #expect(try folder.read("a.bin") == [9])
    let temporary = draft.temporary
    #expect(temporary?.hasPrefix(folder.path(".a.bin.")) == true)
    try draft.finish()
    #expect(try folder.read("a.bin") == expected)
    #expect(folder.files() == ["a.bin"])
  }

  @Test func whatIsDroppedLeavesNothing() throws {
    let folder = try TemporaryFolder()
    func drop() throws {
      let draft = try FileDraft(of: folder.path("a.bin"))
      try draft.append([UInt8](repeating: 1, count: 2_000_000)[...])
      #expect(folder.files().count == 1)
      withExtendedLifetime(draft) {}
    }
    try drop()
    #expect(folder.files() == [])
  }

  /// As /dev/stdout is one where the output is a pipe: a link to what has no name of its own.
  @Test func aPipeIsWrittenTo() throws {
    var ends: [Int32] = [0, 0]
    let status = unsafe pipe(&ends)
    try #require(status == 0)
    defer { close(ends[0]) }
    let folder = try TemporaryFolder()
    unsafe symlink("/proc/self/fd/\(ends[1])", folder.path("link"))
    try FileDraft.write([1, 2, 3], to: folder.path("link"))
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 10)
    let count = unsafe read(ends[0], &bytes, 10)
    #expect(count == 3)
    #expect(bytes.prefix(3) == [1, 2, 3] && folder.files() == ["link"])
  }

  @Test func aFileOfNothingIsAFile() throws {
    let folder = try TemporaryFolder()
    let draft = try FileDraft(of: folder.path("a.bin"))
    try draft.finish()
    #expect(try folder.read("a.bin") == [])
  }
}
