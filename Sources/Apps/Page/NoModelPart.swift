/// What to do where there is no model yet.
internal struct NoModelPart {
  internal let content: PageContent

  internal var html: HTML {
    """
    <div class="wrap hero">
    <h1>There is no model yet</h1>
    <p>This server answers as soon as it has one. It takes a minute to make the first.</p>
    </div>
    <section class="first" aria-label="How to make a model"><div class="wrap"><div class="card stack">
    \(content.modelFault.map { alert("The model file cannot be used.", "<code>\(content.modelPath)</code>: \($0)") })
    <ol class="steps">
    <li><p><strong>Get data.</strong> Repositories from GitHub (<a href="https://github.com/settings/tokens" \
    rel="noreferrer">a token</a> without any permission is enough), or leave <code>--data</code> out in the next step for a \
    made-up sample.</p>
    <pre tabindex="0"><code>learners extract --token-file github-token.json</code></pre></li>
    <li><p><strong>Fit.</strong> Cross-validates all models and keeps the best; the out-of-fold file is for the charts of \
    this page.</p>
    <pre tabindex="0"><code>learners fit --data data/repositories.sqlite --out models --oof models/oof.csv</code></pre></li>
    <li><p><strong>Reload this page.</strong> The server sees by itself when the file <code>\(content.modelPath)</code> is \
    there, seen from where it was started, and when it changes. For another file, start it with:</p>
    <pre tabindex="0"><code>learners serve --model FILE</code></pre></li>
    </ol>
    </div></div></section>
    """
  }
}
