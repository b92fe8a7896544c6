internal import Page

extension Section {
  static func models(_ words: Wording) -> Section {
    let report = words.report
    var blocks: [Block] = [.table(board(words)), .text(boardText(words))]
    if report.models.count > 1 { blocks.append(.table(pairs(words))) }
    if let blend = report.blend { blocks += self.blend(blend, words) }
    return Section(name: "models", title: "Models compared", blocks: blocks)
  }

  private static func board(_ words: Wording) -> SectionTable {
    let models = words.report.models
    // The baseline that always says the mean would push all others into one place.
    let shown = models.filter { $0.name != "mean" || models.count == 1 }
    let scale = WhiskerScale(
      around: shown.flatMap { [$0.estimate?.mean, $0.estimate?.low, $0.estimate?.high].compactMap(\.self) })
    let marks = models.map { model -> HTML in
      let estimate = model.name == "mean" && models.count > 1 ? nil : model.estimate
      return scale.mark(estimate?.mean ?? .nan, from: estimate?.low ?? .nan, to: estimate?.high ?? .nan)
    }
    let rows = models.map { model in
      [
        model.name, words.figure(model.figure), words.figureRange(model.estimate),
        model.againstNext.map { words.chance($0.chance) } ?? "–", text(model.scores.rmse, words),
        text(model.scores.mae, words), text(model.scores.medianAbsoluteError, words),
        model.scores.spearman?.decimals(3) ?? "–",
      ]
    }
    return SectionTable(
      caption:
        "\(words.figureName) for rows left out, best first; RMSE, MAE and the median error are in units of \(words.noun).",
      columns: [
        .init("Model", isNumber: false), .init(words.shortFigureName), .init("95 % interval"),
        .init("P(better than the next)"), .init("RMSE"), .init("MAE"), .init("Median error"), .init("Rank correlation"),
      ], rows: rows, marks: .init(column: 2, axis: scale.axis, rows: marks), marked: (0, "best"))
  }

  private static func text(_ value: Double?, _ words: Wording) -> String {
    value.map { TargetNumbers(.digits(3)).text($0) } ?? "–"
  }

  private static func boardText(_ words: Wording) -> String {
    let folds = words.report.folds
    let all = folds.count * folds.repeats
    let times = folds.repeats > 1 ? " (\(folds.count), dealt \(folds.repeats) times)" : ""
    let bags = words.report.bags
    let ofBags =
      bags.isEmpty
      ? ""
      : " \(words.list(bags)): means of the models of the folds; figures are those of one of these each, and rather too low."
    let kind =
      switch folds.kind {
      case .rows: "folds of rows"
      case .groups: "folds of whole groups"
      case .time: "folds of later rows each"
      case .given: "given folds"
      }
    return
      "\(words.shortFigureName) is over all rows left out, as learners fit tells it; dot and interval are of the mean over "
      + "\(all) \(kind)\(times), with the correction of Nadeau and Bengio for training parts that overlap. The probabilities are of "
      + "paired differences over the same folds, with the same correction.\(ofBags)"
  }

  private static func pairs(_ words: Wording) -> SectionTable {
    let models = words.report.models
    let pairs = models.compactMap(\.bestAgainstIt)
    let digits = words.report.rankedBy == "r2_transformed" ? 4 : 6
    let text = { (value: Double) in
      digits == 4 ? value.decimals(4) : TargetNumbers(.digits(3)).text(value)
    }
    let scale = WhiskerScale(
      around: [0]
        + pairs.filter { $0.other != "mean" }.flatMap {
          [$0.difference.mean, $0.difference.low ?? 0, $0.difference.high ?? 0]
        })
    let marks = pairs.map { pair -> HTML in
      let isShown = pair.other != "mean" || pairs.count == 1
      let (low, high) = (pair.difference.low ?? .nan, pair.difference.high ?? .nan)
      return scale.mark(isShown ? pair.difference.mean : .nan, from: low, to: high, origin: 0)
    }
    return SectionTable(
      caption:
        "How much better \(words.best.name) is than each other model: difference of \(words.figureName), fold by fold.",
      columns: [
        .init("\(words.best.name) against", isNumber: false), .init("Difference"), .init("95 % interval"),
        .init("P(\(words.best.name) is better)"),
      ],
      rows: pairs.map { pair in
        [pair.other, text(pair.difference.mean), words.range(pair.difference, text), words.chance(pair.chance)]
      }, marks: .init(column: 2, axis: scale.axis, rows: marks))
  }

  private static func blend(_ blend: BlendFigures, _ words: Wording) -> [Block] {
    let gain = blend.gain.map { gain in
      let text = { (value: Double) in
        words.report.rankedBy == "r2_transformed" ? value.decimals(4) : TargetNumbers(.digits(3)).text(value)
      }
      return
        "Against \(gain.other), the best single model, the blend gains \(text(gain.difference.mean)) of \(words.figureName) "
        + "(95 %: \(words.range(gain.difference, text)); probability that it is better: \(words.chance(gain.chance))). It was "
        + "scored with weights that were chosen without the fold."
    }
    let scale = WhiskerScale(from: 0, to: 1, texts: ("0 %", "100 %"))
    let table = SectionTable(
      caption: "Weights of the blend", columns: [.init("Member", isNumber: false), .init("Weight")],
      rows: blend.members.map { [$0.name, words.percent($0.weight)] },
      marks: .init(
        column: 2, axis: scale.axis, rows: blend.members.map { scale.mark($0.weight, from: 0, to: $0.weight) }))
    return [.heading("The blend")] + (gain.map { [.text($0)] } ?? []) + [.table(table)]
  }
}
