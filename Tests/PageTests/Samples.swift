import Page

/// Values that pages are drawn of.
enum Samples {
  /// What somebody may call a repository, a column, a level or a file.
  static let hostile = "\"><script>alert(1)</script>'&amp;\u{202E}\u{7}</textarea>javascript:"

  static func model(outOfFold: Bool = true, leaderboard: Bool = true, name: String = "best") -> PageModel {
    var model = PageModel(
      name: name, learner: "boosting", target: "stars", isLogarithmic: true, ranksRepositories: true,
      features: [
        PageFeature(
          name: "forks", kind: .number(from: 0, to: 100_000, isLogarithmic: true), unit: "forks", meaning: "copies",
          example: "48"),
        PageFeature(name: "archived", kind: .flag, meaning: "read-only", example: "0"),
        PageFeature(name: "language", kind: .levels(["C", "Swift"]), example: "Swift"),
      ],
      provenance: .init(rows: 1_234, dataSHA256: String(repeating: "ab", count: 32), seed: "0", programVersion: "0.1.0")
    )
    model.features[0].importance = 0.75
    model.features[1].importance = 0.25
    model.provenance.written = "2026-11-23T10:00:00Z"
    if outOfFold { model.outOfFold = self.outOfFold }
    if leaderboard {
      model.leaderboard = Leaderboard(folds: 5, isOfSameData: true, rows: [row("boosting", 0.88), row("mean", -0.001)])
    }
    return model
  }

  static func row(_ learner: String, _ r2: Double) -> ScoreRow {
    ScoreRow(
      learner: learner, r2: r2, r2Deviation: 0.004, meanAbsoluteError: 540, medianAbsoluteError: 88, spearman: 0.9)
  }

  /// Predictions from 1 to 10,000, true numbers from a half to the double of them.
  static let outOfFold = OutOfFold(
    predicted: (1...2_000).map { Double($0 * 5) }, actual: (1...2_000).map { Double($0 * 5) * [0.5, 1, 2][$0 % 3] })

  static func ranking() -> Ranking {
    var ranking = Ranking(asked: "a/first\nb/second")
    ranking.repositories = [
      RankedRepository(name: "a/first", predicted: 12_345, stars: 14_020),
      RankedRepository(name: "b/second", predicted: 87, stars: nil),
    ]
    ranking.repositories[1].missing = ["commits"]
    ranking.repositories[1].rememberedSince = "2026-11-23T09:30:00Z"
    return ranking
  }

  static let reasons: [RankFailure.Reason] = [
    .notAName, .tooMany, .unknown, .blocked, .cannotBePredicted, .limited(until: "2026-11-23T14:32:10Z"),
    .limited(until: nil), .offline, .tokenRefused, .busy, .refused("no"),
  ]

  /// Every state by name.
  static var states: [(name: String, content: PageContent)] {
    let plain = PageContent(card: ModelCard(model()), version: "0.1.0")
    func with(_ change: (inout PageContent) -> Void) -> PageContent {
      var content = plain
      change(&content)
      return content
    }
    var failing = ranking()
    failing.failures = reasons.map { RankFailure("x/y", $0) }
    var broken = PageContent(card: nil, version: "0.1.0")
    broken.modelFault = "it is no model to be trusted"
    var hand = HandPrediction(values: ["forks": "many"])
    hand.problems = ["forks": "This is not a number."]
    var answered = HandPrediction(values: ["forks": "12"])
    answered.predicted = 321
    answered.interval = PredictedInterval(low: 100, high: 900, share: 0.8)
    var faulty = model(leaderboard: false)
    faulty.leaderboardIsBroken = true
    return [
      ("empty", plain),
      ("bare", PageContent(card: ModelCard(model(outOfFold: false, leaderboard: false)), version: "1")),
      ("broken leaderboard", PageContent(card: ModelCard(faulty), version: "1")),
      ("no model", PageContent(card: nil, version: "0.1.0")), ("broken model", broken),
      ("ranked", with { $0.ranking = ranking() }), ("failed", with { $0.ranking = failing }),
      (
        "limit",
        with {
          $0.github.remaining = 0
          $0.github.limit = 60
          $0.github.reset = "2026-11-23T14:32:10Z"
        }
      ),
      ("token", with { $0.github.hasToken = true }),
      ("hand", with { $0.hand = answered }), ("hand with a problem", with { $0.hand = hand }),
      ("table", with { $0.table = table() }), ("table with a problem", with { $0.table = brokenTable() }),
    ]
  }

  static func table(rows: Int = 30) -> TablePrediction {
    var table = TablePrediction(fileName: "a.csv")
    table.predicted = (0..<rows).map { Double($0) * 3 }
    table.actual = (0..<rows).map { $0 == 0 ? .nan : Double($0) * 4 }
    table.columns = [("Repository", (0..<rows).map { "x/r\($0)" })]
    table.notes = ["days are counted to yesterday"]
    return table
  }

  static func brokenTable() -> TablePrediction {
    var table = TablePrediction(fileName: "b.csv")
    table.problem = "there are no rows"
    return table
  }
}
