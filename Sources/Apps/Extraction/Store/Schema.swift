internal import GRDB
internal import StoreFile

/// The tables of a store, version by version.
///
/// A version that was released is never changed: a new one is added.
internal enum Schema {
  /// "LRNS" in the file's header.
  internal static var format: StoreFormat {
    StoreFormat(applicationID: 0x4c52_4e53, program: "learners extract", migrator: migrator)
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { try $0.execute(sql: version1) }
    return migrator
  }

  private static let version1 = """
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      snapshot TEXT NOT NULL,
      api TEXT NOT NULL,
      query TEXT NOT NULL,
      wanted INTEGER,
      details TEXT NOT NULL,
      refreshes INTEGER NOT NULL,
      started TEXT NOT NULL,
      finished TEXT,
      matching INTEGER,
      requests INTEGER NOT NULL DEFAULT 0,
      unchanged INTEGER NOT NULL DEFAULT 0,
      points INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE slices (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      parent INTEGER,
      query TEXT NOT NULL,
      stars_from INTEGER NOT NULL,
      stars_to INTEGER,
      created_from INTEGER,
      created_to INTEGER,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'paging', 'done', 'split')),
      matching INTEGER,
      asked INTEGER,
      pages INTEGER NOT NULL DEFAULT 0,
      round INTEGER NOT NULL DEFAULT 1,
      returned INTEGER NOT NULL DEFAULT 0,
      duplicates INTEGER NOT NULL DEFAULT 0,
      missed INTEGER NOT NULL DEFAULT 0,
      reason TEXT
    );
    CREATE INDEX slices_run ON slices (run, state, stars_from);
    CREATE TABLE bodies (
      id INTEGER PRIMARY KEY,
      length INTEGER NOT NULL,
      deflated BLOB NOT NULL
    );
    CREATE TABLE answers (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      slice INTEGER,
      page INTEGER,
      url TEXT NOT NULL,
      etag TEXT,
      received TEXT NOT NULL,
      body INTEGER NOT NULL REFERENCES bodies
    );
    CREATE INDEX answers_url ON answers (url);
    CREATE INDEX answers_slice ON answers (slice);
    CREATE INDEX answers_run ON answers (run);
    CREATE INDEX answers_body ON answers (body);
    CREATE TABLE repositories (
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      id INTEGER NOT NULL,
      snapshot TEXT NOT NULL,
      slice INTEGER NOT NULL,
      body INTEGER NOT NULL REFERENCES bodies,
      body_offset INTEGER NOT NULL,
      body_length INTEGER NOT NULL,
      node_id TEXT,
      full_name TEXT,
      stars INTEGER NOT NULL,
      name TEXT,
      description TEXT,
      homepage TEXT,
      owner_type TEXT,
      language TEXT,
      license TEXT,
      default_branch TEXT,
      topics TEXT,
      forks_count NUMERIC,
      open_issues_count NUMERIC,
      size NUMERIC,
      created_at TEXT,
      pushed_at TEXT,
      updated_at TEXT,
      has_issues INTEGER,
      has_projects INTEGER,
      has_wiki INTEGER,
      has_pages INTEGER,
      has_discussions INTEGER,
      has_downloads INTEGER,
      archived INTEGER,
      is_template INTEGER,
      fork INTEGER
    );
    CREATE UNIQUE INDEX repositories_run ON repositories (run, id);
    CREATE INDEX repositories_id ON repositories (id, snapshot);
    CREATE INDEX repositories_body ON repositories (body);
    CREATE TABLE details (
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      id INTEGER NOT NULL,
      received TEXT NOT NULL,
      body INTEGER REFERENCES bodies,
      problem TEXT,
      watchers NUMERIC,
      commits NUMERIC,
      open_issues NUMERIC,
      closed_issues NUMERIC,
      open_pull_requests NUMERIC,
      closed_pull_requests NUMERIC,
      releases NUMERIC,
      languages_count NUMERIC,
      code_bytes NUMERIC,
      main_language_bytes NUMERIC,
      readme_bytes NUMERIC,
      mentionable_users NUMERIC,
      languages TEXT,
      topics TEXT,
      license TEXT,
      PRIMARY KEY (run, id)
    ) WITHOUT ROWID;
    CREATE INDEX details_body ON details (body);
    CREATE VIEW star_history AS
      SELECT id, full_name, snapshot, max(stars) AS stars FROM repositories GROUP BY id, snapshot;
    """
}
