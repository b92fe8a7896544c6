/// Bars of predicted stars on a logarithmic scale, each with what is usual for such a prediction and the true number.
///
/// It is an ordered list that says everything in words; the bars are hidden from screen readers.
internal struct RankChart {
  private let ranking: Ranking
  private let model: PageModel
  private let scale: LogScale

  internal init(ranking: Ranking, model: PageModel) {
    self.ranking = ranking
    self.model = model
    let ends = ranking.repositories.flatMap { repository -> [Double] in
      let highest = Self.band(repository, model)?.upperBound
      return [repository.predicted, repository.stars ?? 0, highest ?? 0]
    }
    scale = LogScale(to: max(100, (ends.max() ?? 0) * 1.3))
  }

  /// Where eight of ten like it are, or of those with such a prediction.
  private static func band(_ repository: RankedRepository, _ model: PageModel) -> ClosedRange<Double>? {
    model.rangeShare == nil ? model.usualRange(of: repository.predicted) : repository.interval?.range
  }

  internal var html: HTML {
    """
    <ol class="ranking">
    \(ranking.repositories.enumerated().map(item))
    </ol>
    <div class="axis-row" aria-hidden="true">\(axis)<p>stars; each step is ten times as many</p></div>
    \(legend)
    """
  }

  private func item(place: Int, _ repository: RankedRepository) -> HTML {
    """
    <li>
    <span class="place">\(place + 1)</span>
    <span class="who"><a href="https://github.com/\(repository.name)" rel="noreferrer">\(repository.name)</a></span>
    <span class="predicted"><b>\(repository.predicted.predictedText)</b> predicted</span>
    \(bar(repository))
    <span class="detail"><span>\(truth(repository))</span><span>\(usual(repository))</span></span>
    \(repository.interval.map { "<span class=\"detail\"><span>\($0.html(model.numbers))</span></span>" } ?? HTML.none)
    \(remarks(repository))
    </li>

    """
  }

  private func truth(_ repository: RankedRepository) -> HTML {
    guard let stars = repository.stars else { return "true number unknown" }
    return """
      <span class="true-stars">\(stars.groupedText) true</span>, \(comparison(of: stars, with: repository.predicted))
      """
  }

  private func usual(_ repository: RankedRepository) -> HTML {
    guard let range = model.usualRange(of: repository.predicted) else { return "" }
    return "usually \(range.lowerBound.predictedText) to \(range.upperBound.predictedText)"
  }

  private func remarks(_ repository: RankedRepository) -> HTML {
    var remarks: [HTML] = []
    if let since = repository.rememberedSince {
      remarks.append(
        "<span class=\"detail\"><span>As GitHub said at \(time(since)): it could not be asked again.</span></span>")
    }
    if !repository.missing.isEmpty {
      let names = repository.missing.joined(separator: ", ")
      remarks.append("<span class=\"detail\"><span>Predicted without \(names): GitHub does not tell.</span></span>")
    }
    return "\(remarks)"
  }

  private func bar(_ repository: RankedRepository) -> HTML {
    let band: HTML? = Self.band(repository, model).map { range in
      let (start, end) = (scale.position(range.lowerBound), scale.position(range.upperBound))
      return """
        <rect class="usual" x="\(start.percent)" y="4" width="\((end - start).percent)" height="20" rx="3"/>
        """
    }
    let truth: HTML? = repository.stars.map { stars in
      """
      <svg x="\(scale.position(stars).percent)" y="14" overflow="visible" width="1" height="1">\
      <path class="truth" transform="translate(-10.2 -10.2) scale(.85)" d="\(starPath)"/></svg>
      """
    }
    return """
      <svg class="bar" aria-hidden="true" focusable="false">\(gridLines(height: "28"))\(band)\
      <rect class="predicted-bar" x="0" y="9" width="\(scale.position(repository.predicted).percent)" height="10" rx="2"/>\
      \(truth)</svg>
      """
  }

  private func gridLines(height: String) -> [HTML] {
    scale.ticks.map { tick in
      let x = scale.position(tick).percent
      return "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"\(height)\"/>"
    }
  }

  private var axis: HTML {
    let labels = scale.ticks.map { tick -> HTML in
      let anchor = tick == 0 ? "start" : "middle"
      return "<text x=\"\(scale.position(tick).percent)\" y=\"14\" text-anchor=\"\(anchor)\">\(tick.axisText)</text>"
    }
    return "<svg class=\"axis\" aria-hidden=\"true\" focusable=\"false\">\(labels)</svg>"
  }

  private var legend: HTML {
    let usual: HTML =
      model.outOfFold == nil && model.rangeShare == nil
      ? ""
      : """
      <li><svg aria-hidden="true"><rect class="usual" y="1" width="26" height="14" rx="3"/></svg>where 8 of 10 \
      \(model.rangeShare == nil ? "with such a prediction" : "like it") are</li>
      """
    return """
      <ul class="legend">
      <li><svg aria-hidden="true"><rect class="predicted-bar" y="4" width="26" height="8" rx="2"/></svg>predicted stars</li>
      <li><svg aria-hidden="true"><path class="truth" transform="translate(3 -2) scale(.8)" d="\(starPath)"/></svg>true stars</li>
      \(usual)
      </ul>
      """
  }
}
