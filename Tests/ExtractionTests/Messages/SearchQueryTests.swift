import Extraction
import Testing

@Suite struct SearchQueryTests {
  @Test(arguments: [
    ("stars:>=50", 50, nil as Int?), ("stars:>50", 51, nil), ("stars:<=9", 0, 9), ("stars:<9", 0, 8), ("stars:7", 7, 7),
    ("stars:3..8", 3, 8), ("stars:3..*", 3, nil), ("stars:*..8", 0, 8), ("STARS:>=5 stars:<7", 5, 6), ("swift", 0, nil),
  ])
  func starsAreRead(text: String, from: Int, to: Int?) throws {
    let query = try SearchQuery(text)
    #expect(query.whole.stars == StarRange(from: from, to: to))
    #expect(!query.rest.contains("stars"))
  }

  @Test func timesAreReadToTheSecond() throws {
    let query = try SearchQuery("created:2020-01-01..2020-01-02T11:59:59Z")
    #expect(query.whole.created == TimeRange(from: 1_577_836_800, to: 1_577_966_399))
    #expect(try SearchQuery("created:>2020-01-01").whole.created.from == 1_577_923_200)
    #expect(try SearchQuery("created:<2020-01-01").whole.created.to == 1_577_836_799)
  }

  @Test func theRestStaysAsItIs() throws {
    let query = try SearchQuery("  \"machine learning\"  stars:>=50 language:swift")
    #expect(query.text(for: query.whole) == "\"machine learning\" language:swift is:public stars:>=50")
    #expect(try SearchQuery("is:public stars:1").rest == "is:public")
  }

  @Test(arguments: [
    "stars:many", "stars:5..3", "stars:", "stars:-3", "created:yesterday", "-stars:5", "stars:>=5 stars:<5",
    "stars:99999999999999999999", "stars:..",
    "NOT stars:>=5 language:swift", "a OR stars:>=5", "language:\"swift stars:>=5", String(repeating: "a", count: 257),
  ])
  func whatCannotBeCutIsRefused(text: String) {
    #expect(throws: ExtractionError.self) { try SearchQuery(text) }
  }

  /// A word is a qualifier with a colon only.
  @Test func wordsToSearchForAreKept() throws {
    for text in ["bubble sort", "stars", "created -stars", "-language:x", "sort algorithms language:c"] {
      #expect(try SearchQuery(text).rest == text + " is:public")
    }
    #expect(throws: ExtractionError.self) { try SearchQuery("x sort:forks") }
  }
}
