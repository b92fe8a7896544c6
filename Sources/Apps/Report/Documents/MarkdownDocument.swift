/// A report as text that people and programs for Markdown read.
package struct MarkdownDocument {
  private let words: Wording

  package init(_ report: Report) { words = Wording(report) }

  package var text: String {
    let sections = Section.all(words).map { section in
      (["## \(escaped(section.title))"] + section.blocks.flatMap { block($0) }).joined(separator: "\n\n")
    }
    let title = "# How well can \(escaped(words.noun)) be predicted?"
    return ([title] + sections).joined(separator: "\n\n") + "\n"
  }

  private func block(_ block: Section.Block) -> [String] {
    switch block {
    case .text(let text): [escaped(text)]
    case .heading(let text): ["### \(escaped(text))"]
    case .points(let points): [points.map { "- \(escaped($0))" }.joined(separator: "\n")]
    case .questions(let points): points.map { "**\(escaped($0.question))** \(escaped($0.answer))" }
    case .picture: []
    case .details(let title, let blocks): ["### \(escaped(title))"] + blocks.flatMap { self.block($0) }
    case .table(let table): self.table(table)
    case .code(let text): ["```\n\(text.replacing("```", with: "'''"))\n```"]
    case .gallery(let items): items.flatMap { self.table($0.table) }
    }
  }

  private func table(_ table: SectionTable) -> [String] {
    let head = "| " + table.columns.map { escaped($0.title) }.joined(separator: " | ") + " |"
    let line = "|" + table.columns.map { $0.isNumber ? "---:" : "---" }.joined(separator: "|") + "|"
    let rows = table.rows.map { "| " + $0.map(escaped).joined(separator: " | ") + " |" }
    let caption = escaped(table.caption) + (table.caption.hasSuffix(".") ? "" : ":")
    return [caption, ([head, line] + rows).joined(separator: "\n")]
  }

  /// What has a meaning in Markdown or HTML is text, and nothing turns the direction of writing: names come from anywhere.
  private func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#": escaped += "\\\(scalar)"
      case "\n", "\r", "\t": escaped += " "
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200E}"..."\u{200F}", "\u{2028}"..."\u{202E}",
        "\u{2066}"..."\u{2069}":
        escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
