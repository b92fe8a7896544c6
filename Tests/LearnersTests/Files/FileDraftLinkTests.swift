import Learners
import TestSupport
import Testing

@Suite struct FileDraftLinkTests {
  @Test func aFileGetsASecondName() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", "one")
    try folder.write("b", "old")
    #expect(FileDraft.link(folder.path("a"), to: folder.path("b")))
    #expect(try folder.read("b") == Array("one".utf8))
    // Again, where both are one file already, and after the first was replaced.
    #expect(FileDraft.link(folder.path("a"), to: folder.path("b")))
    try FileDraft.write(Array("two".utf8), to: folder.path("a"))
    #expect(try folder.read("b") == Array("one".utf8), "the second name keeps the file that it was given")
    #expect(FileDraft.link(folder.path("a"), to: folder.path("b")))
    #expect(try folder.read("b") == Array("two".utf8))
    #expect(folder.files() == ["a", "b"])
    #expect(!FileDraft.link(folder.path("nothing"), to: folder.path("b")))
    #expect(try folder.read("b") == Array("two".utf8))
  }
}
