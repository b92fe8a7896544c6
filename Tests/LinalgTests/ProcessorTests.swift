import Linalg
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct ProcessorTests {
  /// The tool `nproc` counts the same set of CPUs, unless this variable tells it otherwise.
  @Test func coresAreThoseThatTheProcessMayUse() throws {
    let pipe = unsafe try #require(popen("env -u OMP_NUM_THREADS nproc", "r"))
    defer { unsafe pclose(pipe) }
    var line = [CChar](repeating: 0, count: 32)
    let read = unsafe fgets(&line, 32, pipe) != nil
    let count = Int(String(decoding: line.prefix { $0 >= 48 }.map(UInt8.init), as: UTF8.self))
    #expect(read && Processor.availableCores == count)
  }

  @Test func nameAndInstructionSetsAreRead() {
    #expect(!Processor.name.isEmpty && !Processor.name.contains("\n"))
    #if arch(x86_64)
      #expect(Processor.name != "unknown")
    #endif
    // AVX-512 implies AVX2, which implies AVX.
    if Processor.instructionSets.contains("avx512f") { #expect(Processor.instructionSets.contains("avx2")) }
    if Processor.instructionSets.contains("avx2") { #expect(Processor.instructionSets.contains("avx")) }
  }
}
