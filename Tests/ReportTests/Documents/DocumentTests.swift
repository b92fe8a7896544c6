import Foundation
import FoundationXML
import Learners
import TestSupport
import Testing

import Report

@Suite struct DocumentTests {
  private static let hostile = "\"><script>alert(1)</script>'&amp;\u{202E}|`*"

  private func report(_ name: String = "noise", rows: Int = 300) throws -> Report {
    let line = try Scene.line(rows: rows)
    let kinds = (0..<rows).map { $0 % 3 == 0 ? Self.hostile : ["flat", "house"][$0 % 2] }
    let table = Table(columns: [
      Column(name: "x", values: .numeric(line.features.columns[0])),
      Column(name: name, values: .numeric(line.features.columns[1])), Column(name: "kind", texts: kinds),
      Column(
        name: "y",
        values: .numeric(zip(line.target, kinds).map { $0 + ($1.count > 5 ? 30 : $1.count == 5 ? 10 : 0) })),
    ])
    let comparison = try Scene.comparison(
      Dataset(table), [Mean.self, Ridge.self, ExtraTrees.self], blends: true)
    return Scene.report(comparison, source: Self.hostile, command: "learners report --data '\(Self.hostile)'")
  }

  @Test func aPageIsWholeAndNeedsNothing() throws {
    let text = HTMLDocument(try report()).text
    let document = try #require(Document(text))
    #expect(document.elements.filter { ["script", "img", "link", "iframe"].contains($0) } == [])
    #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("url("))
    #expect(Set(document.ids).count == document.ids.count)
    #expect(document.targets.allSatisfy { $0.hasPrefix("#") && document.ids.contains(String($0.dropFirst())) })
    #expect(text.utf8.count < 1_500_000)
    for section in [
      "summary", "models", "errors", "ranges", "learning", "importance", "effects", "worst", "data", "cost", "repeat",
    ] {
      #expect(document.ids.contains(section), "\(section)")
    }
  }

  /// Names come from anywhere.
  @Test func namesStayTexts() throws {
    let report = try report(Self.hostile)
    let text = HTMLDocument(report).text
    #expect(Document(text) != nil && !text.contains("<script>") && !text.contains("\u{202E}"))
    #expect(text.contains("&lt;script&gt;alert(1)"))
    let markdown = MarkdownDocument(report).text
    let table = markdown.split(separator: "\n").drop { !$0.hasPrefix("| Column | R² lost") }.prefix {
      $0.hasPrefix("|")
    }
    let bars = table.map { line in
      line.replacing("\\|", with: "").count { $0 == "|" }
    }
    #expect(bars.count > 3 && Set(bars) == [5], "\(bars)")
    // What is between fences is no markup.
    let texts = markdown.split(separator: "\n").filter { !$0.hasPrefix("learners report") }
    #expect(texts.allSatisfy { !$0.replacing("\\<", with: "").contains("<script>") && !$0.contains("\u{202E}") })
  }

  @Test func allFormsSayTheSame() throws {
    let report = try report()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(JSONDocument(report).text.utf8)) as? [String: Any])
    let models = try #require(object["models"] as? [[String: Any]])
    let scores = try #require(models[0]["scores"] as? [String: Any])
    let r2 = try #require(scores["r2_transformed"] as? Double)
    // Foundation reads numbers to the last bit but one.
    #expect(abs(r2 - (report.models[0].scores.r2Transformed ?? .nan)) < 1e-15)
    #expect(models[0]["name"] as? String == report.models[0].name && object["worst_rows"] != nil)
    let figure = Wording(report).figure(report.models[0].figure)
    #expect(HTMLDocument(report).text.contains(figure) && MarkdownDocument(report).text.contains(figure))
    #expect(SummaryText(report).text.contains("Use \(report.models[0].name)"))
  }

  @Test func theSameReportIsTheSameBytes() throws {
    for form in ReportForm.allCases {
      #expect(form.text(of: try report()) == form.text(of: try report()))
    }
  }

  @Test func endingsSayTheForm() {
    #expect(ReportForm(ofFile: "a/b.HTML") == .html && ReportForm(ofFile: "b.md") == .markdown)
    #expect(ReportForm(ofFile: "b.json") == .json && ReportForm(ofFile: "b.pdf") == nil)
  }

  /// With as little as can be compared there is a report all the same.
  @Test(arguments: [8, 25]) func fewRowsHaveAReport(rows: Int) throws {
    let comparison = try Scene.comparison(Scene.line(rows: rows), [Mean.self], folds: 2)
    let report = Scene.report(comparison)
    #expect(Document(HTMLDocument(report).text) != nil && !MarkdownDocument(report).text.isEmpty)
    #expect(!JSONDocument(report).text.isEmpty)
  }
}

/// A page as a parser of XML reads it.
private final class Document: NSObject, XMLParserDelegate {
  var elements: [String] = []
  var ids: [String] = []
  var targets: [String] = []

  init?(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.replacing("<!doctype html>\n", with: "").utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func parser(
    _: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(name)
    if let id = attributes["id"] { ids.append(id) }
    if let target = attributes["href"] { targets.append(target) }
  }
}
