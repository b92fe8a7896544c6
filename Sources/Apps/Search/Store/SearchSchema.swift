internal import GRDB
internal import StoreFile

/// The tables of a search's store, version by version.
///
/// A version that was released is never changed: a new one is added.
internal enum SearchSchema {
  /// "LRNT" in the file's header.
  internal static var format: StoreFormat {
    StoreFormat(applicationID: 0x4c52_4e54, program: "learners tune", migrator: migrator)
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { try $0.execute(sql: version1) }
    return migrator
  }

  /// - experiment: what all fits have in common, by name: another value of one of them is another experiment.
  /// - requests: what was asked for, one after the other; the last is what a rerun goes on with.
  /// - trials: settings in the order in which they were thought of. `figures` is worked out from results.
  /// - units: what is done at a time, members being the trials in it. Without a result, a unit is to be done: there is no
  ///   state that a dead process could leave behind.
  /// - results: what came of a trial in a fold.
  private static let version1 = """
    CREATE TABLE experiment (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE requests (
      id INTEGER PRIMARY KEY,
      arguments TEXT NOT NULL,
      trials INTEGER,
      is_finished INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE trials (
      id INTEGER PRIMARY KEY,
      learner TEXT NOT NULL,
      settings TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      strategy TEXT NOT NULL,
      generation INTEGER NOT NULL,
      number INTEGER NOT NULL,
      state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed', 'stopped')),
      reason TEXT,
      ranking TEXT,
      figures BLOB,
      finished REAL
    );
    CREATE TABLE units (
      id INTEGER PRIMARY KEY,
      hash TEXT NOT NULL UNIQUE,
      fold INTEGER NOT NULL,
      state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
      kills INTEGER NOT NULL DEFAULT 0,
      reason TEXT,
      distinct_fits INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX units_waiting ON units (id) WHERE state = 'waiting';
    CREATE TABLE members (
      unit INTEGER NOT NULL REFERENCES units,
      place INTEGER NOT NULL,
      trial INTEGER NOT NULL REFERENCES trials,
      PRIMARY KEY (unit, place)
    ) WITHOUT ROWID;
    CREATE INDEX members_trial ON members (trial);
    CREATE TABLE results (
      trial INTEGER NOT NULL REFERENCES trials,
      fold INTEGER NOT NULL,
      error TEXT,
      predictions BLOB,
      quantiles BLOB,
      levels INTEGER NOT NULL,
      tells_rows_apart INTEGER NOT NULL,
      unconverged_reason TEXT,
      fit_seconds REAL NOT NULL,
      predict_seconds REAL NOT NULL
    );
    CREATE UNIQUE INDEX results_trial ON results (trial, fold);
    """
}
