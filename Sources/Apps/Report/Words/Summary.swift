internal import Glibc
internal import Page

/// What a reader wants to know first, in a few sentences.
package struct Summary {
  let words: Wording

  package init(words: Wording) { self.words = words }

  private var report: Report { words.report }

  package struct Point {
    package let question: String
    package let answer: String
  }

  package var points: [Point] {
    [
      Point(question: "Which model?", answer: model), Point(question: "How good is it?", answer: goodness),
      Point(question: "How sure is that?", answer: sureness),
      ranges.map { Point(question: "How far off can one prediction be?", answer: $0) },
      Point(question: "Would more rows help?", answer: learning),
      features.map { Point(question: "What does it look at?", answer: $0) },
    ].compactMap(\.self)
  }

  // MARK: The model

  private var model: String {
    let best = words.best
    let parts = report.blend.map { blend in
      " (" + blend.members.map { "\($0.name) \(words.percent($0.weight))" }.joined(separator: ", ") + ")"
    }
    let name = "\(best.name)\(best.name == "blend" ? parts ?? "" : "")"
    let others = report.models.count - 1
    if isOfNoUse {
      return
        "None: nothing that was tried is better than always saying the mean. The columns tell nothing of \(words.noun), or too "
        + "few rows do; what follows is of \(name)."
    }
    let first =
      others == 0
      ? "\(name), the only model here."
      : "Use \(name): the best of \(report.models.count) models by \(words.figureName)."
    return [first, smaller].compactMap(\.self).joined(separator: " ")
  }

  private var isOfNoUse: Bool {
    report.rankedBy == "r2_transformed" && (words.best.name == "mean" || (words.best.figure ?? 0) <= 0)
  }

  /// A model that is much smaller and cannot be told from the best.
  private var smaller: String? {
    let best = words.best
    let found = report.models.dropFirst().filter { model in
      model.name != "mean" && 4 * model.bytes <= best.bytes && (model.bestAgainstIt?.chance ?? 1) < 0.95
    }.min { $0.bytes < $1.bytes }
    return found.map {
      "Where size matters: \($0.name), \(words.size($0.bytes)) instead of \(words.size(best.bytes)), cannot be told from it "
        + "with certainty (probability that it is worse: \(words.chance($0.bestAgainstIt?.chance)))."
    }
  }

  private var goodness: String {
    var text = ""
    if let known = report.outOfFold {
      text =
        known.isLogarithmic
        ? "For rows that it had not seen, half of its predictions were within a factor of "
          + "\(known.typicalFactor.decimals(2)) of the truth, and \(words.percent(known.shareWithin(factor: 2))) within a factor of two. "
        : "For rows that it had not seen, half of its predictions were off by less than "
          + "\(words.numbers.errorText(known.typicalError)); \(words.noun) goes from \(words.numbers.exactText(report.data.target.least)) "
          + "to \(words.numbers.exactText(report.data.target.most)). "
    }
    let figure = words.figure(words.best.figure)
    guard report.rankedBy == "r2_transformed" else { return text + "Its \(words.figureName) is \(figure)." }
    let share = words.percent(max(0, words.best.figure ?? 0))
    return text
      + "It explains \(share) of what makes rows differ (\(words.figureName): \(figure); 1 is perfect, 0 is no better than always "
      + "saying the mean)."
  }

  private var sureness: String {
    let estimate = words.best.estimate
    // R² has an end that the interval of few folds does not know.
    let isUnbounded = report.rankedBy == "r2_transformed" && (estimate?.high ?? 0) >= 1
    let interval =
      estimate?.low == nil
      ? "One fold tells nothing of how sure that is."
      : isUnbounded
        ? "\(words.figureName) is above \(words.figure(estimate?.low)) with 97.5 % confidence: so few folds tell no more."
        : "\(words.figureName) lies between \(words.figure(estimate?.low)) and \(words.figure(estimate?.high)) with 95 % confidence."
    return [interval.capitalizedFirst, lead].compactMap(\.self).joined(separator: " ")
  }

  private var lead: String? {
    guard let pair = words.best.againstNext, let chance = pair.chance else { return nil }
    let gap = "\(words.figure(pair.difference.mean)) (\(words.range(pair.difference) { words.figure($0) }))"
    let sure = "the probability is \(words.chance(chance)), the difference \(gap)"
    switch chance {
    case 0.95...: return "That it is better than \(pair.other), the next, is nearly certain: \(sure)."
    case 0.8...: return "It is probably better than \(pair.other), the next: \(sure)."
    default: return "Whether it is better than \(pair.other), the next, cannot be told from these rows: \(sure)."
    }
  }

  private var ranges: String? {
    guard let level = report.ranges?.levels.last(where: { $0.level <= 0.9 }) else { return nil }
    let width =
      level.medianFactor.map { "usually goes up to \($0.decimals($0 < 9.95 ? 1 : 0)) times its lower end" }
      ?? "is usually \(words.numbers.errorText(level.medianWidth)) wide"
    return
      "The \(words.percent(level.level)) range of a prediction \(width). Tried on rows that it was not made of, it held "
      + "\(words.percent(level.coverage, 1)) of the true values: \(RangeVerdict(level, words).text)."
  }

  private var features: String? {
    let used = report.studied.importance.filter { ($0.lost.low ?? $0.lost.mean) > 0 }
    guard let first = used.first else { return nil }
    let rest = used.dropFirst().prefix(2).map(\.feature)
    let others = rest.isEmpty ? "" : ", then \(words.list(Array(rest)))"
    let none = report.studied.importance.count - used.count
    let idle =
      none > 0 ? " Of \(none.counted("column")) it cannot be shown that \(none == 1 ? "it helps" : "they help")." : ""
    return
      "Most at \(first.feature): without it, \(report.studied.name) loses \(first.lost.mean.decimals(2)) of R²\(others).\(idle)"
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
