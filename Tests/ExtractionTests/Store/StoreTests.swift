import Extraction
import Foundation
import GitHubServer
import TestSupport
import Testing

@Suite struct StoreTests {
  @Test func aSecondWriterIsTold() throws {
    let folder = try TemporaryFolder()
    let first = try Store(writing: folder.path("a.sqlite"))
    let error = try #require(throws: ExtractionError.self) { _ = try Store(writing: folder.path("a.sqlite")) }
    #expect(error.code == .cannotWrite)
    #expect(error.description.contains("process \(ProcessInfo.processInfo.processIdentifier)"))
    withExtendedLifetime(first) {}
  }

  @Test func afterTheFirstHasGoneTheSecondMay() throws {
    let folder = try TemporaryFolder()
    _ = try Store(writing: folder.path("a.sqlite"))
    _ = try Store(writing: folder.path("a.sqlite"))
  }

  @Test func otherFilesAreNotTakenForStores() throws {
    let folder = try TemporaryFolder()
    try Data(repeating: 7, count: 5_000).write(to: URL(filePath: folder.path("a.sqlite")))
    for _ in 0..<2 {
      let error = try #require(throws: ExtractionError.self) { _ = try Store(writing: folder.path("a.sqlite")) }
      #expect(error.code == .badData)
    }
    #expect(try Data(contentsOf: URL(filePath: folder.path("a.sqlite"))) == Data(repeating: 7, count: 5_000))
    let missing = try #require(throws: ExtractionError.self) { _ = try Store(reading: folder.path("b.sqlite")) }
    #expect(missing.code == .noInput)
    #expect(throws: ExtractionError.self) { _ = try StoredSnapshot(reading: folder.path("c.sqlite")) }
  }

  @Test func anEmptyStoreHasNoSnapshot() throws {
    let folder = try TemporaryFolder()
    _ = try Store(writing: folder.path("a.sqlite"))
    let error = try #require(throws: ExtractionError.self) { _ = try StoredSnapshot(reading: folder.path("a.sqlite")) }
    #expect(error.code == .badData)
  }

  /// Bytes anywhere in the file are turned over: there is an error, or the same snapshot, and never a crash.
  @Test func aDamagedStoreIsAnErrorOrTheSame() throws {
    var laboratory = try Laboratory { $0.limits = .none }
    laboratory.settings.wanted = 100
    try laboratory.extract()
    let path = laboratory.folder.path("a.sqlite")
    let whole = try Data(contentsOf: URL(filePath: path))
    let damaged = laboratory.folder.path("damaged.sqlite")
    var errors = 0
    for step in 0..<60 {
      var bytes = whole
      for offset in 0..<64 { bytes[(step * 7_919 * 31 + offset * 3) % bytes.count] ^= 0x5a }
      try bytes.write(to: URL(filePath: damaged))
      do { _ = try StoredSnapshot(reading: damaged) } catch { errors += 1 }
      do { _ = try Store(writing: damaged) } catch { errors += 1 }
    }
    #expect(errors > 0)
  }

  @Test func textListsComeBack() throws {
    for texts in [[], ["a"], ["a\"b", "\\", "é\u{1}\n", ""]] {
      #expect(try TextList.texts(TextList.json(texts)) == texts)
    }
    #expect(throws: (any Error).self) { try TextList.texts("[1]") }
  }

  @Test func bodiesComeBack() throws {
    for bytes in [[], [1], Array(repeating: 7, count: 100_000)] as [[UInt8]] {
      #expect(try Deflate.decompress(Deflate.compress(bytes), length: bytes.count) == bytes)
    }
    #expect(throws: (any Error).self) { try Deflate.decompress([1, 2, 3], length: 10) }
    #expect(throws: (any Error).self) { try Deflate.decompress(Deflate.compress([1]), length: 1 << 40) }
  }

  /// A link is another name of the same store, be it there already or not.
  @Test func aSecondWriterIsToldThroughALink() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder.path("link.sqlite"), withDestinationPath: "a.sqlite")
    let first = try Store(writing: folder.path("link.sqlite"))
    for name in ["a.sqlite", "link.sqlite", "../\(folder.url.lastPathComponent)/a.sqlite"] {
      #expect(throws: ExtractionError.self) { _ = try Store(writing: folder.path(name)) }
    }
    withExtendedLifetime(first) {}
    #expect(!folder.files().contains("link.sqlite.lock"))
  }

  /// SQLite keeps its log beside the name that it was given: two names of one file would damage it.
  @Test func aStoreWithTwoNamesIsRefused() throws {
    let folder = try TemporaryFolder()
    _ = try Store(writing: folder.path("a.sqlite"))
    try FileManager.default.linkItem(atPath: folder.path("a.sqlite"), toPath: folder.path("b.sqlite"))
    let error = try #require(throws: ExtractionError.self) { _ = try Store(writing: folder.path("b.sqlite")) }
    #expect(error.description.contains("hard link"))
  }
}
