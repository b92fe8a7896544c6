import Learners
import Repositories
import Testing

/// Exports that spell GitHub's names, dates, flags and licences otherwise.
@Suite struct ExportFormsTests {
  private func features(_ csv: String) throws -> RepositoryTable? {
    try RepositoryTable(recognizing: TableReader.read([InputFile(name: "t.csv", bytes: Array(csv.utf8))]))
  }

  @Test(arguments: [
    "{'key': 'mit', 'name': 'MIT License', 'spdx_id': 'MIT', 'url': None, 'node_id': 'x'}",
    #"{""key"": ""mit"", ""spdx_id"": null, ""url"": {""a"": [1, 2]}}"#, "{'name': \"\"MIT License\"\"}", "MIT License",
    "mit",
    "{'a': (1, {'b': ']'}), 'spdx_id': 'MIT'}",
  ])
  func licencesAreReadAsPandasWritesThem(_ cell: String) throws {
    let table = try #require(
      try features("name,forks_count,size,license\na,1,2,\"\(cell)\"\nb,2,3,GPL-3.0\n"))
    #expect(table.table["license"]?.text(0) == "MIT" && table.table["license"]?.text(1) == "GPL-3.0")
  }

  @Test func brokenDictionariesAreTexts() throws {
    for cell in ["{'key': 'mit'", "{key: mit}", "{'spdx_id' 'MIT'}", "{'a': }"] {
      let table = try #require(try features("name,forks_count,size,license\na,1,2,\"\(cell)\"\nb,2,3,MIT\n"))
      #expect(table.table["license"]?.text(0) == cell)
    }
    let none = try #require(try features("name,forks_count,size,license\na,1,2,\"{'key': None}\"\nb,2,3,MIT\n"))
    #expect(none.table["license"]?.text(0) == nil)
  }

  @Test func ownersAreReadAsPandasWritesThem() throws {
    let table = try #require(
      try features(
        "name,forks_count,size,owner\na,1,2,\"{'login': 'o', 'type': 'User'}\"\nb,2,3,\"{'type': 'Organization'}\"\n"))
    #expect(table.table["owner_type"]?.text(0) == "User" && table.table["owner_type"]?.text(1) == "Organization")
    let logins = try #require(try features("name,forks_count,size,owner\na,1,2,octocat\nb,2,3,x\n"))
    #expect(logins.table["owner_type"] == nil)
  }

  @Test(arguments: [
    "2020-01-02T00:00:00Z", "2020-01-02 00:00:00 UTC", "2020-01-02 00:00:00.000000 UTC", "2020-01-02",
    "2020-01-02 00:00",
    "2020-01-02T00:00", "2020-01-02 00:00:00+00:00",
  ])
  func datesOfExportsAreRead(_ cell: String) throws {
    let table = try #require(
      try features(
        "name,forks_count,created_at,pushed_at\na,1,\(cell),2020-01-03T00:00:00Z\nb,2,\(cell),2020-01-03T00:00:00Z\n"))
    #expect(table.table.numbers("age_days") == [1, 1])
  }

  @Test(arguments: ["01/02/2020", "2020-13-01", "yesterday", "2020-01-02 25:00"])
  func otherDatesAreTold(_ cell: String) {
    let error = #expect(throws: DataError.self) {
      try features("name,forks_count,created_at\na,1,2020-01-01\nb,2,\(cell)\n")
    }
    #expect(error?.location.column == "created_at" && error?.what.contains("row 2") == true)
  }

  @Test func flagsOfExportsAreRead() throws {
    for (yes, no) in [("t", "f"), ("Yes", "No"), ("TRUE", "FALSE"), ("y", "n"), ("1", "0"), ("True", "False")] {
      let table = try #require(try features("name,forks_count,has_wiki\na,1,\(yes)\nb,2,\(no)\nc,3,\n"))
      #expect(table.table.numbers("has_wiki").prefix(2) == [1, 0], "\(yes)")
    }
    let error = #expect(throws: DataError.self) { try features("name,forks_count,has_wiki\na,1,yes\nb,2,maybe\n") }
    #expect(error?.location.column == "has_wiki")
  }

  /// As a table of Kaggle's has them.
  @Test func namesForPeopleAreRecognized() throws {
    let table = try #require(
      try features(
        """
        Name,Description,URL,Created At,Homepage,Size,Stars,Forks,Watchers,Language,License,Topics,Has Issues,Is Fork,Is Archived,Default Branch
        a,x,https://github.com/o/a,2020-01-01T00:00:00+00:00,,7,90,4,90,C,MIT License,"['t', 'u']",True,False,True,main
        b,y,https://github.com/o/b,2021-01-01T00:00:00+00:00,,8,80,5,80,Go,Other,[],False,True,False,dev
        """))
    #expect(table.target == "Stars" && table.table.columns.last?.name == "Stars")
    #expect(table.table.numbers("forks") == [4, 5] && table.table.numbers("topics_count") == [2, 0])
    #expect(table.table.numbers("fork") == [0, 1] && table.table.numbers("archived") == [1, 0])
    #expect(table.table["default_branch"]?.text(1) == "other")
    #expect(table.table["Watchers"] == nil && table.notes.contains { $0.contains("Watchers") })
  }

  @Test func aRepositoryInTwoRowsIsNoted() throws {
    let table = try #require(
      try features("full_name,forks_count,size,stars\no/a,1,2,5\no/b,2,2,6\no/a,1,2,7\n"))
    #expect(
      table.notes.contains { $0.hasPrefix("1 rows are repositories that are in an earlier row") }, "\(table.notes)")
    #expect(table.target == "stars")
  }
}
