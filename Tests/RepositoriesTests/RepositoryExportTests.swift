import Learners
import Repositories
import Testing

@Suite struct RepositoryExportTests {
  private func table(_ columns: (String, [String])...) -> Table {
    Table(columns: columns.map { SharedData.column($0, $1) })
  }

  private let small = Table(columns: [
    SharedData.column("id", ["1", "2"]),
    SharedData.column("full_name", ["me/first", "you/second-one"]),
    SharedData.column("stargazers_count", ["10", "20"]),
    SharedData.column("watchers_count", ["10", "20"]),
    SharedData.column("forks_count", ["3", ""]),
    SharedData.column("forks", ["3", "4"]),
    SharedData.column("topics", ["a;b-c", ""]),
    SharedData.column("created_at", ["2024-01-01T00:00:00Z", "2024-01-03T00:00:00Z"]),
    SharedData.column("archived", ["True", "False"]),
    SharedData.column("has_wiki", ["1.0", "0.0"]),
    SharedData.column("license", ["MIT License", "Other"]),
    SharedData.column("type", ["1.0", "1.0"]),
    SharedData.column("description", ["", "words"]),
    SharedData.column("html_url", ["https://a", "https://b"]),
    SharedData.column("commits", ["7", "8"]),
  ])

  @Test func becomesFeatures() throws {
    let found = try #require(try RepositoryTable(recognizing: small))
    #expect(
      found.table.columns.map(\.name) == [
        "forks", "topics_count", "age_days", "name_length", "description_length", "has_wiki", "archived", "owner_type",
        "license", "commits", "stargazers_count",
      ])
    #expect(found.target == "stargazers_count")
    let table = found.table
    #expect(table.numbers("forks")[0] == 3 && table.numbers("forks")[1].isNaN)
    #expect(table.numbers("topics_count") == [2, 0])
    #expect(table.numbers("age_days") == [2, 0])
    #expect(table.numbers("name_length") == [5, 10])
    #expect(table.numbers("description_length") == [0, 5])
    #expect(table.numbers("has_wiki") == [1, 0] && table.numbers("archived") == [1, 0])
    #expect(table.texts("license") == ["MIT", "NOASSERTION"] && table.texts("owner_type") == ["1", "1"])
    #expect(table.numbers("commits") == [7, 8] && table.numbers("stargazers_count") == [10, 20])
    #expect(found.notes.contains { $0.contains("watchers_count, which equals the stars") })
    #expect(found.notes.contains { $0.hasSuffix("made of them: id, forks, html_url") })
  }

  /// The same repositories as JSON and as an export have the same features, bit by bit.
  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func agreesWithJSON() throws {
    let records = try RepositoryList(reading: [SharedData.searchPages[0]]).records
    func column(_ name: String, _ value: (Repository) -> String?) -> Column {
      SharedData.column(name, records.map { value($0.repository) ?? "" })
    }
    let export = Table(columns: [
      column("forks_count") { $0.forksCount?.description }, column("pushed_at") { $0.pushedAt?.description },
      column("created_at") { $0.createdAt?.description }, column("updated_at") { $0.updatedAt?.description },
      column("topics") { $0.topics?.joined(separator: ";") }, column("has_pages") { $0.hasPages?.description },
      column("description", \.description), column("license", \.license), column("default_branch", \.defaultBranch),
      column("name", \.name), column("homepage", \.homepage), column("language", \.language),
    ])
    let expected = RepositoryTable(records: records)
    let found = try #require(try RepositoryTable(recognizing: export))
    #expect(found.collectedAt == expected.collectedAt)
    #expect(found.table.columns.count == 14)
    for column in found.table.columns {
      let other = try #require(expected.table[column.name])
      #expect(Table(columns: [column]).isSame(as: Table(columns: [other])), "\(column.name)")
    }
  }

  @Test func watchersAndScoreChangeNothing() throws {
    let changed = Table(
      columns: small.columns.map { column in
        switch column.name {
        case "watchers_count", "stargazers_count": Column(name: column.name, values: .numeric([77, 5]))
        default: column
        }
      } + [Column(name: "score", values: .numeric([1, 2])), Column(name: "watchers", values: .numeric([1, 2]))])
    let before = try #require(try RepositoryTable(recognizing: small)).table
    let after = try #require(try RepositoryTable(recognizing: changed)).table
    #expect(after["stargazers_count"] != before["stargazers_count"])
    #expect(after.without("stargazers_count").isSame(as: before.without("stargazers_count")))
  }

  /// Training and prediction see the same features: the stars have no part in what is recognized.
  @Test func isRecognizedWithoutStars() throws {
    let found = try #require(try RepositoryTable(recognizing: small.without("stargazers_count")))
    let trained = try #require(try RepositoryTable(recognizing: small))
    #expect(found.target == nil)
    #expect(found.table.isSame(as: trained.table.without("stargazers_count")))
  }

  @Test func leavesOtherTablesAlone() throws {
    let date = "2024-01-01T00:00:00Z"
    let others = [
      table(("forks", ["1"]), ("language", ["C"]), ("size", ["1"]), ("stars", ["3"])),
      table(("name", ["a"]), ("created_at", [date]), ("updated_at", [date]), ("type", ["x"]), ("size", ["3"])),
      table(("forks_count", ["1"]), ("stargazers_count", ["1"]), ("language", ["C"])),
      table(("forks_count", ["1"]), ("created_at", [date]), ("language", ["C"]), ("age_days", ["5"])),
      SyntheticRepositories.table(rows: 5), Table(columns: []),
    ]
    for table in others { #expect(try RepositoryTable(recognizing: table) == nil, "\(table.columns.map(\.name))") }
    #expect(try RepositoryTable(recognizing: small, target: "forks_count") == nil)
    #expect(try RepositoryTable(recognizing: small, target: "stargazers_count") != nil)
  }

  @Test(arguments: [
    ("forks_count", "many", "not a number"), ("has_wiki", "2", "neither 0, 1"), ("archived", "maybe", "neither 0, 1"),
    ("created_at", "2024-01-32T00:00:00Z", "not a timestamp"),
  ])
  func namesABadCell(name: String, cell: String, problem: String) throws {
    let good = ["created_at": "2024-01-01T00:00:00Z"][name] ?? "1"
    let bad = SharedData.column(name, [good, "", cell, good])
    let rest = ["forks_count", "has_wiki", "pushed_at", "created_at"].filter { $0 != name }.map { name in
      SharedData.column(name, Array(repeating: name.hasSuffix("_at") ? "2024-01-01T00:00:00Z" : "1", count: 4))
    }
    let error = #expect(throws: DataError.self) { try RepositoryTable(recognizing: Table(columns: rest + [bad])) }
    #expect(error?.location.column == name)
    #expect(
      error?.what.contains("row 3") == true && error?.what.contains(problem) == true, "\(String(describing: error))")
  }

  @Test func numbersAreNoTimestamps() throws {
    let found = try #require(
      try RepositoryTable(
        recognizing: table(
          ("forks_count", ["1"]), ("created_at", ["1427363252"]), ("pushed_at", [""]), ("language", ["C"]),
          ("stargazers_count", ["3"]))))
    #expect(
      found.table.columns.map(\.name) == ["forks", "days_since_push", "language", "created_at", "stargazers_count"])
    #expect(found.table["days_since_push"]?.missingCount == 1)
    #expect(found.notes.contains { $0.hasPrefix("created_at holds numbers") })
  }

  @Test func countsTopicsHoweverTheyAreListed() throws {
    let found = try #require(
      try RepositoryTable(
        recognizing: table(
          ("forks_count", ["1", "2", "3", "4", "5"]), ("language", ["C", "C", "C", "C", "C"]),
          ("topics", ["a;b", "a,b-c,d", "['a', 'b2']", "[]", ""]))))
    #expect(found.table.numbers("topics_count") == [2, 3, 2, 0, 0])
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func topicsExport() throws {
    let raw = try SharedData.table("topics-2022.csv")
    let found = try #require(try RepositoryTable(recognizing: raw))
    #expect(
      found.table.columns.map(\.name) == [
        "forks", "subscribers", "topics_count", "age_days", "days_since_update", "days_to_last_update", "name_length",
        "language", "stargazers_count",
      ])
    #expect(found.table.rowCount == 23_291)
    #expect(found.collectedAt?.description == "2022-04-15T01:18:46Z")
    #expect(found.table.numbers("topics_count").reduce(0, +) == 69_518)
    #expect(found.table.numbers("name_length").reduce(0, +) == 364_145)
    #expect(found.table["language"]?.missingCount == 1_994)
    #expect(found.notes.contains { $0.hasSuffix("made of them: id") })
    // Identifiers that were dropped before cost the name's length and nothing else.
    let dropped = try #require(try RepositoryTable(recognizing: raw.without("id").without("full_name")))
    #expect(dropped.table.isSame(as: found.table.without("name_length")))
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func mostStarredExport() throws {
    let found = try #require(try RepositoryTable(recognizing: try SharedData.table("top1000-2021.csv")))
    #expect(
      found.table.columns.map(\.name) == [
        "forks", "open_issues", "size_kb", "age_days", "days_since_push", "days_since_update", "days_to_last_push",
        "days_to_last_update", "name_length", "description_length", "has_issues", "has_projects", "has_wiki",
        "has_pages", "archived", "owner_type", "language", "license", "stargazers_count",
      ])
    #expect(found.collectedAt?.description == "2021-05-20T20:32:41Z")
    #expect(found.table.numbers("description_length").reduce(0, +) == 74_149)
    #expect(found.table.texts("license").count { $0 == "MIT" } == 413)
    #expect(Set(found.table.texts("license")).isSuperset(of: ["Zlib", "WTFPL", "NOASSERTION", "BSD-3-Clause"]))
    #expect(found.notes.contains { $0.hasSuffix("made of them: full_name, login") })
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func otherNamesAreTakenAsTheyAre() throws {
    #expect(try RepositoryTable(recognizing: try SharedData.table("gitstar-10k.csv")) == nil)
  }
}
