/** The tables of the SQLite store; opens a database for writing after checking that this program can use it. */
import { DatabaseSync } from 'node:sqlite'

const schemaVersion = '1'

/** Long enough for a backup that reads the file, short enough to fail a start within a second. */
const busyTimeoutMs = 800

/**
 * Names of runs are ordered by time, so that their index grows at its end too. `runs` keeps its rowid: a table without one
 * spills every body of more than 1000 bytes to a page of its own, which halves the rate of writes.
 * `runs_by_change` serves clients that ask every other second what is new.
 */
const tables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE entities (
  kind TEXT NOT NULL, org TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (kind, org, name)
) STRICT;
CREATE TABLE runs (
  name TEXT PRIMARY KEY, org TEXT NOT NULL, function_name TEXT NOT NULL, status TEXT NOT NULL,
  executed_ns INTEGER NOT NULL, modified_ns INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_org ON runs (org, executed_ns, name);
CREATE INDEX runs_by_function ON runs (org, function_name, executed_ns, name);
CREATE INDEX runs_by_change ON runs (org, modified_ns);
CREATE INDEX runs_unfinished ON runs (executed_ns) WHERE status IN ('INITIALIZED', 'CREATING');
INSERT INTO meta VALUES ('schema', '${schemaVersion}');
`

/** Leaves a database that is not ours as it is, down to its journal mode. */
export function openForWriting(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs })
  try {
    const isNew = checkFormat(database) === 'empty'
    const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode
    if (mode !== 'wal') throw new Error(`its file system has no shared memory for a write-ahead log (${mode})`)
    database.exec('PRAGMA synchronous = FULL')
    if (isNew) database.exec(`BEGIN IMMEDIATE; ${tables} COMMIT`)
    return database
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

function checkFormat(database: DatabaseSync): 'empty' | 'current' {
  const names = database.prepare('SELECT name FROM sqlite_schema').all()
  if (names.length === 0) return 'empty'
  if (!names.some(row => row.name === 'meta')) throw new Error('it belongs to another program; choose another file')
  const version = database.prepare("SELECT value FROM meta WHERE key = 'schema'").get()?.value
  if (version === schemaVersion) return 'current'
  throw new Error(`its format is ${version}, this program reads ${schemaVersion}; use the version that wrote it`)
}

export const openForReading = (file: string): DatabaseSync =>
  new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
