internal import FoundationEssentials
internal import GRDB

/// Settings that were thought of, and how they did.
public struct StoredTrial: Sendable {
  public enum State: String, Sendable {
    /// Some folds are to be fitted.
    case open
    case done
    case failed
    /// It cannot win any more after some folds.
    case stopped
  }

  public let id: Int64
  public let learner: String
  /// JSON: the settings that differ from the defaults.
  public let settings: String
  public let strategy: String
  public let generation: Int
  /// Its place in the sequence of its learner.
  public let number: Int
  public let state: State
  public let reason: String?
  /// Nil before it is done.
  public let figures: TrialFigures?
  /// Seconds since 1970; nil before.
  public let finished: Double?

  package init(
    id: Int64, learner: String, settings: String, strategy: String, generation: Int, number: Int, state: State,
    figures: TrialFigures? = nil
  ) {
    self.id = id
    self.learner = learner
    self.settings = settings
    self.strategy = strategy
    self.generation = generation
    self.number = number
    self.state = state
    self.figures = figures
    (reason, finished) = (nil, nil)
  }
}

extension StoredTrial {
  fileprivate init(_ row: Row) {
    id = row["id"]
    learner = row["learner"]
    settings = row["settings"]
    strategy = row["strategy"]
    generation = row["generation"]
    number = row["number"]
    state = State(rawValue: row["state"]) ?? .open
    reason = row["reason"]
    let bytes: [UInt8]? = (row["figures"] as Data?).map { [UInt8]($0) }
    figures = bytes.flatMap { TrialFigures(bytes: $0) }
    finished = row["finished"]
  }
}

extension SearchStore {
  /// All trials in their order.
  public func trials() throws(SearchError) -> [StoredTrial] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM trials ORDER BY id").map { StoredTrial($0) }
    }
  }

  package func trial(_ id: Int64) throws(SearchError) -> StoredTrial? {
    try read { database in
      let sql = "SELECT * FROM trials WHERE id = ?"
      return try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [id]).map { StoredTrial($0) }
    }
  }

  public func trialCount() throws(SearchError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM trials") ?? 0 }
  }

  /// What the figures of a trial are ranked by.
  package func ranking(of trial: Int64) throws(SearchError) -> String? {
    try read { try String.fetchOne($0, sql: "SELECT ranking FROM trials WHERE id = ?", arguments: [trial]) }
  }

  package func set(_ figures: TrialFigures, of trial: Int64, ranking: String) throws(SearchError) {
    try write { database in
      try database.perform(
        "UPDATE trials SET figures = ?, ranking = ? WHERE id = ?",
        arguments: [Data(figures.bytes), ranking, trial])
    }
  }

  /// Seconds of all folds of each trial, fits and predictions.
  public func seconds() throws(SearchError) -> [Int64: (fit: Double, predict: Double)] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT trial, sum(fit_seconds) AS fit, sum(predict_seconds) AS predict FROM results GROUP BY trial")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["trial"] as Int64, ($0["fit"], $0["predict"])) })
    }
  }

  /// What came of a trial, fold by fold; shorter than the folds before it is done.
  package func results(of trial: Int64) throws(SearchError) -> [(fold: Int, outcome: UnitResult.Outcome)] {
    try read { try Self.results(of: trial, $0) }
  }

  internal static func results(
    of trial: Int64, _ database: Database
  ) throws -> [(fold: Int, outcome: UnitResult.Outcome)] {
    let sql = "SELECT * FROM results WHERE trial = ? ORDER BY fold"
    return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: [trial]).map { row in
      var outcome = UnitResult.Outcome()
      outcome.error = row["error"]
      outcome.predictions = row["predictions"] ?? Data()
      outcome.quantiles = row["quantiles"] ?? Data()
      outcome.levels = row["levels"]
      outcome.tellsRowsApart = row["tells_rows_apart"]
      outcome.unconvergedReason = row["unconverged_reason"]
      outcome.fitSeconds = row["fit_seconds"]
      outcome.predictSeconds = row["predict_seconds"]
      return (row["fold"], outcome)
    }
  }

  /// Marks trials that cannot win any more; what could not be fitted has failed.
  package func stop(_ trials: [Int64], because reason: String) throws(SearchError) {
    try write { database in
      for trial in trials {
        let error = try String.fetchOne(
          database.cachedStatement(
            sql: "SELECT error FROM results WHERE trial = ? AND error IS NOT NULL ORDER BY fold"), arguments: [trial])
        try database.perform(
          "UPDATE trials SET state = ?, reason = ? WHERE id = ? AND state = 'open'",
          arguments: [error == nil ? "stopped" : "failed", error ?? reason, trial])
      }
    }
  }
}
