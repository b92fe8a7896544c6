/// How much each feature matters to the model.
internal struct ImportanceChart {
  internal let model: PageModel

  private static let shown = 10

  internal var html: HTML {
    let ranked = model.features.filter { ($0.importance ?? 0) > 0 }.sorted {
      ($0.importance ?? 0) > ($1.importance ?? 0)
    }
    guard let largest = ranked.first?.importance else {
      return """
        <p class="muted">A model of this kind (\(model.learner)) does not say which features matter.</p>
        """
    }
    let rest = ranked.count - Self.shown
    let more: HTML? =
      rest > 0
      ? "<p class=\"hint\">and \(rest) more, \(share(ranked.dropFirst(Self.shown).reduce(0) { $0 + ($1.importance ?? 0) })) together</p>"
      : nil
    return """
      <table class="importance"><caption>Share in what lowers the error while the model is fitted. It is no cause and has no direction.</caption>
      <thead><tr><th scope="col">Feature</th><td class="plot" aria-hidden="true"></td><th scope="col" class="number">Share</th></tr></thead>
      <tbody>\(ranked.prefix(Self.shown).map { row($0, largest: largest) })</tbody></table>\(more)
      """
  }

  private func row(_ feature: PageFeature, largest: Double) -> HTML {
    let importance = feature.importance ?? 0
    return """
      <tr><th scope="row">\(model.title(of: feature))</th><td class="plot" aria-hidden="true"><svg class="row" focusable="false">\
      <rect class="predicted-bar" x="0" y="5" width="\((importance / largest).percent)" height="10" rx="2"/></svg></td>\
      <td class="number">\(share(importance))</td></tr>

      """
  }

  private func share(_ importance: Double) -> String { (importance * 100).decimals(importance < 0.1 ? 1 : 0) + " %" }
}
