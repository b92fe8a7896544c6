import Extraction
import Foundation
import TestSupport
import Testing

@Suite struct TokenTests {
  @Test func aFileIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("token.json")
    try Data(#"{"github_token": "ghp_abc", "other": 1}"#.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let (token, warning) = try Token.read(path)
    #expect(token.secret == "ghp_abc")
    #expect(warning == nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(try Token.read(path).warning?.contains("chmod 600") == true)
  }

  /// What is wrong is said without showing what is there.
  @Test(arguments: [
    "ghp_secret", #"{"github_token": ghp_secret}"#, #"{"token": "ghp_secret"}"#, #"{"github_token": ["ghp_secret"]}"#,
    #"{"github_token": "ghp_secret\nX-Other: 1"}"#, #"{"github_token": "ghp_secret "}"#, #"{"github_token": ""}"#, "",
  ])
  func aMalformedFileIsNotShown(text: String) throws {
    let folder = try TemporaryFolder()
    try Data(text.utf8).write(to: URL(filePath: folder.path("token.json")))
    let error = try #require(throws: ExtractionError.self) { _ = try Token.read(folder.path("token.json")) }
    #expect(error.code == .badData)
    #expect(!error.description.contains("ghp_secret"))
  }

  @Test func theTokenIsFoundWhereverItStands() throws {
    let token = try Token("ghp_1", from: "test")
    let text = "ghp_ghp_1,ghghp_1ghp_1 ghp_2"
    #expect(String(decoding: token.removed(from: Array(text.utf8)), as: UTF8.self) == "ghp_xxxxx,ghxxxxxxxxxx ghp_2")
    #expect(token.removed(from: []) == [])
    // As JSON may write it, whole or in part; a half of it is none.
    let escaped = #"\u0067hp_1 g\u0068p_\u0031 \u0067hp_ \n\u00"#
    #expect(token.removed(from: escaped) == #"xxxxxxxxxx xxxxxxxxxxxxxxx \u0067hp_ \n\u00"#)
  }
}
