import Foundation
import FoundationXML
import Page
import Testing

@Suite struct PageTests {
  @Test func everyStateIsWellFormed() throws {
    for (name, content) in Samples.states {
      let document = try Document(Page.document(content))
      #expect(document.count(of: "main") == 1, "\(name)")
      #expect(document.count(of: "h1") == 1, "\(name)")
    }
  }

  /// What a page refers to is there, and no name is given twice.
  @Test func everyReferenceHasItsElement() throws {
    for (name, content) in Samples.states {
      let document = try Document(Page.document(content))
      let ids = document.values(of: "id")
      #expect(Set(ids).count == ids.count, "\(name): an id is given twice")
      for attribute in ["for", "aria-labelledby", "aria-describedby"] {
        for value in document.values(of: attribute) {
          for id in value.split(separator: " ") { #expect(ids.contains(String(id)), "\(name): \(attribute) \(id)") }
        }
      }
    }
  }

  @Test func featuresThatReadAlikeKeepTheirNames() {
    var model = PageModel(
      name: "best", learner: "ridge", target: "price", isLogarithmic: false, ranksRepositories: false,
      features: ["size", "Size", "size_kb", "days_since_push"].map {
        PageFeature(name: $0, kind: .number(from: 0, to: 1, isLogarithmic: false))
      }, provenance: Samples.model().provenance)
    model.features[0].importance = 1
    let page = Page.document(PageContent(card: ModelCard(model), version: "1"))
    for label in [">size<", ">Size<", ">size_kb<", ">Days since push<"] { #expect(page.contains(label), "\(label)") }
  }

  /// Two thousand fields are not two thousand screens: what matters most is there, the rest can be opened.
  @Test func ofManyFeaturesTheFirstAreShown() throws {
    var model = Samples.model()
    model.features = (0..<2_000).map { index in
      var feature = PageFeature(name: "x\(index)", kind: .number(from: 0, to: 1, isLogarithmic: false))
      feature.importance = index == 1_234 ? 0.5 : 0.5 / 1_999
      return feature
    }
    let page = Page.document(PageContent(card: ModelCard(model), version: "1"))
    let details = try #require(page.range(of: "<summary>1,990 more features"))
    let important = try #require(page.range(of: "name=\"f.x1234\""))
    #expect(important.lowerBound < details.lowerBound)
    #expect(page.components(separatedBy: "data-kind=\"number\"").count == 2_001)
    #expect(page.contains("action=\"predict#hand\" method=\"post\""), "an address has no room for them")
  }

  /// The policy of the server allows none of it.
  @Test func nothingIsInlineAndNothingIsFromElsewhere() throws {
    for (name, content) in Samples.states {
      let document = try Document(Page.document(content))
      #expect(document.values(of: "style").isEmpty, "\(name)")
      #expect(document.count(of: "style") == 0, "\(name)")
      #expect(!document.attributeNames.contains { $0.hasPrefix("on") }, "\(name)")
      for source in document.values(of: "src") { #expect(source.hasPrefix("page."), "\(name): \(source)") }
      for link in document.values(of: "href") {
        let isOurs = [
          "./", "#", "page.css?", "icon.svg?", "openapi.json", "metrics", "https://github.com/",
          "data:text/csv;charset=utf-8,",
        ]
        .contains(where: link.hasPrefix)
        #expect(isOurs, "\(name): \(link)")
      }
    }
    #expect(!Page.style.contains("url(") && !Page.style.contains("@import"))
  }

  @Test func hostileTextsAreOnlyTexts() throws {
    let hostile = Samples.hostile
    var model = Samples.model(name: hostile)
    model.allNames = [hostile, "other"]
    model.learner = hostile
    model.target = hostile
    model.features.append(PageFeature(name: hostile, kind: .levels([hostile]), unit: hostile, meaning: hostile))
    model.provenance.written = hostile
    model.leaderboard?.rows.append(Samples.row(hostile, 0.5))
    var content = PageContent(card: ModelCard(model), modelPath: hostile, version: hostile)
    var ranking = Ranking(asked: hostile)
    ranking.repositories = [RankedRepository(name: hostile, predicted: 5, stars: 7)]
    ranking.repositories[0].missing = [hostile]
    ranking.failures = Samples.reasons.map { RankFailure(hostile, $0) } + [RankFailure(hostile, .refused(hostile))]
    content.ranking = ranking
    content.github.reset = hostile
    var hand = HandPrediction(values: [hostile: hostile, "forks": hostile])
    hand.problems = ["forks": hostile]
    content.hand = hand
    content.table = Samples.table()
    content.table?.fileName = hostile
    content.table?.notes = [hostile]
    content.table?.columns = [(hostile, [hostile])]
    let markup = Page.document(content)
    let document = try Document(markup)
    #expect(document.count(of: "script") == 1)
    #expect(!markup.contains("\u{202E}") && !markup.contains("\u{7}"))
    #expect(document.text.contains("<script>alert(1)</script>"))
    let missing = try Document(Page.document(PageContent(card: nil, modelPath: hostile, version: hostile)))
    #expect(missing.count(of: "script") == 1)
  }

  @Test func theRankingSaysEverythingInWords() throws {
    var content = PageContent(card: ModelCard(Samples.model()), version: "1")
    content.ranking = Samples.ranking()
    let text = try Document(Page.document(content)).text
    #expect(text.contains("12,300 predicted"))
    #expect(text.contains("14,020 true, 14 % more than predicted"))
    #expect(text.contains("true number unknown"))
    #expect(text.contains("As GitHub said at 09:30 UTC"))
    #expect(text.contains("Predicted without commits"))
  }

  @Test(arguments: [
    (RankFailure.Reason.unknown, "GitHub knows no public repository x/y"),
    (.limited(until: "2026-11-23T14:32:10Z"), "GitHub answers again at 14:32 UTC"),
    (.offline, "GitHub cannot be reached"), (.tokenRefused, "GitHub does not accept the token"),
    (.notAName, "“x/y” is not owner/name"),
  ])
  func everyFailureSaysWhatToDo(reason: RankFailure.Reason, message: String) throws {
    var content = PageContent(card: ModelCard(Samples.model()), version: "1")
    content.ranking = Ranking(asked: "x/y")
    content.ranking?.failures = [RankFailure("x/y", reason)]
    #expect(try Document(Page.document(content)).text.contains(message))
  }

  /// Nothing of a page for another target speaks of stars, and its negative numbers are not cut off.
  @Test func otherTargetsHaveTheirOwnWordsAndNumbers() throws {
    var model = Samples.model(outOfFold: false, leaderboard: false)
    model.ranksRepositories = false
    model.target = "degrees"
    model.isLogarithmic = false
    let actual = (0..<400).map { Double($0) / 10 - 15.2 }
    model.outOfFold = OutOfFold(
      predicted: actual.enumerated().map { $1 + Double($0 % 5) - 2 }, actual: actual, isLogarithmic: false)
    model.numbers = TargetNumbers(actual, areTrue: true, isLogarithmic: false, typicalError: 1)
    var content = PageContent(card: ModelCard(model), version: "1")
    content.hand = HandPrediction(values: [:])
    content.hand?.predicted = -7.258
    let markup = Page.document(content)
    let document = try Document(markup)
    #expect(document.text.contains("−7.3") && document.text.contains("−15.2 to 24.7"))
    #expect(!markup.lowercased().contains("stars") && !markup.contains("factor of two"))
    #expect(markup.contains("data-numbers=\"place -1\"") && markup.contains("data-scale=\"linear\""))
  }

  @Test func aPageWithoutModelSaysHowToMakeOne() throws {
    let text = try Document(Page.document(PageContent(card: nil, version: "1"))).text
    #expect(text.contains("learners fit") && text.contains("learners serve"))
  }

  @Test func aTableCanBeDownloaded() throws {
    var content = PageContent(card: ModelCard(Samples.model()), version: "1")
    content.table = Samples.table()
    let document = try Document(Page.document(content))
    let link = try #require(document.values(of: "href").first { $0.hasPrefix("data:") })
    let csv = try #require(link.split(separator: ",", maxSplits: 1).last?.removingPercentEncoding)
    #expect(csv.hasPrefix("row,predicted,true\r\n0,0,\r\n1,3,4\r\n"))
    #expect(csv.split(separator: "\r\n").count == 31)
  }
}

/// A page as a parser of XML understands it, which every page has to be.
final class Document: NSObject, XMLParserDelegate {
  private var elements: [(name: String, attributes: [String: String])] = []
  private(set) var text = ""

  init(_ markup: String) throws {
    super.init()
    let body = try #require(markup.hasPrefix("<!doctype html>\n") ? markup.dropFirst(16) : nil)
    let parser = XMLParser(data: Data(body.utf8))
    parser.delegate = self
    guard parser.parse() else {
      let line = body.split(separator: "\n", omittingEmptySubsequences: false)[max(0, parser.lineNumber - 1)]
      throw Malformed(description: "line \(parser.lineNumber), \(parser.columnNumber): \(line)")
    }
    text = text.split { $0.isWhitespace }.joined(separator: " ")
  }

  struct Malformed: Error, CustomStringConvertible { let description: String }

  func parser(
    _: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append((name, attributes))
  }

  func parser(_: XMLParser, foundCharacters text: String) { self.text += text }

  func count(of name: String) -> Int { elements.count { $0.name == name } }

  func values(of attribute: String) -> [String] { elements.compactMap { $0.attributes[attribute] } }

  var attributeNames: Set<String> { Set(elements.flatMap(\.attributes.keys)) }
}
