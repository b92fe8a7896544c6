import Foundation
import Learners
import Repositories
import Testing

@Suite struct RepositoryFeatureTests {
  @Test func namesAreDistinctAndDescribed() {
    #expect(Set(RepositoryFeature.all.map(\.name)).count == RepositoryFeature.all.count)
    for feature in RepositoryFeature.all {
      #expect(!feature.unit.isEmpty && !feature.meaning.isEmpty && !feature.fields.isEmpty, "\(feature.name)")
    }
  }

  /// Neither a field that features read nor a property of `Repository` is, or is named like, the stars or a copy of them.
  @Test func noDefinitionNamesTheStars() {
    let forbidden: Set = [
      "watchers", "watchers_count", "score", "stars", "stargazers", "stargazers_count", "watchersCount", "starsCount",
      "stargazersCount", "network_count",
    ]
    for field in RepositoryField.allCases {
      #expect(forbidden.isDisjoint(with: field.columnNames + [field.rawValue]), "\(field)")
    }
    #expect(forbidden.isDisjoint(with: RepositoryFeature.all.map(\.name)))
    #expect(forbidden.isDisjoint(with: Mirror(reflecting: Repository()).children.compactMap(\.label)))
    #expect(Set(ExcludedField.all.map(\.name)).isSuperset(of: ["watchers", "watchers_count", "score"]))
  }

  /// Other stars, watchers and score, and nothing else, in every record: no feature moves by a bit.
  @Test func changedStarsChangeNoFeature() throws {
    let pages =
      SharedData.isPresent ? try SharedData.searchPages.prefix(2).map { try Data(contentsOf: URL(filePath: $0)) } : []
    let small = Data(
      #"[{"id": 1, "stargazers_count": 4, "watchers": 4, "watchers_count": 4, "score": 1, "forks_count": 2}]"#.utf8)
    for page in pages + [small] {
      let original = try table(page)
      let changed = try table(withOtherStars(page))
      #expect(original.table[RepositoryFeature.target] != changed.table[RepositoryFeature.target])
      #expect(original.table.without("stars").isSame(as: changed.table.without("stars")))
    }
  }

  private func table(_ json: Data) throws -> RepositoryTable {
    RepositoryTable(records: try RepositoryList(parsing: [InputFile(name: "test.json", bytes: Array(json))]).records)
  }

  private func withOtherStars(_ json: Data) throws -> Data {
    let top = try JSONSerialization.jsonObject(with: json)
    var items = try #require((top as? [[String: Any]]) ?? ((top as? [String: Any])?["items"] as? [[String: Any]]))
    for index in items.indices {
      for (offset, name) in ["stargazers_count", "watchers_count", "watchers", "score"].enumerated() {
        items[index][name] = (index * 7_919 + offset * 104_729) % 1_000_003
      }
    }
    return try JSONSerialization.data(withJSONObject: items)
  }

  @Test func thePageInTheDocsHasEveryFeature() throws {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let page = try String(contentsOf: root.appending(path: "docs/repositories.md"), encoding: .utf8)
    for feature in RepositoryFeature.all {
      let fields = feature.fields.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      let line = "| `\(feature.name)` | \(feature.unit) | \(feature.meaning) | \(fields) |"
      #expect(page.contains(line), "docs/repositories.md needs the line \(line)")
    }
    for field in ExcludedField.all {
      #expect(page.contains("| `\(field.name)` | \(field.reason) |"), "docs/repositories.md needs \(field.name)")
    }
  }
}
