import Learners
import Testing

@Suite struct ContentHashTests {
  /// The examples of FIPS 180-4's test vectors: "", "abc", and a million times "a".
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func knownHashes(text: String, hash: String) {
    #expect(ContentHash.sha256(of: Array(text.utf8)) == hash)
  }

  @Test func hashOfAMillionLetters() {
    let hash = ContentHash.sha256(of: [UInt8](repeating: 0x61, count: 1_000_000))
    #expect(hash == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func filesAreHashedOneAfterTheOther() throws {
    let files = ["a", "", "bc"].map { InputFile(name: $0, bytes: Array($0.utf8)) }
    #expect(try ContentHash.sha256(of: files) == ContentHash.sha256(of: Array("abc".utf8)))
    #expect(try ContentHash.sha256(of: files.reversed()) != ContentHash.sha256(of: files))
  }
}
