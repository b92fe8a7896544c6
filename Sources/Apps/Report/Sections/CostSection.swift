internal import Page

extension Section {
  static func cost(_ words: Wording) -> Section {
    let models = words.report.models
    let isTimed = models.contains { $0.times != nil }
    let text =
      isTimed
      ? "Times are of the machine that made this report, with what models share divided among them; a blend takes what its members take."
      : "Without times, so that the same command gives the same bytes."
    let table = SectionTable(
      caption: "Time and size of each model",
      columns: [.init("Model", isNumber: false)]
        + (isTimed ? [.init("Fit, one fold"), .init("Predict 1,000 rows")] : [])
        + [.init("Model file"), .init("Predicts", isNumber: false), .init("Settings", isNumber: false, isLong: true)],
      rows: models.map { model in
        let times = [
          model.times.map { words.seconds($0.fitSeconds) } ?? "–",
          model.times.map { words.seconds($0.predictSecondsPerThousandRows) } ?? "–",
        ]
        let settings = model.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return [model.name] + (isTimed ? times : [])
          + [words.size(model.bytes), model.predicts, settings.isEmpty ? "defaults" : settings.joined(separator: ", ")]
      })
    return Section(name: "cost", title: "Time and size", blocks: [.text(text), .table(table)])
  }

  static func repetition(_ words: Wording) -> Section {
    let (origin, folds) = (words.report.origin, words.report.folds)
    let facts = SectionTable(
      caption: "What it was made of",
      columns: [.init("What", isNumber: false), .init("Which", isNumber: false, isLong: true)],
      rows: [
        ["Data", origin.source], ["SHA-256 of the data", origin.sha256], ["Seed", String(folds.seed)],
        [
          "Folds",
          "\(folds.count) of \(folds.kind.rawValue)\(folds.repeats > 1 ? ", dealt \(folds.repeats) times" : "")",
        ], ["Program", "learners \(origin.programVersion)"],
      ])
    return Section(
      name: "repeat", title: "How to repeat it",
      blocks: [
        .text(
          "The same command on the same data gives the same figures, on any number of threads; only times differ, and --no-times leaves them "
            + "out. learners fit with the same options writes the model files."
        ),
        .code(origin.command), .table(facts),
      ])
  }
}
