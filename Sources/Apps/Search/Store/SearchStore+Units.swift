internal import FoundationEssentials
internal import GRDB
package import Learners

/// A trial that is to be.
package struct PlannedTrial: Sendable {
  package let candidate: Candidate
  package let strategy: String
  package let generation: Int
  /// Its place in the sequence of its learner.
  package let number: Int
}

/// How much of a store is done.
public struct StoredCounts: Sendable, Hashable {
  /// Settings times folds.
  public let asked: Int
  /// Fits from the rows: one that gave several settings counts once.
  public let distinctFits: Int
  /// Settings times folds of which the result is there.
  public let done: Int
}

extension SearchStore {
  /// Adds trials that are not there yet, and what there is to do for them, in one transaction.
  ///
  /// - Parameter fold: those that are fitted; a trial that is known gets those that it has not.
  package func plan(
    _ trials: [PlannedTrial], folds: [Int], experiment: String, batch: Int
  ) throws(SearchError) {
    try write { database in
      var members: [(id: Int64, hash: String, candidate: Candidate)] = []
      var known: Set<Int64> = []
      for trial in trials {
        let hash = Setting.hash(of: trial.candidate)
        try database.perform(
          """
          INSERT INTO trials (learner, settings, hash, strategy, generation, number) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (hash) DO NOTHING
          """,
          arguments: [
            trial.candidate.name, Setting.text(of: trial.candidate), hash, trial.strategy, trial.generation,
            trial.number,
          ])
        let sql = "SELECT id FROM trials WHERE hash = ?"
        let id = try Int64.fetchOne(database.cachedStatement(sql: sql), arguments: [hash])
        if let id, known.insert(id).inserted { members.append((id, hash, trial.candidate)) }
      }
      for group in Self.groups(members.map(\.candidate), batch: batch) {
        for fold in folds {
          try Self.plan(group.map { members[$0] }, fold: fold, experiment: experiment, database)
        }
      }
    }
  }

  /// Places of candidates that share a fit, in the order of the first of each.
  private static func groups(_ candidates: [Candidate], batch: Int) -> [[Int]] {
    var order: [String] = []
    var places: [String: [Int]] = [:]
    for (place, candidate) in candidates.enumerated() {
      let key = SharedFits.key(of: candidate)
      if places[key] == nil { order.append(key) }
      places[key, default: []].append(place)
    }
    return order.flatMap { key in
      let all = places[key] ?? []
      return stride(from: 0, to: all.count, by: batch).map { Array(all[$0..<min($0 + batch, all.count)]) }
    }
  }

