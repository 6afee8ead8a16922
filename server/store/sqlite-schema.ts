/** The tables of the SQLite store; opens a database for writing after checking that this program can use it. */
import { DatabaseSync } from 'node:sqlite'

const schemaVersion = '5'

/** Long enough for a backup that reads the file, short enough to fail a start within a second. */
const busyTimeoutMs = 800

/**
 * Names of runs are ordered by time, so that their index grows at its end too. `runs` keeps its rowid: a table without one
 * spills every body of more than 1000 bytes to a page of its own, which halves the rate of writes. `function_id` is in the
 * indices so that runs of forgotten functions are passed over without a look at their rows.
 * `runs_by_change` and `runs_by_function_change` serve clients that ask every other second what is new.
 */
const runTables = `
CREATE TABLE runs (
  name TEXT PRIMARY KEY, org TEXT NOT NULL, function_name TEXT NOT NULL, function_id TEXT NOT NULL, status TEXT NOT NULL,
  executed_ns INTEGER NOT NULL, modified_ns INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE forgotten_functions (
  function_id TEXT NOT NULL PRIMARY KEY, org TEXT NOT NULL, function_name TEXT NOT NULL, is_gone INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
const changeIndices = `
CREATE INDEX runs_by_change ON runs (org, modified_ns, function_id);
CREATE INDEX runs_by_function_change ON runs (org, function_name, modified_ns, function_id);
`
const runIndices = `
CREATE INDEX runs_by_org ON runs (org, executed_ns, function_id);
CREATE INDEX runs_by_function ON runs (org, function_name, executed_ns, function_id);
CREATE INDEX runs_unfinished ON runs (status, executed_ns) WHERE status IN ('INITIALIZED', 'CREATING');
${changeIndices}`
/**
 * Rows of deliveries lie in the order of their events, so that they grow at their end. What is not delivered is found by its
 * subscription in the order in which it is due; what is dead, by organization and type.
 */
const eventTables = `
CREATE TABLE events (
  id TEXT PRIMARY KEY, org TEXT NOT NULL, type TEXT NOT NULL, emitted_ns INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_org ON events (org, id);
CREATE INDEX events_by_type ON events (org, type, id);
CREATE TABLE deliveries (
  event_id TEXT NOT NULL, subscription_id TEXT NOT NULL, subscription TEXT NOT NULL, org TEXT NOT NULL, type TEXT NOT NULL,
  state TEXT NOT NULL, tries INTEGER NOT NULL, due_ms INTEGER NOT NULL, reason TEXT, run TEXT,
  PRIMARY KEY (event_id, subscription_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_open ON deliveries (subscription_id, state, due_ms, event_id) WHERE state <> 'delivered';
CREATE INDEX deliveries_dead ON deliveries (org, event_id) WHERE state = 'dead';
CREATE INDEX deliveries_dead_by_type ON deliveries (org, type, event_id) WHERE state = 'dead';
`
const entityTables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE entities (
  kind TEXT NOT NULL, org TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (kind, org, name)
) STRICT;
INSERT INTO meta VALUES ('schema', '${schemaVersion}');
`

const setVersion = `UPDATE meta SET value = '${schemaVersion}' WHERE key = 'schema';`

/** In version 1 an INITIALIZED run may have been executing already: it must not be executed again. */
const migrationFrom1 = `
DROP INDEX runs_by_org; DROP INDEX runs_by_function; DROP INDEX runs_by_change; DROP INDEX runs_unfinished;
ALTER TABLE runs RENAME TO runs_1;
${runTables}
INSERT INTO runs
  SELECT name, org, function_name,
    CASE WHEN json_valid(body) THEN coalesce(json_extract(body, '$.functionId'), '') ELSE '' END,
    CASE status WHEN 'INITIALIZED' THEN 'CREATING' ELSE status END, executed_ns, modified_ns, body
  FROM runs_1 ORDER BY rowid;
DROP TABLE runs_1;
${runIndices}
`
/** In version 2 the indices by change lacked the function. */
const migrationFrom2 = `
DROP INDEX runs_by_change; DROP INDEX runs_by_function_change;
${changeIndices}
`
/** What makes a database of that format one of the present one. */
const changes = new Map([
  ['empty', entityTables + runTables + runIndices + eventTables],
  ['1', migrationFrom1 + eventTables + setVersion],
  ['2', migrationFrom2 + eventTables + setVersion],
  ['3', eventTables + setVersion],
  // In version 4 secrets were in clear, which whoever opens the store seals; older programs cannot read them then.
  ['4', setVersion],
  [schemaVersion, ''],
])

/** Brings the file to the present format, as a whole or not at all; leaves a database that is not ours as it is. */
export function openForWriting(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs })
  try {
    const change = planChange(database)
    const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode
    if (mode !== 'wal') throw new Error(`its file system has no shared memory for a write-ahead log (${mode})`)
    database.exec('PRAGMA synchronous = FULL')
    if (change !== '') database.exec(`BEGIN IMMEDIATE; ${change} COMMIT`)
    return database
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

function planChange(database: DatabaseSync): string {
  const format = readFormat(database)
  const change = changes.get(format)
  if (change === undefined)
    throw new Error(`its format is ${format}, this program reads ${schemaVersion}; use the version that wrote it`)
  return change
}

function readFormat(database: DatabaseSync): string {
  const names = database.prepare('SELECT name FROM sqlite_schema').all()
  if (names.length === 0) return 'empty'
  if (!names.some(row => row.name === 'meta')) throw new Error('it belongs to another program; choose another file')
  return String(database.prepare("SELECT value FROM meta WHERE key = 'schema'").get()?.value)
}

export const openForReading = (file: string): DatabaseSync =>
  new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
