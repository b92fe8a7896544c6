import Learners

/// The leaderboard as a text table with a bar for R².
struct LeaderboardTable {
  private let entries: [FitResult.Entry]
  private let isLogarithmic: Bool
  private let ranking: RankingFigure

  init(_ entries: [FitResult.Entry], isLogarithmic: Bool, ranking: RankingFigure) {
    self.entries = entries
    self.ranking = ranking
    self.isLogarithmic = isLogarithmic
  }

  func lines(width: Int) -> [String] {
    var columns = [
      TextTable.Column(title: "model", cells: entries.map(\.entry.candidate.name), isRightAligned: false),
      column(isLogarithmic ? "R² (log)" : "R²") {
        "\($0.r2Transformed.fixed(4)) ± \($0.r2TransformedDeviation.fixed(4))"
      },
      TextTable.Column(
        title: "", cells: entries.map { Self.bar($0.entry.scores.r2Transformed) }, isRightAligned: false, sacrifice: 5),
    ]
    if isLogarithmic { columns.append(column("R²", sacrifice: 2) { $0.r2.fixed(4) }) }
    columns += lossColumns
    columns += [
      column("RMSE", sacrifice: 1) { $0.rmse.significant(4) },
      column("MAE", sacrifice: 1) { $0.mae.significant(4) },
      column("Spearman", sacrifice: 3) { $0.spearman.fixed(4) },
      durations("fit s", sacrifice: 4, \.fitDurations),
      durations("predict s", sacrifice: 6, \.predictDurations),
    ]
    return TextTable(columns: columns).lines(width: width)
  }

  /// What models of quantiles and of deviances are ranked by.
  private var lossColumns: [TextTable.Column] {
    switch ranking {
    case .r2, .meanAbsoluteError: []
    case .deviance: [column("deviance") { ($0.deviance ?? .nan).significant(5) }]
    case .pinball(let levels):
      [
        column(levels.count == 1 ? "pinball \(levels[0])" : "pinball") {
          ($0.quantiles?.meanPinball ?? .nan).significant(4)
        }
      ]
        + (levels.count > 4
          ? []
          : levels.indices.map { level in
            column(levels.count == 1 ? "coverage" : "≤ q\(levels[level])") {
              ($0.quantiles.map { $0[level].coverage } ?? .nan).fixed(3)
            }
          })
    }
  }

  private func column(_ title: String, sacrifice: Int = 0, _ text: (Scores) -> String) -> TextTable.Column {
    TextTable.Column(title: title, cells: entries.map { text($0.entry.scores) }, sacrifice: sacrifice)
  }

  private func durations(
    _ title: String, sacrifice: Int, _ path: KeyPath<Experiment.Entry, [Duration]>
  ) -> TextTable.Column {
    let cells = entries.map { $0.entry[keyPath: path].meanSeconds.significant(3) }
    return TextTable.Column(title: title, cells: cells, sacrifice: sacrifice)
  }

  /// A bar of 20 characters for R² between 0 and 1, drawn in eighths.
  static func bar(_ r2: Double) -> String {
    let eighths = r2.isFinite ? Int((min(max(r2, 0), 1) * 160).rounded()) : 0
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + partial
  }
}

extension [Duration] {
  /// Mean over folds; 0 for none.
  var meanSeconds: Double { isEmpty ? 0 : reduce(0) { $0 + $1.seconds } / Double(count) }
}
