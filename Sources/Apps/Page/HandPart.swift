/// One row by hand: a field for each feature, and the prediction beside it.
internal struct HandPart {
  internal let content: PageContent
  internal let model: PageModel

  internal var html: HTML {
    """
    <section id="hand" aria-labelledby="hand-title"\(model.ranksRepositories ? HTML.none : " class=\"first\"")><div class="wrap">
    <h2 id="hand-title">By hand</h2>
    <p class="intro">What if? Change what the model knows and see what it predicts. An empty field is unknown. \
    \(model.ranksRepositories ? "The values in the beginning are those of a repository that it learned from." : "")</p>
    <form id="hand-form" class="columns hand" action="predict#hand" method="\(isLong ? "post" : "get")" data-target="\(model.target)" \
    data-numbers="\(model.numbers.name)" data-scale="\(model.outOfFold?.isLogarithmic == false ? "linear" : "log")" \
    \(rangeData) data-unit="\((model.outOfFold?.unit ?? 1).fieldText)"\
    \(model.allNames.count > 1 ? " data-model=\"\(model.name)\"" : HTML.none)>
    \(hiddenModel(model))
    <div class="card stack">
    <div class="fields">
    \(first.map { field($0, model.features[$0]) })
    </div>
    \(others)
    </div>
    <div class="card stack result sticky">
    <div id="hand-result" role="status">\(result)</div>
    <div class="actions"><button>Predict</button></div>
    </div>
    </form>
    </div></section>
    """
  }

  /// What the script shows around a prediction: the range of the row or, of a model that tells none, what is usual for it.
  private var rangeData: HTML {
    if let share = model.rangeShare { return "data-interval=\"\(share.fieldText)\"" }
    return "data-usual=\"\(model.outOfFold?.groupsText ?? "")\""
  }

  /// So many features are shown at once, and an address has no room for more values.
  private static let mostShown = 40
  /// What is shown of more.
  private static let shownFirst = 10

  private var isLong: Bool { model.features.count > Self.mostShown }

  /// All features in their order, or those that matter most to the model.
  private var first: [Int] {
    guard isLong else { return Array(model.features.indices) }
    let importance = { (index: Int) in model.features[index].importance ?? 0 }
    let ranked = model.features.indices.sorted { (importance($1), $0) < (importance($0), $1) }
    return Array(ranked.prefix(Self.shownFirst))
  }

  private var others: HTML? {
    guard isLong else { return nil }
    let shown = Set(first)
    let rest = model.features.indices.filter { !shown.contains($0) }
    let hasProblem = rest.contains { content.hand?.problems[model.features[$0].name] != nil }
    let which: HTML = model.features.contains { $0.importance != nil } ? "that matter less" : "in the model’s order"
    return """
      <details\(hasProblem ? " open=\"\"" : HTML.none)><summary>\(rest.count.groupedText) more features, \(which)</summary>
      <div class="fields">
      \(rest.map { field($0, model.features[$0]) })
      </div></details>
      """
  }

  private var result: HTML {
    let usual = content.hand?.predicted.flatMap { model.usualRange(of: $0) }.map { range -> HTML in
      """
      8 of 10 with such a prediction have \(model.numbers.text(range.lowerBound)) to \(model.numbers.text(range.upperBound)).
      """
    }
    let problems = content.hand?.problems.count ?? 0
    let value = content.hand?.predicted.map(model.numbers.text) ?? "–"
    let output: HTML =
      if problems > 0 {
        "<span class=\"problem\">\(problems == 1 ? "A field is" : "\(problems) fields are") not filled in right.</span>"
      } else {
        """
        <output class="\(value.count > 7 ? "big long" : "big")" id="hand-value" \
        for="\(model.features.indices.map { "f\($0)" }.joined(separator: " "))">\(value)</output>
        """
      }
    return """
      <span class="label">Predicted \(model.targetNoun)</span>\(output)<p class="hint" id="hand-usual">\(usual)</p>
      <p class="hint" id="hand-interval">\((content.hand?.interval).map { "\($0.html(model.numbers))." } ?? HTML.none)</p>
      \(notes)
      """
  }

  /// What was perhaps not meant by a link or a form.
  private var notes: HTML {
    guard let notes = content.hand?.notes, !notes.isEmpty else { return "" }
    return "<ul class=\"hint\" id=\"hand-notes\">\(notes.map { "<li>\($0)</li>" as HTML })</ul>"
  }

  private func field(_ index: Int, _ feature: PageFeature) -> HTML {
    let value = content.hand?.values[feature.name] ?? (content.hand == nil ? feature.example : "")
    let problem = content.hand?.problems[feature.name]
    var described: [String] = []
    if problem != nil { described.append("f\(index)-problem") }
    if feature.meaning != nil { described.append("f\(index)-hint") }
    let attributes: HTML = """
       id="f\(index)" name="\(FormField.prefix + feature.name)" data-feature="\(feature.name)"\(problem == nil ? HTML.none : " aria-invalid=\"true\"")\
      \(described.isEmpty ? HTML.none : " aria-describedby=\"\(described.joined(separator: " "))\"")
      """
    return """
      <div class="field">
      <label for="f\(index)">\(model.title(of: feature))</label>
      \(control(index, feature, value: value, attributes))
      \(problem.map { "<p class=\"problem\" id=\"f\(index)-problem\">\($0)</p>" } ?? HTML.none)
      \(feature.meaning.map { "<p class=\"hint\" id=\"f\(index)-hint\">\($0)</p>" } ?? HTML.none)
      </div>

      """
  }

  private func control(_ index: Int, _ feature: PageFeature, value: String, _ attributes: HTML) -> HTML {
    switch feature.kind {
    case .number(let low, let high, let isLogarithmic):
      let unit: HTML = feature.unit.map { "<span>\($0)</span>" } ?? ""
      return """
        <div class="with-unit"><input\(attributes) type="text" inputmode="decimal" data-kind="number" \
        value="\(value)"/>\(unit)</div>
        <input type="range" hidden="" min="0" max="1000" step="1" aria-label="\(model.title(of: feature)), slider" \
        data-for="f\(index)" data-low="\(low.fieldText)" data-high="\(high.fieldText)" \
        data-scale="\(isLogarithmic ? "log" : "linear")"/>
        """
    case .flag:
      return select(attributes, [("", "unknown"), ("1", "yes"), ("0", "no")], value: value, kind: "number")
    case .levels(let levels):
      return select(attributes, [("", "unknown")] + levels.map { ($0, $0) }, value: value, kind: "text")
    }
  }

  private func select(_ attributes: HTML, _ options: [(value: String, text: String)], value: String, kind: String)
    -> HTML
  {
    let entries = options.map { option -> HTML in
      """
      <option value="\(option.value)"\(option.value == value ? " selected=\"\"" : HTML.none)>\(option.text)</option>
      """
    }
    return "<select\(attributes) data-kind=\"\(kind)\">\(entries)</select>"
  }
}
