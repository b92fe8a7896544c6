import Foundation
import Learners
import Linalg
import Testing

/// What speaks for groups and for time is told where nobody has said so.
@Suite struct KinRowsTests {
  private static func stream(_ seed: UInt64 = 1) -> RandomStream {
    RandomStream(seed: seed, purpose: RandomPurpose("test.kin"))
  }

  private static func dataset(_ columns: [Column], _ target: [Double], _ options: Dataset.Options = .init()) throws
    -> Dataset
  {
    var random = stream(9)
    let noise = Column(name: "noise", values: .numeric(target.map { _ in random.normal() }))
    return try Dataset(
      Table(columns: columns + [noise, Column(name: "y", values: .numeric(target))]), options: options)
  }

  /// Owners of a few rows each.
  private static func owners(_ rows: Int) -> (column: Column, owner: [Int]) {
    var random = stream()
    let owner = (0..<rows).map { _ in random.uniform(below: rows / 4) }
    return (Column(name: "owner", texts: owner.map { "o\($0)" }), owner)
  }

  @Test func rowsOfAnOwnerThatAreAlikeAreTold() throws {
    let (column, owner) = Self.owners(400)
    var random = Self.stream(2)
    let level = (0..<100).map { _ in random.normal() }
    let alike = try Self.dataset([column], owner.map { exp(2 * (level[$0] + 0.5 * random.normal())) })
    #expect(alike.kinWarnings.count == 1 && alike.kinWarnings[0].contains("--groups owner"), "\(alike.kinWarnings)")
    let strangers = try Self.dataset([column], owner.map { _ in random.normal() })
    #expect(strangers.kinWarnings.isEmpty)
    let said = try Self.dataset([column], owner.map { level[$0] }, .init(groups: "owner"))
    #expect(said.kinWarnings.isEmpty && said.groups == owner.numbered)
    #expect(said.schema.features.map(\.name) == ["noise"])
  }

  @Test func categoriesAreNoGroups() throws {
    var random = Self.stream(3)
    let language = (0..<400).map { _ in random.uniform(below: 25) }
    let column = Column(name: "language", texts: language.map { "l\($0)" })
    #expect(try Self.dataset([column], language.map { Double($0) + random.normal() }).kinWarnings.isEmpty)
  }

  @Test func rowsThatFollowOneAnotherAreTold() throws {
    var random = Self.stream(4)
    let rows = 200
    let days = (0..<rows).map { $0 * 77 % rows }
    var walk = [0.0]
    for _ in 1..<rows { walk.append(0.9 * walk[walk.count - 1] + random.normal()) }
    let texts = days.map { day in
      let moment = Date(timeIntervalSince1970: 1_600_000_000 + Double(day) * 86_400)
      return moment.formatted(.iso8601.year().month().day())
    }
    let csv = "day,a,y\n" + (0..<rows).map { "\(texts[$0]),\($0 % 7),\(walk[days[$0]])\n" }.joined()
    let table = try TableReader.read([InputFile(name: "data.csv", bytes: Array(csv.utf8))])
    let dataset = try Dataset(table)
    #expect(dataset.kinWarnings.count == 1 && dataset.kinWarnings[0].contains("--time day"), "\(dataset.kinWarnings)")
    let said = try Dataset(table, options: .init(time: "day"))
    #expect(said.kinWarnings.isEmpty && said.times?.count == rows)
    // Neighbours in time are of one stretch, of which there are twenty.
    let stretches = try #require(said.kin(among: Array(0..<rows)))
    #expect(Set(stretches).count == 20)
    #expect((0..<rows).allSatisfy { stretches[$0] == days[$0] / 10 })
  }

  @Test func rowsWithoutAGroupStandAlone() throws {
    let texts: [String?] = ["a", nil, "b", "a", nil, "b"]
    let dataset = try Self.dataset(
      [Column(name: "who", texts: texts)], [1, 2, 3, 4, 5, 6], .init(groups: "who"))
    #expect(dataset.groups == [0, 1, 2, 0, 3, 2])
    #expect(dataset.notes.contains("2 of 6 rows have no who: each is a group of its own"))
  }

  @Test func columnsThatCannotBeItAreErrors() throws {
    let column = Column(name: "who", texts: ["a", "b", "c"])
    let gap = Column(name: "when", values: .numeric([1, .nan, 2]))
    for (options, part) in [
      (Dataset.Options(groups: "whom"), "--groups: there is no column whom"),
      (Dataset.Options(target: "y", groups: "y"), "--groups: the target y cannot be it"),
      (Dataset.Options(time: "who"), "it holds texts, and the order"),
      (Dataset.Options(time: "when"), "row 2, column when: the row has a target and no time"),
    ] {
      do {
        _ = try Self.dataset([column, gap], [1, 2, 3], options)
        Issue.record("\(part) is accepted")
      } catch let error as DataError {
        #expect("\(error)".contains(part), "\(error)")
      }
    }
  }
}
