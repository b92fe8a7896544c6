/// What is around the parts: head, navigation, footer.
internal struct Frame {
  internal let content: PageContent

  internal var html: HTML {
    """
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta name="description" content="\(description)"/>
    <title>\(title) · learners</title>
    <link rel="icon" type="image/svg+xml" href="icon.svg?v=\(Page.assetVersion)"/>
    <link rel="stylesheet" href="page.css?v=\(Page.assetVersion)"/>
    <script src="page.js?v=\(Page.assetVersion)" defer=""></script>
    </head>
    <body>
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top"><div class="wrap">
    <a class="brand" href="./">\(star) learners</a>
    \(navigation)
    </div></header>
    <main id="main" tabindex="-1">
    \(body)
    </main>
    <footer><div class="wrap">
    <span class="version">learners \(content.version)</span>
    <a href="openapi.json">API</a>
    <a href="metrics">Metrics</a>
    </div></footer>
    </body>
    </html>

    """
  }

  private var description: String {
    guard let model = content.model else { return "A server of predictions that has no model yet." }
    return model.ranksRepositories
      ? "Predicts the stars of GitHub repositories and shows how good it is at it."
      : "Predicts \(model.target) from \(model.features.count.counted("feature")) and shows how good it is at it."
  }

  private var title: String {
    guard let model = content.model else { return "No model yet" }
    switch content.part {
    case .rank: return model.ranksRepositories ? "How many stars?" : "Predict \(model.target)"
    case .hand: return "Prediction by hand"
    case .table: return "Predictions for a table"
    }
  }

  private var navigation: HTML? {
    guard let model = content.model else { return nil }
    let rank: HTML = model.ranksRepositories ? "<li><a href=\"#rank\">Repositories</a></li>" : ""
    return """
      <nav aria-label="Parts of this page"><ul>
      \(rank)<li><a href="#hand">By hand</a></li><li><a href="#table">Table</a></li><li><a href="#model">Model</a></li>
      </ul></nav>
      """
  }

  private var body: HTML {
    guard let model = content.model else { return NoModelPart(content: content).html }
    return """
      <div class="wrap hero">
      <h1>\(heading(model))</h1>
      <p>\(lead(model))</p>
      \(otherModels(model))
      </div>
      \(model.ranksRepositories ? RankPart(content: content, model: model).html : HTML.none)
      \(HandPart(content: content, model: model).html)
      \(TablePart(content: content, model: model).html)
      \(content.card?.html)
      """
  }

  private func heading(_ model: PageModel) -> String {
    model.ranksRepositories ? "How many stars would you expect?" : "Predict \(model.target)"
  }

  private func lead(_ model: PageModel) -> String {
    guard model.ranksRepositories else {
      return "A \(model.learner) model that learned from \(model.provenance.rows.counted("row")). "
        + "Fill in one row by hand, or send a table."
    }
    return
      "A \(model.learner) model that learned from \(model.provenance.rows.groupedText) repositories predicts the stars "
      + "of another one from what else GitHub tells about it. It never sees the stars that it has to predict."
  }

  private func otherModels(_ model: PageModel) -> HTML? {
    guard model.allNames.count > 1 else { return nil }
    let links = model.allNames.map { name -> HTML in
      name == model.name
        ? "<li><a aria-current=\"page\" href=\"./?model=\(percentEncoded(name))\"><strong>\(name)</strong></a></li>"
        : "<li><a href=\"./?model=\(percentEncoded(name))\">\(name)</a></li>"
    }
    return "<nav aria-label=\"Models\"><ul class=\"models\">\(links)</ul></nav>"
  }
}

/// The mark of the program: a star.
package let star: HTML = """
  <svg viewBox="0 0 24 24" aria-hidden="true"><path class="truth" d="\(starPath)"/></svg>
  """

/// Five points around (12, 12), the outer 11 away from it.
internal let starPath =
  "M12 1l3.23 6.95 7.61.91-5.62 5.2 1.48 7.52L12 17.85 5.3 21.58l1.48-7.52-5.62-5.2 7.61-.91z"

internal let iconDocument: HTML = """
  <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#e2700f" d="\(starPath)"/></svg>
  """
