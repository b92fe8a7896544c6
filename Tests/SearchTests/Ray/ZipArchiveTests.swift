import Search
import Testing

@Suite struct ZipArchiveTests {
  @Test func whatIsPutInComesOutWithItsPermissions() throws {
    let numbers = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    var archive = ZipArchive()
    archive.add("learners", numbers, mode: 0o755)
    archive.add("lib/größe", [], mode: 0o644)
    archive.add("driver.py", Array("import ray\n".utf8), mode: 0o644)
    let bytes = archive.finished()
    #expect(bytes.count < numbers.count)
    let members = try ZipReader(bytes).members
    #expect(members.count == 3)
    #expect(members["learners"] == .init(content: numbers, mode: 0o755))
    #expect(members["lib/größe"] == .init(content: [], mode: 0o644))
    #expect(members["driver.py"]?.content == Array("import ray\n".utf8))
  }

  @Test func theSameContentIsTheSameBytes() {
    func bytes() -> [UInt8] {
      var archive = ZipArchive()
      archive.add("a", Array("content".utf8), mode: 0o644)
      return archive.finished()
    }
    #expect(bytes() == bytes())
  }

  @Test func librariesAreReadAsTheLoaderListsThem() {
    let listing = """
      \tlinux-vdso.so.1 (0x00007fff)
      \tlibopenblas.so.0 => /lib/x86_64-linux-gnu/libopenblas.so.0 (0x00007f34)
      \tlibodd.so => /opt/with space (0x1)/libodd.so (0x00007f35)
      \tlibgone.so.1 => not found
      \t/lib64/ld-linux-x86-64.so.2 (0x00007f36)

      """
    let found = ShippedProgram.libraries(in: listing)
    #expect(found.map(\.name) == ["libopenblas.so.0", "libodd.so", "ld-linux-x86-64.so.2"])
    #expect(
      found.map(\.path) == [
        "/lib/x86_64-linux-gnu/libopenblas.so.0", "/opt/with space (0x1)/libodd.so", "/lib64/ld-linux-x86-64.so.2",
      ])
  }
}
