import Server
import Testing

@Suite struct RepositoryNameTests {
  @Test(arguments: ["a/b", "swiftlang/swift", "a-b/c.d_e-f", "0/0", "A/B", "user_corp/x", "a/...", "a/.github"])
  func takesNames(text: String) { #expect(RepositoryName(text)?.description == text) }

  /// Whatever could lead to another address than that of a repository.
  @Test(arguments: [
    "", "a", "/", "a/", "/b", "a/b/c", "a//b", "a/.", "a/..", "../b", "./b", "-a/b", ".a/b", "a.b/c", "a/b?c", "a/b#c",
    "a/b%2e", "a/b ", " a/b", "a/b\n", "a/b\u{0}", "a\\b/c", "ä/b", "a/ü", "a@b/c", "a:b/c", "https://github.com/a/b",
    "a/b\r\nX-Other: 1", "\u{FF41}/b",
  ])
  func refusesAllElse(text: String) { #expect(RepositoryName(text) == nil) }

  @Test func refusesWhatIsTooLong() {
    #expect(RepositoryName(String(repeating: "a", count: 39) + "/" + String(repeating: "b", count: 100)) != nil)
    #expect(RepositoryName(String(repeating: "a", count: 40) + "/b") == nil)
    #expect(RepositoryName("a/" + String(repeating: "b", count: 101)) == nil)
  }

  @Test(arguments: [
    "https://github.com/a/b", "http://www.github.com/a/b/", "github.com/a/b/tree/main/Sources", "a/b.git",
    "https://github.com/a/b.git", "git@github.com:a/b.git", "https://github.com/a/b?tab=readme#top",
    "HTTPS://GitHub.com/a/b",
  ])
  func understandsWhatIsCopied(text: String) { #expect(RepositoryName(pasted: text)?.description == "a/b") }

  @Test(arguments: [
    "https://example.com/a/b", "https://github.com.example.com/a/b", "https://github.com/a", "https://github.com/",
    "https://github.com/../b", "ftp://github.com/a/b", "https://user@github.com/a/b",
  ])
  func understandsNothingElse(text: String) { #expect(RepositoryName(pasted: text) == nil) }
}
