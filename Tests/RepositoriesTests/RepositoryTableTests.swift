import Learners
import Repositories
import Testing

@Suite struct RepositoryTableTests {
  private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text)) }

  private func record(_ edit: (inout Repository) -> Void = { _ in }) -> RepositoryRecord {
    var repository = Repository()
    edit(&repository)
    return RepositoryRecord(repository: repository)
  }

  @Test func countsDaysToTheLatestTimestamp() throws {
    let (created, pushed) = (try moment("2024-01-01T00:00:00Z"), try moment("2024-01-11T12:00:00Z"))
    let (updated, latest) = (try moment("2024-01-21T00:00:00Z"), try moment("2024-01-31T00:00:00Z"))
    let records = [
      record {
        $0.createdAt = created
        $0.pushedAt = pushed
        $0.updatedAt = updated
      },
      record { $0.updatedAt = latest },
    ]
    let table = RepositoryTable(records: records)
    #expect(table.collectedAt == latest)
    #expect(table.table.numbers("age_days")[0] == 30)
    #expect(table.table.numbers("days_since_push")[0] == 19.5)
    #expect(table.table.numbers("days_since_update") == [10, 0])
    #expect(table.table.numbers("days_to_last_push")[0] == 10.5)
    #expect(table.table.numbers("days_to_last_update")[0] == 20)
    #expect(table.table.numbers("age_days")[1].isNaN && table.table.numbers("days_since_push")[1].isNaN)

    let later = RepositoryTable(records: records, collectedAt: try moment("2024-02-10T00:00:00Z")).table
    #expect(later.numbers("age_days")[0] == 40)
    #expect(later.numbers("days_to_last_update")[0] == 20)
    let earlier = RepositoryTable(records: records, collectedAt: created).table
    #expect(earlier.numbers("days_since_push")[0] == 0)
  }

  @Test func computesEveryFeature() throws {
    let table = RepositoryTable(records: [
      record {
        $0.name = "naïve-🦜"
        $0.description = "ab"
        $0.homepage = "x"
        $0.ownerType = "User"
        $0.language = "C"
        $0.license = "MIT"
        $0.defaultBranch = "trunk"
        $0.topics = ["a", "b", "c"]
        $0.forksCount = 1
        $0.subscribersCount = 2
        $0.openIssuesCount = 3
        $0.size = 4
        $0.hasIssues = true
        $0.hasProjects = false
        $0.hasWiki = true
        $0.hasPages = false
        $0.hasDiscussions = true
        $0.hasDownloads = false
        $0.isArchived = true
        $0.isTemplate = false
        $0.isFork = true
        $0.commitsCount = 5
        $0.openIssuesOnlyCount = 6
        $0.closedIssuesCount = 7
        $0.openPullRequestsCount = 8
        $0.closedPullRequestsCount = 9
        $0.releasesCount = 10
        $0.languagesCount = 11
        $0.codeBytes = 12
        $0.mainLanguageBytes = 9
        $0.readmeBytes = 13
        $0.mentionableUsersCount = 14
      }
    ]).table
    let expected: [String: Double] = [
      "forks": 1, "subscribers": 2, "open_issues": 3, "size_kb": 4, "topics_count": 3, "name_length": 7,
      "description_length": 2, "has_homepage": 1, "has_issues": 1, "has_projects": 0, "has_wiki": 1, "has_pages": 0,
      "has_discussions": 1, "has_downloads": 0, "archived": 1, "is_template": 0, "fork": 1,
      "commits": 5, "issues_open": 6, "issues_closed": 7, "pull_requests_open": 8, "pull_requests_closed": 9,
      "releases": 10, "languages_count": 11, "code_bytes": 12, "main_language_share": 0.75, "readme_bytes": 13,
      "mentionable_users": 14,
    ]
    for (name, value) in expected { #expect(table.numbers(name) == [value], "\(name)") }
    let levels = ["owner_type": "User", "language": "C", "license": "MIT", "default_branch": "other"]
    for (name, value) in levels { #expect(table.texts(name) == [value], "\(name)") }
    #expect(expected.count + levels.count + 5 == RepositoryFeature.all.count)
    #expect(table.columns.map(\.name) == RepositoryFeature.all.map(\.name))
  }

  /// What is unknown is missing, but for a description and a homepage, which then are not there.
  @Test func whatIsUnknownIsMissing() {
    let table = RepositoryTable(records: [record()])
    #expect(table.target == nil && table.collectedAt == nil)
    #expect(table.table["subscribers"] == nil)
    for column in table.table.columns {
      let isKnown = ["description_length", "has_homepage"].contains(column.name)
      #expect(column.missingCount == (isKnown ? 0 : 1), "\(column.name)")
    }
    #expect(table.table.numbers("description_length") == [0])
    #expect(table.table.numbers("has_homepage") == [0])
  }

  @Test func theTargetIsLast() {
    let records = [RepositoryRecord(repository: Repository(), stars: 5), RepositoryRecord(repository: Repository())]
    let table = RepositoryTable(records: records)
    #expect(table.target == "stars" && table.table.columns.last?.name == "stars")
    #expect(table.table.numbers("stars")[0] == 5 && table.table.numbers("stars")[1].isNaN)
    #expect(table.notes.contains { $0.contains("watchers_count") })
  }

  /// The columns do not depend on which records are in the file, so that a model fits every page.
  @Test func columnsAreAlikeForAllPages() {
    let one = RepositoryTable(records: [record { $0.language = "C" }]).table
    let other = RepositoryTable(records: [record(), record { $0.size = 1 }]).table
    #expect(one.columns.map(\.name) == other.columns.map(\.name))
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func realPagesBecomeFeatures() throws {
    let list = try RepositoryList(reading: SharedData.searchPages)
    let table = RepositoryTable(records: list.records)
    #expect(list.notes.isEmpty)
    #expect(table.collectedAt?.description == "2025-05-15T11:32:39Z")
    #expect(table.table.rowCount == 1_000 && table.target == "stars")
    let told = RepositoryFeature.all.filter { $0.fields.allSatisfy(\.isInSearchAnswers) }
    #expect(table.table.columns.map(\.name) == told.map(\.name) + ["stars"])
    #expect(table.table.numbers("forks")[0] == 35_837)
    #expect(table.table.numbers("topics_count")[0] == 13)
    #expect(table.table.numbers("name_length")[0] == 11)
    #expect(table.table.texts("license").count { $0 == "NOASSERTION" } == 148)
    #expect(table.table["license"]?.missingCount == 52)
    #expect(table.table.texts("default_branch").count { $0 == "other" } == 34)
    for feature in told where feature.name != "license" {
      #expect(table.table[feature.name]?.missingCount == 0, "\(feature.name)")
    }
  }
}
