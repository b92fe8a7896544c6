internal import Page

/// A report as one page that needs nothing else: style and pictures are in it, and there is no script.
package struct HTMLDocument {
  private let words: Wording

  package init(_ report: Report) { words = Wording(report) }

  package var text: String { "<!doctype html>\n" + html.markup }

  private var title: String { "How well can \(words.noun) be predicted?" }

  private var html: HTML {
    let sections = Section.all(words)
    return """
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"/>
      <title>\(title) · learners</title>
      <style>\(HTML(stringLiteral: Page.style + reportStyle))</style>
      </head>
      <body>
      <a class="skip" href="#main">Skip to the content</a>
      <header class="top"><div class="wrap">
      <span class="brand">\(star) learners</span>
      <nav aria-label="Parts of this report"><ul>\(sections.map(link))</ul></nav>
      </div></header>
      <main id="main" tabindex="-1">
      <div class="wrap hero"><h1>\(title)</h1><p>\(lead)</p></div>
      \(sections.map(section))
      </main>
      <footer><div class="wrap"><span class="version">learners \(words.report.origin.programVersion)</span></div></footer>
      </body>
      </html>

      """
  }

  private var lead: String {
    let report = words.report
    return
      "\(report.models.count.counted("model")) compared on \(report.origin.source): \(report.data.rows.counted("row")), "
      + "\(report.data.columns.count.counted("column"))."
  }

  private func link(_ section: Section) -> HTML { "<li><a href=\"#\(section.name)\">\(section.title)</a></li>" }

  private func section(_ section: Section) -> HTML {
    """
    <section id="\(section.name)" aria-labelledby="\(section.name)-title"\(section.name == "summary" ? " class=\"first\"" : HTML.none)>\
    <div class="wrap part">
    <h2 id="\(section.name)-title">\(section.title)</h2>
    \(section.blocks.map(block))
    </div></section>

    """
  }

  private func block(_ block: Section.Block) -> HTML {
    switch block {
    case .text(let text): "<p class=\"words\">\(text)</p>\n"
    case .heading(let text): "<h3>\(text)</h3>\n"
    case .points(let points): "<ul class=\"limits words\">\(points.map { "<li>\($0)</li>" as HTML })</ul>\n"
    case .questions(let points):
      "<dl class=\"card answers\">\(points.map { "<div><dt>\($0.question)</dt><dd>\($0.answer)</dd></div>" as HTML })</dl>\n"
    case .picture(let picture): "<div class=\"card picture\">\(picture)</div>\n"
    case .code(let text): "<pre tabindex=\"0\"><code>\(text)</code></pre>\n"
    case .details(let title, let blocks): "<details><summary>\(title)</summary>\(blocks.map(self.block))</details>\n"
    case .table(let table): "<div class=\"card\">\(self.table(table))</div>\n"
    case .gallery(let pictures): "<div class=\"gallery\">\(pictures.map(item))</div>\n"
    }
  }

  /// A number has a curve and its figures below; the table of a text is a picture already.
  private func item(_ item: (title: String, picture: HTML, table: SectionTable)) -> HTML {
    let figures: HTML =
      item.table.marks == nil
      ? "<figure>\(item.picture)</figure><details><summary>The same as a table</summary>\(table(item.table))</details>"
      : table(item.table.keeping(columns: 2))
    return "<div class=\"card stack\"><h3>\(item.title.shortened)</h3>\(figures)</div>\n"
  }

  private func table(_ table: SectionTable) -> HTML {
    let heads = cells(
      table.columns.map { column -> HTML in
        column.title.isEmpty
          ? "<td></td>" : "<th scope=\"col\"\(column.isNumber ? " class=\"number\"" : HTML.none)>\(column.title)</th>"
      }, marks: table.marks, mark: table.marks?.axis)
    let rows = table.rows.enumerated().map { place, row -> HTML in
      let isMarked = table.marked?.row == place
      let first: HTML = isMarked ? "\(row[0])<span class=\"tag\">\(table.marked?.word ?? "")</span>" : "\(row[0])"
      let texts = row.enumerated().map { index, text -> HTML in
        if index == 0 {
          return "<th scope=\"row\"\(table.columns[0].isNumber ? " class=\"number\"" : HTML.none)>\(first)</th>"
        }
        return "<td\(kind(of: table.columns[index]))>\(text)</td>"
      }
      let marked: HTML = isMarked ? " class=\"served\"" : ""
      return "<tr\(marked)>\(cells(texts, marks: table.marks, mark: table.marks?.rows[place]))</tr>\n"
    }
    return """
      <p class="hint">\(table.caption)</p>
      <div class="scroll" tabindex="0" role="region" aria-label="\(table.caption)"><table class="figures" aria-label="\(table.caption)">
      <thead><tr>\(heads)</tr></thead>
      <tbody>\(rows)</tbody></table></div>
      """
  }

  private func kind(of column: SectionTable.Column) -> HTML {
    column.isNumber ? " class=\"number\"" : column.isLong ? " class=\"long\"" : HTML.none
  }

  private func cells(_ texts: [HTML], marks: SectionTable.Marks?, mark: HTML?) -> [HTML] {
    guard let marks, let mark else { return texts }
    var cells = texts
    cells.insert("<td class=\"plot\" aria-hidden=\"true\">\(mark)</td>", at: min(marks.column, texts.count))
    return cells
  }
}
