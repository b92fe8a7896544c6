/// What a report is written as.
package enum ReportForm: String, Sendable, CaseIterable {
  case html, markdown, json

  /// By the ending of a file's name; nil for one that none has.
  package init?(ofFile path: String) {
    switch path.lowercased() {
    case let name where name.hasSuffix(".html") || name.hasSuffix(".htm"): self = .html
    case let name where name.hasSuffix(".md") || name.hasSuffix(".markdown"): self = .markdown
    case let name where name.hasSuffix(".json"): self = .json
    default: return nil
    }
  }

  package func text(of report: Report) -> String {
    switch self {
    case .html: HTMLDocument(report).text
    case .markdown: MarkdownDocument(report).text
    case .json: JSONDocument(report).text
    }
  }
}
