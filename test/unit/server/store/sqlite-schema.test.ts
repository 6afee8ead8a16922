/** Databases of the former format: brought up in place, as a whole, with every run as it was. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test from 'ava'
import { openSqliteStore } from '../../../../server/store/sqlite.ts'
import { openForWriting } from '../../../../server/store/sqlite-schema.ts'
import { type Note, note, run, temporaryDir } from '../../../contract/store/samples.ts'

const version1 = `
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
INSERT INTO meta VALUES ('schema', '1');
`
const bodyOf = (name: string) => `{"functionId":"f-${name}","name":"${name}","input":1.0}`

function createVersion1(file: string): void {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode = WAL; ${version1}`)
  const entity = JSON.stringify(note('fn', { revision: 3 }))
  database.prepare("INSERT INTO entities VALUES ('Function', 'solo', 'fn', 3, ?)").run(entity)
  const insert = database.prepare("INSERT INTO runs VALUES (?, 'solo', 'hello', ?, ?, ?, ?)")
  insert.run('ended', 'READY', 1n, 1_732_447_123_123_456_789n, bodyOf('ended'))
  insert.run('accepted', 'INITIALIZED', 2n, 2n, bodyOf('accepted'))
  insert.run('odd', 'ERROR', 3n, 3n, 'not JSON')
  database.close()
}

test('version 1 becomes the present one: entities and runs stay, and what may have been begun is not run again', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  createVersion1(file)
  for (const start of ['first', 'second']) {
    const store = await openSqliteStore({ file })
    t.is((await store.collection<Note>('Function').get('solo', 'fn'))?.revision, 3, start)
    const modifiedNs = 1_732_447_123_123_456_789n
    const ended = run('ended', { functionId: 'f-ended', executedNs: 1n, modifiedNs, body: bodyOf('ended') })
    t.deepEqual(await store.runs.get('solo', 'ended'), ended)
    t.deepEqual(
      (await store.runs.begun(9)).map(({ name, functionId }) => [name, functionId]),
      [['accepted', 'f-accepted']],
    )
    t.deepEqual(await store.runs.waiting(), [])
    t.deepEqual(
      (await store.runs.list({ org: 'solo' })).map(({ name }) => name),
      ['odd', 'accepted', 'ended'],
    )
    await store.close()
  }
})

/** Its indices by change did not have the function. */
function createVersion2(file: string): void {
  const database = openForWriting(file)
  database.exec(`DROP INDEX runs_by_change; DROP INDEX runs_by_function_change;
    CREATE INDEX runs_by_change ON runs (org, modified_ns);
    CREATE INDEX runs_by_function_change ON runs (org, function_name, modified_ns);
    DROP TABLE events; DROP TABLE deliveries;
    UPDATE meta SET value = '2' WHERE key = 'schema'`)
  database.close()
}

/** It had no events. */
function createVersion3(file: string): void {
  const database = openForWriting(file)
  database.exec("DROP TABLE events; DROP TABLE deliveries; UPDATE meta SET value = '3' WHERE key = 'schema'")
  database.prepare("INSERT INTO runs VALUES ('r', 'solo', 'hello', 'f', 'READY', 1, 1, '{}')").run()
  database.close()
}

test('version 3 becomes the present one: runs stay, and there is room for events', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  createVersion3(file)
  const store = await openSqliteStore({ file })
  t.is((await store.runs.get('solo', 'r'))?.functionId, 'f')
  t.deepEqual(await store.events.list({ org: 'solo', limit: 1 }), [])
  await store.close()
})

test('all ways lead to the same tables', t => {
  const dir = temporaryDir(t)
  createVersion1(join(dir, '1.db'))
  createVersion2(join(dir, '2.db'))
  createVersion3(join(dir, '3.db'))
  const schemaOf = (name: string) => {
    const database = openForWriting(join(dir, name))
    const rows = database.prepare("SELECT name, replace(sql, '\"', '') AS sql FROM sqlite_schema ORDER BY name").all()
    const meta = database.prepare('SELECT * FROM meta').all()
    database.close()
    return [...rows, ...meta]
  }
  const present = schemaOf('new.db')
  t.deepEqual(schemaOf('1.db'), present)
  t.deepEqual(schemaOf('2.db'), present)
  t.deepEqual(schemaOf('3.db'), present)
})

test('a change of format that is interrupted leaves the former one', t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  createVersion1(file)
  const database = new DatabaseSync(file)
  // The name that the new table is to have while the old one is still read.
  database.exec('CREATE TABLE forgotten_functions (x)')
  database.close()
  t.throws(() => openForWriting(file), { message: /forgotten_functions/ })
  const after = new DatabaseSync(file)
  t.is(after.prepare("SELECT value FROM meta WHERE key = 'schema'").get()?.value, '1')
  t.is(after.prepare('SELECT count(*) AS count FROM runs').get()?.count, 3)
  after.close()
})
