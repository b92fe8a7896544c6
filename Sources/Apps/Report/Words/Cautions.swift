internal import Page

/// What makes figures worth less than they seem, and what to do about it.
package struct Cautions {
  let words: Wording

  package init(words: Wording) { self.words = words }

  private var report: Report { words.report }

  package var all: [String] {
    let data = report.data
    var cautions = data.leaks.map(\.asSentence) + data.kin.map(\.asSentence)
    if data.knownRows > 0 {
      cautions.append(
        "\(data.knownRows.counted("row")) of \(data.rows.groupedText) \(data.knownRows == 1 ? "is" : "are") held out while an "
          + "exact copy is learned from: what is asked is known. Remove the duplicates, or keep them together.")
    }
    // The same, as the comparison has said it.
    cautions += data.warnings.filter { !$0.contains("exact duplicate") }.map(\.asSentence)
    cautions += report.leftOut.map { "\($0.name) is not there: \($0.reason).".asSentence }
    return cautions + biases + [ranges, fewFolds].compactMap(\.self)
  }

  /// Where predictions are too high or too low as a rule.
  private var biases: [String] {
    let parts = report.residuals.parts
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return [] }
    return [(first, "smallest"), (last, "largest")].compactMap { part, which in
      guard part.rows >= 20, abs(part.mean) > 0.3 * part.rmse else { return nil }
      let way = part.mean > 0 ? "too low" : "too high"
      return
        "The \(which) predictions are \(way) as a rule: in that tenth the truth is \(words.error(part.mean)) on average"
        + (report.scale.isLogarithmic ? " of what is predicted." : ".")
    }
  }

  private var ranges: String? {
    guard let level = report.ranges?.levels.last(where: { $0.level <= 0.9 }) else { return nil }
    let verdict = RangeVerdict(level, words)
    guard !verdict.isFine, abs(level.coverage - level.level) >= 0.02 else { return nil }
    return "Ranges of \(words.percent(level.level)) hold \(words.percent(level.coverage, 1)): \(verdict.text)."
  }

  private var fewFolds: String? {
    report.folds.kind == .time
      ? "Folds in time learn from more and more rows: the corrected intervals were made for folds of equal size and are rough here."
      : nil
  }
}

extension String {
  fileprivate var asSentence: String {
    let text = prefix(1).uppercased() + dropFirst()
    return text.hasSuffix(".") ? text : text + "."
  }
}
