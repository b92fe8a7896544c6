import Learners
import Testing

@Suite struct LevelIndexTests {
  @Test func whatIsPlainlyTheSameIsFound() {
    let index = LevelIndex(["1", "2.5", "-3", "true", "flat roof", "007"])
    for (text, level) in [
      ("1.0", 0), ("+1", 0), ("1.000", 0), ("2.50", 1), ("-3.0", 2), ("True", 3), ("TRUE", 3), (" flat roof", 4),
      ("flat roof \t", 4), ("\u{A0}flat roof", 4), ("7", 5), ("7.0", 5),
    ] {
      #expect(index.match(text) == .alike(level), "\(text)")
    }
    #expect(index.match("1") == .same(0) && index.match("007") == .same(5))
    for text in ["1e0", "3", "Flat roof", "flat  roof", "", "1.0.0", "1,0", "t", "yes"] {
      #expect(index.match(text) == .unknown, "\(text)")
    }
  }

  /// Versions: 1.1 and 1.10 are two, so 1.2 and 1.20 may be two as well.
  @Test func whereSpellingMattersItIsKept() {
    let versions = LevelIndex(["1.1", "1.10", "1.2"])
    #expect(versions.match("1.20") == .unknown && versions.match("1.10") == .same(1))
    let blanks = LevelIndex(["a", " a", "b"])
    #expect(blanks.match("a ") == .unknown && blanks.match(" b") == .alike(2))
    #expect(LevelIndex(["0", "x"]).match("-0.0") == .alike(0))
  }

  private static let features = [Feature(name: "kind", levels: ["1", "2", "x"]), Feature(name: "size")]

  @Test func strangersAreCountedAndShown() throws {
    let kinds: [String?] = ["1.0", "2", "y", nil, "y", "z", "w", "v", "1.0"]
    let table = Table(columns: [
      Column(name: "kind", texts: kinds), Column(name: "size", values: .numeric(kinds.map { _ in 1 })),
    ])
    let columns = try FeatureColumns(table, features: Self.features)
    #expect(columns.columns[0].map { $0.isNaN ? -1 : $0 } == [0, 1, 3, -1, 3, 3, 3, 3, 0])
    let strange = try #require(columns.strangeLevels.first)
    #expect(strange.unknown.map(\.rows) == [2, 1, 1, 1] && strange.alike.map(\.rows) == [2])
    #expect(
      strange.notes == [
        "column kind: 5 of 9 rows hold 4 texts that the model was not fitted with: “y” in 2, “v” in 1, “w” in 1 and 1 more; they count as unknown",
        "column kind: 2 of 9 rows are spelt otherwise than when the model was fitted: read “1.0” as “1”",
      ])
    let numbers = Table(columns: [
      Column(name: "kind", values: .numeric([1, 2, 3])), Column(name: "size", values: .numeric([1, 1, 1])),
    ])
    #expect(try FeatureColumns(numbers, features: Self.features).columns[0] == [0, 1, 3])
  }
}
