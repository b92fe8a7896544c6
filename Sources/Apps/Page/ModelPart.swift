/// A model with its part of the page, which is drawn once: it takes some milliseconds and never changes.
public struct ModelCard: Sendable {
  public let model: PageModel
  internal let html: HTML

  public init(_ model: PageModel) {
    self.model = model
    html = ModelPart(model: model).html
  }
}

/// What the model is, how good it is, what it looks at, where it comes from, and where it ends.
internal struct ModelPart {
  internal let model: PageModel

  internal var html: HTML {
    """
    <section id="model" aria-labelledby="model-title"><div class="wrap">
    <h2 id="model-title">The model</h2>
    <p class="intro">\(summary)</p>
    <div class="columns wide-left">
    <div class="stack wide">
    <div class="card stack"><h3>Models compared</h3>\(LeaderboardChart(model: model).html)</div>
    <div class="card stack"><h3>Predicted against true</h3>\(scatter)</div>
    </div>
    <div class="stack wide">
    <div class="card stack"><h3>What it looks at</h3>\(ImportanceChart(model: model).html)</div>
    <div class="card stack"><h3>Data and date</h3>\(facts)</div>
    <div class="card stack"><h3>Limits</h3><ul class="limits">\(limits)</ul></div>
    </div>
    </div>
    </div></section>
    """
  }

  private var summary: String {
    var text = "A \(model.learner) model with \(model.features.count.counted("feature")). "
    if let outOfFold = model.outOfFold, !outOfFold.isLogarithmic {
      text +=
        "On rows that it had not seen, half of its predictions were off by less than "
        + "\(model.numbers.errorText(outOfFold.typicalError))."
    } else if let outOfFold = model.outOfFold {
      text +=
        "On rows that it had not seen, half of its predictions were within a factor of \(outOfFold.typicalFactor.decimals(2)) "
        + "of the true number, and \((outOfFold.shareWithin(factor: 2) * 100).decimals(0)) % within a factor of two."
    } else if let scores = model.scores, scores.medianAbsoluteError.isFinite {
      text +=
        "On rows that it had not seen, half of its predictions were off by less than "
        + "\(model.numbers.errorText(scores.medianAbsoluteError))\(model.isStars ? " stars" : "")."
    }
    return text
  }

  private var scatter: HTML {
    guard let outOfFold = model.outOfFold else {
      return """
        <p class="muted">This chart needs the predictions for rows left out. Write them beside the model file:</p>
        <pre tabindex="0"><code>learners fit … --out models --oof models/oof.csv</code></pre>
        """
    }
    return ScatterChart(outOfFold, of: model.targetNoun, numbers: model.numbers, isStars: model.isStars).html
  }

  private var facts: HTML {
    let provenance = model.provenance
    let written: HTML? = provenance.written.map { "<dt>Model file</dt><dd>of \(String($0.prefix(10)))</dd>" }
    let range: HTML? = (model.outOfFold?.actualRange).map { range in
      """
      <dt>True \(model.targetNoun)</dt><dd>\(model.numbers.exactText(range.lowest)) to \
      \(model.numbers.exactText(range.highest)), median \(model.numbers.exactText(range.median))</dd>
      """
    }
    let file: HTML? = provenance.modelSHA256.map { "<dt>SHA-256 of the model</dt><dd><code>\($0)</code></dd>" }
    return """
      <dl class="facts">
      <dt>Learned from</dt><dd>\(provenance.rows.counted("row")), \(model.features.count.counted("feature"))</dd>
      \(range)
      <dt>Predicts</dt><dd><code>\(model.target)</code>\(model.isLogarithmic ? ", fitted on \(model.scaleText)" : "")\(statistic)</dd>
      \(written)
      <dt>Made by</dt><dd>learners \(provenance.programVersion), seed \(provenance.seed)</dd>
      </dl>
      <details><summary>Checksums</summary><dl class="facts">
      <dt>SHA-256 of the data</dt><dd><code>\(provenance.dataSHA256)</code></dd>\(file)</dl></details>
      """
  }

  /// What the number is, where it is not the mean.
  private var statistic: String {
    switch model.predicts {
    case "mean": ""
    case "median": ": the median, which half of such rows are above; the mean is higher where a few are very large"
    default: ": the \(model.predicts)"
    }
  }

  private var limits: [HTML] {
    var limits: [HTML] = []
    if let range = model.outOfFold?.actualRange {
      let (lowest, highest) = (model.numbers.exactText(range.lowest), model.numbers.exactText(range.highest))
      let what: HTML =
        model.isStars
        ? "It learned from \(lowest) to \(highest) stars."
        : "In the rows that it learned from, \(model.targetNoun) goes from \(lowest) to \(highest)."
      limits.append(
        "<li>\(what) What is beyond that, or of another kind than its data, it can only guess.</li>")
    }
    if model.isStars {
      limits += [
        """
        <li>Forks and watchers come with stars, not before them: the model says how many stars are usual for a repository \
        like this, not what would bring more.</li>
        """,
        "<li>Stars were counted when the data was collected. Tastes change; fit again from time to time.</li>",
        "<li>Bought stars are stars to the model. A number far above the usual range is a reason to look, not a proof.</li>",
      ]
    }
    limits.append(
      """
      <li>A missing value is allowed and makes the prediction less certain; the usual range does not know that.</li>
      """)
    return limits
  }
}
