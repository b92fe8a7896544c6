/// Repositories in, ranked bars out.
internal struct RankPart {
  internal let content: PageContent
  internal let model: PageModel

  internal static let mostRepositories = 5

  internal var html: HTML {
    """
    <section id="rank" class="first" aria-labelledby="rank-title"><div class="wrap">
    <h2 id="rank-title" class="visually-hidden">Rank repositories</h2>
    <div class="columns form-left">
    \(form)
    <div class="card" id="rank-result" tabindex="-1" aria-live="polite" aria-labelledby="rank-title">
    \(result)
    </div>
    </div>
    </div></section>
    """
  }

  private var form: HTML {
    let invalid: HTML = problems.isEmpty ? "" : " aria-invalid=\"true\""
    return """
      <form class="card stack" id="rank-form" action="rank#rank" method="get">
      \(hiddenModel(model))
      <div class="field">
      <label for="repositories">GitHub repositories</label>
      <textarea id="repositories" name="repositories" rows="6" required="" maxlength="1000" spellcheck="false" \
      autocapitalize="off" autocomplete="off" placeholder="owner/name" \
      aria-describedby="repositories-hint\(problems.isEmpty ? "" : " repositories-problem")"\(invalid)>\
      \(content.ranking?.asked ?? "")</textarea>
      \(problems.isEmpty ? HTML.none : "<ul class=\"problem plain\" id=\"repositories-problem\">\(problems)</ul>")
      <p class="hint" id="repositories-hint">One to five, one on each line: <span class="nowrap">owner/name</span>, or \
      the address of its page on GitHub.</p>
      </div>
      <div class="actions"><button>Rank by predicted stars</button></div>
      \(access)
      </form>
      """
  }

  /// What of the input cannot be asked for at all.
  private var problems: [HTML] {
    (content.ranking?.failures ?? []).compactMap { failure in
      switch failure.reason {
      case .notAName: "<li>“\(failure.text.shortened)” is not owner/name.</li>"
      case .tooMany: "<li>“\(failure.text.shortened)” is one too many: five at a time.</li>"
      default: nil
      }
    }
  }

  /// What GitHub allows.
  private var access: HTML {
    let github = content.github
    let left: HTML =
      if let remaining = github.remaining, let limit = github.limit {
        "\(remaining.groupedText) of \(limit.groupedText) requests left\(github.reset.map { " until \(time($0))" }). "
      } else {
        ""
      }
    guard !github.hasToken else { return "<p class=\"hint\">GitHub: \(left)</p>" }
    return """
      <p class="hint" id="no-token">No GitHub token: GitHub then answers 60 requests an hour. \(left)A token raises that to \
      5,000: <code>learners serve --token-file github-token.json</code></p>
      """
  }

  private var result: HTML {
    guard let ranking = content.ranking else { return content.github.isExhausted ? "\(limitAlert)\(empty)" : empty }
    let failures = self.failures(ranking)
    guard !ranking.repositories.isEmpty else {
      return failures.isEmpty ? empty : "<div class=\"stack\">\(failures)</div>"
    }
    return "<div class=\"stack\">\(failures)\(RankChart(ranking: ranking, model: model).html)</div>"
  }

  private var empty: HTML {
    """
    <div class="empty">
    <svg viewBox="0 0 220 84" aria-hidden="true">
    <rect class="usual" x="0" y="6" width="190" height="16" rx="4"/><rect class="usual" x="0" y="34" width="132" height="16" rx="4"/>\
    <rect class="usual" x="0" y="62" width="84" height="16" rx="4"/>
    <path class="truth" transform="translate(161 2)" d="\(starPath)"/><path class="truth" transform="translate(142 30)" d="\(starPath)"/>\
    <path class="truth" transform="translate(64 58)" d="\(starPath)"/>
    </svg>
    <p>The ranking appears here: a bar for the predicted stars, a star for the true number.</p>
    </div>
    """
  }

  private var limitAlert: HTML { alert("GitHub’s limit is reached.", limitText(content.github.reset)) }

  private func limitText(_ reset: String?) -> HTML {
    let when: HTML = reset.map { "GitHub answers again at \(time($0))." } ?? "GitHub answers again in some minutes."
    let advice: HTML =
      content.github.hasToken ? "" : " With a token it answers 5,000 requests an hour in place of 60."
    return "\(when)\(advice) Predictions by hand and for tables need no GitHub."
  }

  /// One message for each reason, with the repositories that it is about.
  private func failures(_ ranking: Ranking) -> [HTML] {
    var order: [RankFailure.Reason] = []
    var names: [RankFailure.Reason: [String]] = [:]
    for failure in ranking.failures where failure.reason != .notAName && failure.reason != .tooMany {
      if names[failure.reason] == nil { order.append(failure.reason) }
      names[failure.reason, default: []].append(failure.text)
    }
    return order.map { message(for: $0, about: names[$0] ?? []) }
  }

  private func message(for reason: RankFailure.Reason, about names: [String]) -> HTML {
    let codes = names.enumerated().map { index, name -> HTML in
      "\(index == 0 ? "" : ", ")<code>\(name.shortened)</code>"
    }
    switch reason {
    case .notAName, .tooMany: return .none
    case .unknown:
      return alert("GitHub knows no public repository", "\(codes). Check the spelling; a private one cannot be seen.")
    case .blocked: return alert("Not shown for legal reasons:", "\(codes).")
    case .cannotBePredicted:
      return alert("No prediction", "for \(codes): GitHub tells nothing of what this model needs.")
    case .limited(let until):
      return alert("GitHub’s limit is reached.", "Not asked: \(codes). \(limitText(until))")
    case .offline:
      return alert(
        "GitHub cannot be reached.",
        "Not asked: \(codes). Check the server’s connection and try again. Predictions by hand and for tables go on.")
    case .tokenRefused:
      return alert(
        "GitHub does not accept the token.",
        "Not asked: \(codes). The operator of this server has to make a new one (<code>--token-file</code>).")
    case .busy: return alert("Too many ask at the same time.", "Not asked: \(codes). Try again in some seconds.")
    case .refused(let says): return alert("GitHub refuses", "\(codes): \(says.shortened)")
    }
  }
}

/// A message about something that went wrong, and what to do.
internal func alert(_ what: String, _ more: HTML) -> HTML {
  "<div class=\"alert\" role=\"status\"><p><strong>\(what)</strong> \(more)</p></div>"
}

/// The model that a form is about, where it is not the only one.
internal func hiddenModel(_ model: PageModel) -> HTML? {
  model.allNames.count > 1 ? "<input type=\"hidden\" name=\"model\" value=\"\(model.name)\"/>" : nil
}

/// A moment such as "2026-11-23T14:32:10Z": the time in UTC, which the script turns into the reader's.
internal func time(_ moment: String) -> HTML {
  "<time datetime=\"\(moment)\">\(String(moment.dropFirst(11).prefix(5))) UTC</time>"
}

extension String {
  /// For a message.
  internal var shortened: String { count > 80 ? prefix(80) + "…" : self }
}

/// For a query or a path.
internal func percentEncoded(_ text: String) -> String {
  var encoded = ""
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      encoded.unicodeScalars.append(Unicode.Scalar(byte))
    default: encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }
  }
  return encoded
}
