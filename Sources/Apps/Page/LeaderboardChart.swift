/// Scores of all models that were compared, with a whisker for how much they vary between folds.
internal struct LeaderboardChart {
  private let model: PageModel
  private let scale: WhiskerScale

  internal init(model: PageModel) {
    self.model = model
    // The baseline that always says the mean has an R² near 0: with it, all others would be in one place.
    let shown = (model.leaderboard?.rows ?? []).filter { $0.r2.isFinite && $0.r2 > 0.05 }
    let lowest = shown.map { $0.r2 - $0.whisker }.min() ?? 0
    let highest = shown.map { $0.r2 + $0.whisker }.max() ?? 1
    let step = highest - lowest > 0.25 ? 0.1 : 0.05
    let low = max(0, (lowest / step).rounded(.down) * step)
    scale = WhiskerScale(from: low, to: max(low + step, (highest / step).rounded(.up) * step))
  }

  internal var html: HTML {
    guard let leaderboard = model.leaderboard, !leaderboard.rows.isEmpty else { return missing }
    let figure = model.isLogarithmic ? " of \(model.scaleText)" : ""
    let warning: HTML? =
      leaderboard.isOfSameData
      ? nil : alert("Another job.", "This leaderboard is about other data than the served model was fitted on.")
    return """
      \(warning)
      <div class="scroll" tabindex="0" role="region" aria-label="Models compared">
      <table class="board"><caption>R²\(figure) on rows left out, \(leaderboard.folds) folds; ± and whisker: standard deviation between folds. \
      1 is perfect, 0 is no better than the mean. The median error is in units of \(model.targetNoun).</caption>
      <thead><tr><th scope="col">Model</th><th scope="col" class="number">R²</th>\
      <td class="plot" aria-hidden="true">\(scale.axis)</td>\
      <th scope="col" class="number">Median error</th><th scope="col" class="number">Rank corre\u{AD}lation</th></tr></thead>
      <tbody>\(leaderboard.rows.map(row))</tbody></table></div>
      """
  }

  private var missing: HTML {
    let own: HTML? = model.scores.map {
      "<p>R² \($0.r2.decimals(3)) ± \($0.r2Deviation.decimals(3)) in cross-validation, says the model file.</p>"
    }
    if model.leaderboardIsBroken {
      let fault = alert(
        "The leaderboard cannot be read.",
        """
        The file <code>leaderboard.json</code> beside the model is broken: the server’s log says why. \
        <code>learners fit --model all</code> writes another one.
        """)
      return "\(fault)\(own)"
    }
    return """
      \(own)<p class="muted">There is no <code>leaderboard.json</code> beside the model file. <code>learners fit --model all</code> \
      writes one.</p>
      """
  }

  private func row(_ row: ScoreRow) -> HTML {
    let isServed = row.learner == model.learner
    let tag: HTML = isServed ? "<span class=\"tag\">served</span>" : ""
    return """
      <tr\(isServed ? " class=\"served\"" : HTML.none)><th scope="row">\(row.learner)\(tag)</th>\
      <td class="number">\(row.r2.decimals(3)) <span class="muted">± \(row.r2Deviation.decimals(3))</span></td>\
      <td class="plot" aria-hidden="true">\(scale.mark(row.r2, from: row.r2 - row.whisker, to: row.r2 + row.whisker))</td>\
      <td class="number">\(model.numbers.errorText(row.medianAbsoluteError))</td><td class="number">\(row.spearman.decimals(3))</td></tr>

      """
  }
}

extension ScoreRow {
  /// Half its length; none where the deviation is not defined.
  fileprivate var whisker: Double { r2Deviation.isFinite ? r2Deviation : 0 }
}