  private static func plan(
    _ group: [(id: Int64, hash: String, candidate: Candidate)], fold: Int, experiment: String, _ database: Database
  ) throws {
    let sql = """
      SELECT 1 FROM members JOIN units ON units.id = members.unit WHERE members.trial = ? AND units.fold = ?
      """
    let missing = try group.filter {
      try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [$0.id, fold]) == nil
    }
    guard !missing.isEmpty else { return }
    let hash = WorkUnit.hash(experiment: experiment, fold: fold, settings: missing.map(\.hash))
    try database.perform("INSERT INTO units (hash, fold) VALUES (?, ?)", arguments: [hash, fold])
    let unit = database.lastInsertedRowID
    for (place, member) in missing.enumerated() {
      try database.perform(
        "INSERT INTO members (unit, place, trial) VALUES (?, ?, ?)", arguments: [unit, place, member.id])
      try database.perform(
        "UPDATE trials SET state = 'open', reason = NULL WHERE id = ? AND state IN ('stopped', 'done')",
        arguments: [member.id])
    }
  }

  /// Units without a result, in their order, so many at most.
  package func waitingUnits(after last: Int64, atMost count: Int) throws(SearchError) -> [WorkUnit] {
    try read { database in
      let sql = "SELECT id, fold FROM units WHERE state = 'waiting' AND id > ? ORDER BY id LIMIT ?"
      return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: [last, count]).map { row in
        let id: Int64 = row["id"]
        let trials = try Row.fetchAll(
          database.cachedStatement(
            sql: """
              SELECT trials.learner, trials.settings FROM members JOIN trials ON trials.id = members.trial
              WHERE members.unit = ? ORDER BY members.place
              """), arguments: [id])
        return WorkUnit(
          unit: id, fold: row["fold"], learner: trials.first?["learner"] ?? "", settings: trials.map { $0["settings"] })
      }
    }
  }

  package func waitingCount() throws(SearchError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM units WHERE state = 'waiting'") ?? 0 }
  }

  /// Keeps what came of a unit; what a second worker made of the same is no news.
  ///
  /// - Parameter figures: of a trial whose folds are all there, from them; nil where some failed.
  /// - Returns: trials that are done with it; nil where the unit was done before.
  package func keep(
    _ result: UnitResult, folds: Int, ranking: String, at now: Double,
    figures: (_ outcomes: [UnitResult.Outcome]) -> TrialFigures?
  ) throws(SearchError) -> [Int64]? {
    try write { database in
      let sql = "SELECT fold FROM units WHERE id = ? AND state = 'waiting'"
      guard let fold = try Int.fetchOne(database.cachedStatement(sql: sql), arguments: [result.unit]) else {
        return nil
      }
      let members = try Int64.fetchAll(
        database.cachedStatement(sql: "SELECT trial FROM members WHERE unit = ? ORDER BY place"),
        arguments: [result.unit])
      guard members.count == result.outcomes.count else { return nil }
      try database.perform(
        "UPDATE units SET state = 'done', distinct_fits = ? WHERE id = ?",
        arguments: [result.distinctFits, result.unit])
      for (trial, outcome) in zip(members, result.outcomes) {
        try Self.insert(outcome, trial: trial, fold: fold, database)
      }
      return try members.filter {
        try Self.settle($0, folds: folds, ranking: ranking, at: now, figures: figures, database)
      }
    }
  }

  private static func insert(
    _ outcome: UnitResult.Outcome, trial: Int64, fold: Int, _ database: Database
  ) throws {
    try database.perform(
      """
      INSERT INTO results (trial, fold, error, predictions, quantiles, levels, tells_rows_apart, unconverged_reason,
        fit_seconds, predict_seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      arguments: [
        trial, fold, outcome.error, outcome.error == nil ? outcome.predictions : nil,
        outcome.quantiles.isEmpty ? nil : outcome.quantiles, outcome.levels, outcome.tellsRowsApart,
        outcome.unconvergedReason, outcome.fitSeconds, outcome.predictSeconds,
      ])
  }

  /// - Returns: whether the trial is done.
  private static func settle(
    _ trial: Int64, folds: Int, ranking: String, at now: Double,
    figures: (_ outcomes: [UnitResult.Outcome]) -> TrialFigures?, _ database: Database
  ) throws -> Bool {
    let count = try Int.fetchOne(
      database.cachedStatement(sql: "SELECT count(*) FROM results WHERE trial = ?"), arguments: [trial])
    guard count == folds else { return false }
    let outcomes = try results(of: trial, database).map(\.outcome)
    if let error = outcomes.lazy.compactMap(\.error).first {
      try database.perform(
        "UPDATE trials SET state = 'failed', reason = ?, finished = ? WHERE id = ?",
        arguments: [error, now, trial])
    } else if let found = figures(outcomes) {
      try database.perform(
        "UPDATE trials SET state = 'done', ranking = ?, figures = ?, finished = ? WHERE id = ?",
        arguments: [ranking, Data(found.bytes), now, trial])
    } else {
      try database.perform(
        "UPDATE trials SET state = 'failed', reason = ?, finished = ? WHERE id = ?",
        arguments: ["its predictions do not fit the held-out rows", now, trial])
    }
    return true
  }
}

extension SearchStore {
  /// Notes that a unit has ended its worker. The third time it is a failed unit.
  ///
  /// - Returns: whether it is one now.
  package func noteKill(
    of unit: Int64, by cause: String, limit: Int, folds: Int, ranking: String, at now: Double
  ) throws(SearchError) -> Bool {
    let kills = try write { database in
      try database.perform("UPDATE units SET kills = kills + 1 WHERE id = ?", arguments: [unit])
      return try Int.fetchOne(database.cachedStatement(sql: "SELECT kills FROM units WHERE id = ?"), arguments: [unit])
        ?? 0
    }
    guard kills >= limit else { return false }
    let members = try read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM members WHERE unit = ?", arguments: [unit]) ?? 0
    }
    let reason = "it ended its worker \(limit) times: \(cause)"
    var outcome = UnitResult.Outcome()
    outcome.error = reason
    let result = UnitResult(unit: unit, outcomes: Array(repeating: outcome, count: members), distinctFits: 0)
    _ = try keep(result, folds: folds, ranking: ranking, at: now) { _ in nil }
    try write { database in
      try database.perform("UPDATE units SET state = 'failed', reason = ? WHERE id = ?", arguments: [reason, unit])
    }
    return true
  }

  public func counts() throws(SearchError) -> StoredCounts {
    try read { database in
      StoredCounts(
        asked: try Int.fetchOne(database, sql: "SELECT count(*) FROM members") ?? 0,
        distinctFits: try Int.fetchOne(database, sql: "SELECT sum(distinct_fits) FROM units") ?? 0,
        done: try Int.fetchOne(database, sql: "SELECT count(*) FROM results") ?? 0)
    }
  }
}
