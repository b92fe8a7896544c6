/// A file in, a table of predictions out.
internal struct TablePart {
  internal let content: PageContent
  internal let model: PageModel

  internal static let mostRows = 10_000
  internal static let shownRows = 20

  internal var html: HTML {
    """
    <section id="table" aria-labelledby="table-title"><div class="wrap">
    <h2 id="table-title">A whole table</h2>
    <p class="intro">Send a file with a row for each \(model.ranksRepositories ? "repository" : "case"), up to \
    \(Self.mostRows.groupedText). It is read, answered and forgotten: the server keeps nothing of it.</p>
    <div class="columns form-left">
    \(form)
    <div class="card" id="table-result" tabindex="-1" aria-live="polite" aria-labelledby="table-title">
    \(result)
    </div>
    </div>
    </div></section>
    """
  }

  private var form: HTML {
    let repositories: HTML =
      model.ranksRepositories
      ? " GitHub’s own names of columns are understood, and so is GitHub’s JSON: a search page, or an array of repositories."
      : ""
    return """
      <form class="card stack" id="table-form" action="table#table" method="post" enctype="multipart/form-data">
      \(hiddenModel(model))
      <div class="field">
      <label for="file">CSV or JSON file</label>
      <input type="file" id="file" name="file" required="" accept=".csv,.json,.jsonl,text/csv,application/json" \
      aria-describedby="file-hint"/>
      <p class="hint" id="file-hint">CSV with a header, JSON lines, or a JSON array of objects.\(repositories) Cells may be \
      empty.</p>
      </div>
      <div class="actions"><button>Predict the table</button></div>
      <details><summary>The columns that the model reads</summary>
      <p class="hint">\(model.features.map(\.name).joined(separator: ", "))</p></details>
      </form>
      """
  }

  private var result: HTML {
    guard let table = content.table else {
      return """
        <div class="empty"><p>Predictions appear here, the first \(Self.shownRows) rows to read and all of them to download \
        as CSV.</p></div>
        """
    }
    if let problem = table.problem {
      return alert("No predictions.", "<code>\(table.fileName.shortened)</code>: \(problem)")
    }
    return """
      <div class="stack">
      <div class="actions"><strong>\(table.predicted.count.counted("prediction"))</strong>
      <a download="predictions.csv" href="data:text/csv;charset=utf-8,\(percentEncoded(csv(table)))">Download as CSV</a></div>
      \(score(table))\(notes(table))
      <div class="scroll" tabindex="0" role="region" aria-label="Predictions">\(rows(table))</div>
      </div>
      """
  }

  private func notes(_ table: TablePrediction) -> HTML? {
    guard !table.notes.isEmpty else { return nil }
    return """
      <details><summary>\(table.notes.count.counted("note")) about how the file was read</summary>
      <ul class="limits hint">\(table.notes.map { "<li>\($0)</li>" as HTML })</ul></details>
      """
  }

  /// How good the predictions are where the table has the truth.
  private func score(_ table: TablePrediction) -> HTML? {
    let isLogarithmic = model.outOfFold?.isLogarithmic ?? (model.isStars || model.isLogarithmic)
    guard let actual = table.actual,
      let known = OutOfFold(
        predicted: table.predicted, actual: actual, isLogarithmic: isLogarithmic, unit: model.outOfFold?.unit ?? 1)
    else { return nil }
    guard isLogarithmic else {
      return """
        <p class="muted">The table has the true \(model.targetNoun): half of \(known.count.counted("row")) are at most \
        \(model.numbers.errorText(known.typicalError)) off.</p>
        """
    }
    return """
      <p class="muted">The table has the true \(model.targetNoun): \((known.shareWithin(factor: 2) * 100).decimals(0)) % of \
      \(known.count.counted("row")) are within a factor of two of the prediction.</p>
      """
  }

  private func rows(_ table: TablePrediction) -> HTML {
    let shown = min(Self.shownRows, table.predicted.count)
    let heads = table.columns.map { "<th scope=\"col\">\($0.name.shortened)</th>" as HTML }
    let truth: HTML = table.actual == nil ? "" : "<th scope=\"col\" class=\"number\">True</th>"
    let body = (0..<shown).map { row -> HTML in
      let cells = table.columns.map { "<td>\(row < $0.cells.count ? $0.cells[row].shortened : "")</td>" as HTML }
      let actual: HTML = table.actual.map { "<td class=\"number\">\(model.numbers.exactText($0[row]))</td>" } ?? ""
      return """
        <tr><th scope="row">\(row)</th>\(cells)<td class="number">\(model.numbers.text(table.predicted[row]))</td>\(actual)</tr>

        """
    }
    let caption: HTML =
      shown < table.predicted.count
      ? "The first \(shown) of \(table.predicted.count.groupedText) rows" : "All \(shown) rows"
    return """
      <table><caption>\(caption) of \(table.fileName.shortened), counted from 0 as in the CSV</caption>
      <thead><tr><th scope="col">Row</th>\(heads)<th scope="col" class="number">Predicted \(model.targetNoun)</th>\(truth)</tr></thead>
      <tbody>\(body)</tbody></table>
      """
  }

  /// As `learners predict` writes it, and the true number where it is known.
  private func csv(_ table: TablePrediction) -> String {
    var text = "row,predicted" + (table.actual == nil ? "" : ",true") + "\r\n"
    for row in table.predicted.indices {
      text += "\(row),\(table.predicted[row].fieldText)"
      if let actual = table.actual { text += ",\(actual[row].fieldText)" }
      text += "\r\n"
    }
    return text
  }
}
