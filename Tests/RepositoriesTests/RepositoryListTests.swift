import Foundation
import Learners
import Repositories
import TestSupport
import Testing

@Suite struct RepositoryListTests {
  private func list(_ json: String) throws -> RepositoryList { try list(Array(json.utf8)) }

  private func list(_ json: [UInt8]) throws -> RepositoryList {
    try RepositoryList(parsing: [InputFile(name: "test.json", bytes: json)])
  }

  private func failure(_ json: String) -> DataError? {
    #expect(throws: DataError.self) { try list(json) }
  }

  @Test func readsEveryField() throws {
    let json = """
      {"id": 7, "name": "learners", "full_name": "numeria/learners", "owner": {"type": "Organization", "login": "numeria"},
       "description": "naïve", "homepage": "https://example.org", "fork": true, "created_at": "2020-01-01T00:00:00Z",
       "updated_at": "2020-01-03T00:00:00Z", "pushed_at": null, "size": 12, "stargazers_count": 34, "watchers_count": 34,
       "language": "Swift", "has_issues": true, "has_projects": false, "has_downloads": true, "has_wiki": false,
       "has_pages": true, "has_discussions": false, "forks_count": 5, "archived": true, "open_issues_count": 6,
       "license": {"key": "other", "spdx_id": "NOASSERTION"}, "is_template": true, "topics": ["a", "b"],
       "default_branch": "trunk", "subscribers_count": 8, "unknown": [{"deep": 1}]}
      """
    for text in [json, "[\(json)]", "{\"total_count\": 1, \"items\": [\(json)]}", "\u{FEFF}[\(json)]"] {
      let record = try #require(try list(text).records.first)
      #expect(record.id == 7)
      #expect(record.fullName == "numeria/learners")
      #expect(record.stars == 34)
      let repository = record.repository
      #expect(repository.name == "learners" && repository.description == "naïve" && repository.homepage != nil)
      #expect(repository.ownerType == "Organization" && repository.language == "Swift")
      #expect(repository.license == "NOASSERTION" && repository.defaultBranch == "trunk")
      #expect(repository.topics == ["a", "b"])
      #expect(repository.forksCount == 5 && repository.subscribersCount == 8)
      #expect(repository.openIssuesCount == 6 && repository.size == 12)
      #expect(repository.createdAt?.description == "2020-01-01T00:00:00Z")
      #expect(repository.updatedAt?.description == "2020-01-03T00:00:00Z")
      #expect(repository.pushedAt == nil)
      #expect(repository.hasIssues == true && repository.hasProjects == false && repository.hasDownloads == true)
      #expect(repository.hasWiki == false && repository.hasPages == true && repository.hasDiscussions == false)
      #expect(repository.isArchived == true && repository.isTemplate == true && repository.isFork == true)
    }
  }

  @Test func everyFieldMayBeAbsentOrNull() throws {
    #expect(try list("[{}]").records == [RepositoryRecord(repository: Repository())])
    let names = [
      "id", "full_name", "name", "owner", "license", "topics", "size", "fork", "created_at", "stargazers_count",
    ]
    let nulls = names.map { "\"\($0)\": null" }.joined(separator: ",")
    #expect(try list("[{\(nulls)}]").records == [RepositoryRecord(repository: Repository())])
  }

