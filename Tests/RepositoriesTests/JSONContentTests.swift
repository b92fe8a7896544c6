import Foundation
import Learners
import Repositories
import Testing

/// What a file named .json holds is decided by its content, and never guessed.
@Suite struct JSONContentTests {
  private static func rest(_ id: Int) -> String {
    #"""
    {"id": \#(id), "node_id": "R_\#(id)", "name": "r\#(id)", "full_name": "o/r\#(id)", "owner": {"login": "o", "type": "User"},
     "stargazers_count": \#(id * 10), "forks_count": \#(id), "license": {"spdx_id": "MIT"}, "topics": ["a", "b"],
     "created_at": "2020-01-01T00:00:00Z", "size": 5, "language": "C", "open_issues_count": 3, "archived": false}
    """#
  }

  private static func camel(_ id: Int) -> String {
    #"""
    {"databaseId": \#(id), "nameWithOwner": "o/r\#(id)", "name": "r\#(id)", "owner": {"login": "o", "__typename": "User"},
     "stargazerCount": \#(id * 10), "forkCount": \#(id), "licenseInfo": {"key": "mit", "name": "MIT License"},
     "repositoryTopics": [{"name": "a"}, {"name": "b"}], "createdAt": "2020-01-01T00:00:00Z", "diskUsage": 5,
     "primaryLanguage": {"name": "C"}, "issues": {"totalCount": 2}, "pullRequests": {"totalCount": 1}, "isArchived": false}
    """#
  }

  private func content(_ json: String...) throws -> JSONContent {
    try JSONContent(parsing: json.enumerated().map { InputFile(name: "\($0).json", bytes: Array($1.utf8)) })
  }

  private func records(_ json: String) throws -> [RepositoryRecord] {
    guard case .repositories(let list) = try content(json) else {
      Issue.record("no repositories: \(json.prefix(60))")
      return []
    }
    return list.records
  }

  private func table(_ json: String) throws -> Table? {
    guard case .table(let files) = try content(json) else { return nil }
    return try TableReader.read(records: files)
  }

  private static let two = "\(rest(1)), \(rest(2))"

  private static let restForms = [
    "one page": #"{"total_count": 2, "items": [\#(two)]}"#, "an array": "[\(two)]",
    "pages one after the other": "[\(rest(1))]\n[\(rest(2))]", "without a line between": "[\(rest(1))][\(rest(2))]",
    "search pages": #"{"items": [\#(rest(1))]}{"items": [\#(rest(2))]}"#,
    "slurped": "[[\(rest(1))], [\(rest(2))], []]", "slurped search pages": #"[{"items": [\#(two)]}]"#,
    "one a line": rest(1).replacing("\n", with: " ") + "\n" + rest(2).replacing("\n", with: " ") + "\n",
    "starred":
      #"[{"starred_at": "2024-01-01T00:00:00Z", "repo": \#(rest(1))}, {"starred_at": "x", "repo": \#(rest(2))}]"#,
    "starred pages": #"[[{"starred_at": "x", "repo": \#(rest(1))}], [{"starred_at": "x", "repo": \#(rest(2))}]]"#,
    "with record separators": "\u{1e}[\(rest(1))]\n\u{1e}[\(rest(2))]\n", "with a byte order mark": "\u{FEFF}[\(two)]",
  ]

  @Test(arguments: restForms.keys.sorted()) func theRESTFormsAreOne(_ name: String) throws {
    let expected = try RepositoryList(parsing: [InputFile(name: "a", bytes: Array("[\(Self.two)]".utf8))]).records
    #expect(try records(try #require(Self.restForms[name])) == expected)
  }

  private static let twoCamels = "\(camel(1)), \(camel(2))"

  private static let camelForms = [
    "gh": "[\(twoCamels)]", "gh repo view": "\(camel(1))\n\(camel(2))",
    "search": #"{"data": {"search": {"repositoryCount": 2, "nodes": [\#(twoCamels), null]}}}"#,
    "edges": #"{"data": {"search": {"edges": [{"node": \#(camel(1))}, {"node": \#(camel(2))}]}}}"#,
    "viewer": #"{"data": {"viewer": {"login": "x", "starredRepositories": {"nodes": [\#(twoCamels)]}}}}"#,
    "pages": #"{"data": {"search": {"nodes": [\#(camel(1))]}}} {"data": {"search": {"nodes": [\#(camel(2))]}}}"#,
    "aliases": #"{"data": {"a": \#(camel(1)), "b": \#(camel(2)), "rateLimit": {"cost": 1}}}"#,
  ]

  /// The features are those of the same repositories in the REST form.
  @Test(arguments: camelForms.keys.sorted()) func camelCaseTellsTheSame(_ name: String) throws {
    let found = try records(try #require(Self.camelForms[name]))
    let expected = try records("[\(Self.two)]")
    #expect(found.map(\.stars) == expected.map(\.stars) && found.map(\.fullName) == expected.map(\.fullName))
    #expect(found.map(\.repository) == expected.map(\.repository))
  }

  @Test func whatCamelCaseDoesNotTellIsSaid() throws {
    guard case .repositories(let list) = try content(#"[{"nameWithOwner": "a/b", "stargazerCount": 3}]"#) else {
      Issue.record("not recognized")
      return
    }
    #expect(list.records[0].repository.openIssuesCount == nil)
    #expect(list.notes.last?.contains("forks_count") == true, "\(list.notes)")
    let search = try records(
      #"[{"fullName": "a/b", "stargazersCount": 7, "forksCount": 2, "watchersCount": 7, "language": "", "license": {"key": ""}, "hasIssues": true}]"#
    )
    #expect(search[0].stars == 7 && search[0].repository.forksCount == 2 && search[0].repository.language == nil)
    #expect(search[0].repository.subscribersCount == nil && search[0].repository.hasIssues == true)
  }

  @Test func otherRecordsAreATable() throws {
    for json in [
      #"[{"foo": 1, "kind": "a"}, {"foo": 2.5, "kind": "b"}]"#,
      "{\"foo\": 1, \"kind\": \"a\"}\n{\"foo\": 2.5, \"kind\": \"b\"}\n",
      #"[[{"foo": 1, "kind": "a"}], [{"foo": 2.5, "kind": "b"}]]"#,
      #"{"items": [{"foo": 1, "kind": "a"}, {"foo": 2.5, "kind": "b"}]}"#,
      "[{\n \"foo\": 1,\n \"kind\": \"a\"\n}, {\"kind\": \"b\",\r\n\"foo\": 2.5}]",
    ] {
      let table = try #require(try table(json), "\(json)")
      #expect(table.columns.map(\.name) == ["foo", "kind"] && table.rowCount == 2)
    }
    // Flat records with GitHub's names are an export, as pandas writes it.
    let export = try #require(
      try table(
        #"[{"full_name": "a/b", "forks_count": 3, "stargazers_count": 9, "license": "mit", "pushed_at": "2020-01-01"}]"#
      ))
    let features = try #require(try RepositoryTable(recognizing: export))
    #expect(features.target == "stargazers_count" && features.table["license"]?.text(0) == "MIT")
  }

  @Test func errorsNameTheRecord() throws {
    let error = #expect(throws: DataError.self) { try table(#"[{"a": 1}, {"a": [1, 2]}]"#) }
    #expect(error?.what.hasPrefix("record 2: ") == true && error?.location.line == nil, "\(String(describing: error))")
    let second = #expect(throws: DataError.self) {
      try content("[\(Self.rest(1))] [\(Self.rest(2).replacing("\"forks_count\": 2", with: "\"forks_count\": \"x\""))]")
    }
    #expect(second?.what.hasPrefix("document 2: record 1: ") == true, "\(String(describing: second))")
  }

  @Test(arguments: [
    (#"{"columns": ["a"], "index": [0], "data": [[1]]}"#, "split"),
    (#"{"a": {"0": 1, "1": 2}, "b": {"0": 3, "1": 4}}"#, "columns"),
    (#"{"0": {"a": 1}, "1": {"a": 2}}"#, "index"), (#"{"schema": {"fields": []}, "data": [{"a": 1}]}"#, "table"),
    (#"{"message": "Bad credentials", "status": "401"}"#, "Bad credentials"),
    (#"{"data": {"viewer": {"login": "x"}}}"#, "without repositories"),
    (#"{"data": null, "errors": [{"message": "no"}]}"#, ""),
    ("[1, 2]", ""), ("[]", "no repository"), ("{}", ""), ("", ""), ("[{\"a\": 1}", ""), ("hello", ""),
    ("[[]]", "no repository"),
    ("[\(rest(1)), {\"foo\": 1}]", "record 2: has none of GitHub's fields"),
    ("[\(rest(1))] [{\"foo\": 1}]", "other records"),
    (#"{"a": {"items": []}}"#, ""), ("null", ""),
  ])
  func whatIsNeitherIsRefusedByName(_ json: String, _ words: String) throws {
    let error = #expect(throws: DataError.self) { try content(json) }
    #expect(error?.code == .invalid && error?.location.file == "0.json", "\(json): \(String(describing: error))")
    #expect(error.map { words.isEmpty || "\($0)".contains(words) } == true, "\(String(describing: error))")
  }

  @Test func filesOfTwoKindsAreNotOneTable() throws {
    let error = #expect(throws: DataError.self) { try content("[\(Self.rest(1))]", #"[{"foo": 1}]"#) }
    #expect(error?.location.file == "1.json")
  }
}