  @Test func keepsARepositoryOnceAsUpdatedLast() throws {
    func record(_ id: Int, _ stars: Int, _ updated: String?) -> String {
      "{\"id\": \(id), \"stargazers_count\": \(stars), \"updated_at\": \(updated.map { "\"\($0)\"" } ?? "null")}"
    }
    let records = [
      record(1, 10, "2024-01-02T00:00:00Z"), record(2, 20, nil), record(1, 11, "2024-01-03T00:00:00Z"),
      record(1, 12, "2024-01-01T00:00:00Z"), record(2, 21, nil), record(3, 30, "2024-01-01T00:00:00Z"),
      record(3, 31, "2024-01-01T00:00:00Z"),
    ]
    let found = try list("[\(records.joined(separator: ","))]")
    #expect(found.records.map(\.stars) == [11, 20, 30])
    #expect(found.notes.count == 1 && found.notes[0].hasPrefix("4 repositories came again"))
  }

  @Test func saysThatASearchIsIncomplete() throws {
    #expect(try list("{\"incomplete_results\": true, \"items\": [{\"id\": 1}]}").notes.count == 1)
    #expect(try list("{\"incomplete_results\": false, \"items\": [{\"id\": 1}]}").notes.isEmpty)
  }

  @Test(arguments: [
    ("forks_count", "\"5\"", "needs a number"), ("forks_count", "true", "needs a number"),
    ("has_wiki", "1", "needs true or false"), ("name", "7", "needs a text"), ("topics", "\"a;b\"", "needs a list"),
    ("owner", "\"me\"", "needs an object"), ("license", "\"MIT\"", "needs an object"),
    ("created_at", "1427363252", "needs a text"), ("created_at", "\"2024-02-30T00:00:00Z\"", "is not a timestamp"),
    ("id", "\"x\"", "needs a number"),
  ])
  func namesRecordAndField(field: String, value: String, problem: String) throws {
    for (prefix, suffix) in [("[", "]"), ("{\"items\": [", "]}")] {
      let error = try #require(
        failure("\(prefix){\"size\": 1}, {\"full_name\": \"a/b\", \"\(field)\": \(value)}\(suffix)"))
      #expect(error.code == .invalid)
      #expect(error.location.column == field)
      #expect(error.what.hasPrefix("record 2: "))
      #expect(error.what.contains(problem), "\(error)")
    }
  }

  @Test func namesTheFieldInsideOfAField() throws {
    #expect(failure("[{\"owner\": {\"type\": 1}}]")?.location.column == "owner.type")
    let topic = try #require(failure("[{}, {\"topics\": [\"a\", 2]}]"))
    #expect(topic.location.column == "topics" && topic.what.hasPrefix("record 2: "))
  }

  /// Numbers that no machine number holds: an error where they are read, no matter where they are not.
  @Test func refusesNumbersOutOfRange() throws {
    let huge = "1" + String(repeating: "0", count: 400)
    #expect(failure("[{\"forks_count\": 1e400}]")?.location.column == "forks_count")
    #expect(failure("[{\"forks_count\": \(huge)}]")?.location.column == "forks_count")
    #expect(failure("[{\"id\": 99999999999999999999}]")?.location.column == "id")
    #expect(failure("[{\"id\": 1.5}]")?.location.column == "id")
    #expect(try list("[{\"id\": 1, \"unknown\": 1e400}]").records.count == 1)
    #expect(
      try list("[{\"size\": 123456789012345678901234567890}]").records[0].repository.size == 1.2345678901234568e29)
  }

  @Test(arguments: [
    "", " ", "{}", "[]", "{\"items\": []}", "{\"items\": null}", "{\"items\": {}}", "{\"items\": [null]}", "[null]",
    "[[]]", "[1]", "null", "5", "\"text\"", "true", "{\"items\": [{\"id\": 1}", "[{\"id\": 1}", "[{\"id\": 1},,]",
    "[{\"id\" 1}]",
    "{\"items\": [{\"id\": 1}]}x", "[{\"name\": \"\\ud800\"}]", "[{\"forks_count\": NaN}]", "[{\"forks_count\": 01}]",
    "{\"a\": {\"items\": []}}",
  ])
  func refusesWhatIsNotAListOfRepositories(_ json: String) {
    #expect(failure(json)?.code == .invalid)
  }

  @Test(arguments: [
    ("[", "]", ""), ("{\"a\":", "}", "1"), ("[{\"unknown\": [", "]}]", ""), ("{\"items\": [", "]}", ""), ("[", "", ""),
    ("{\"a\":", "", ""),
  ])
  func refusesDeepNesting(open: String, close: String, inner: String) {
    let depth = 100_000
    let json = String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
    #expect(failure(json)?.code == .invalid)
  }

  @Test func refusesInvalidUTF8Anywhere() {
    for bytes in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]] {
      let known = Array("[{\"name\": \"".utf8) + bytes + Array("\"}]".utf8)
      let unknown = Array("[{\"id\": 1, \"unknown\": \"".utf8) + bytes + Array("\"}]".utf8)
      #expect(throws: DataError.self) { try list(known) }
      #expect(throws: DataError.self) { try list(unknown) }
    }
  }

  /// Every prefix and every single changed byte of a small page is a list or an error.
  @Test func neverCrashesOnDamage() {
    let json = Array(
      """
      {"items": [{"id": 1, "full_name": "a/b", "owner": {"type": "User"}, "topics": ["x"], "forks_count": 1.5e1,
      "created_at": "2020-01-01T00:00:00Z", "license": {"spdx_id": "MIT"}, "fork": false, "description": "\\u00e4ö"}]}
      """.utf8)
    var errors = 0
    for end in 0..<json.count {
      if (try? list(Array(json[..<end]))) == nil { errors += 1 }
    }
    #expect(errors == json.count)
    var lists = 0
    for place in json.indices {
      for flip in [0x01, 0x80] as [UInt8] {
        var damaged = json
        damaged[place] ^= flip
        if (try? list(damaged)) != nil { lists += 1 }
      }
    }
    #expect(lists > 0 && lists < 2 * json.count)
  }

  @Test func repeatsWhatGitHubComplainsAbout() throws {
    let error = try #require(failure("{\"message\": \"API rate limit exceeded\", \"status\": \"403\"}"))
    #expect(error.what.contains("API rate limit exceeded"))
  }

  @Test func namesTheFile() throws {
    let folder = try TemporaryFolder()
    let (good, bad) = (folder.path("good.json"), folder.path("bad.json"))
    try folder.write("good.json", "[{\"id\": 1}]")
    try folder.write("bad.json", "[{\"id\": 2}, {\"size\": \"big\"}]")
    let error = #expect(throws: DataError.self) { try RepositoryList(reading: [good, bad]) }
    #expect(error?.location == .init(file: bad, column: "size"))
    #expect(error?.description.contains("record 2") == true)
    let missing = #expect(throws: DataError.self) { try RepositoryList(reading: [folder.path("none.json")]) }
    #expect(missing?.code == .noInput)
    let directory = #expect(throws: DataError.self) { try RepositoryList(reading: [folder.url.path()]) }
    #expect(directory?.code == .noInput)
    let twice = try RepositoryList(reading: [good, good])
    withExtendedLifetime(folder) { #expect(twice.records.count == 1 && twice.notes.count == 1) }
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func readsTheRealPagesFast() throws {
    let start = threadTime()
    let records = try RepositoryList(reading: SharedData.searchPages).records
    let seconds = threadTime() - start
    #expect(records.count == 1_000)
    #expect(records[0].fullName == "public-apis/public-apis" && records[0].stars == 339_513)
    // Well under one on a quiet machine.
    #expect(seconds < 5)
    print("parsed 10 search pages in \(seconds) s")
  }
}
