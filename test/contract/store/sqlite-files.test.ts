/** Files that the store must refuse, each with a message that says what to do, and none of them changed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test, { type ExecutionContext } from 'ava'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { run, temporaryDir } from './samples.ts'

async function refusesUnchanged(t: ExecutionContext, file: string, message: RegExp): Promise<void> {
  const before = readFileSync(file)
  await t.throwsAsync(openSqliteStore({ file }), { message })
  t.deepEqual(readFileSync(file), before)
}

async function filled(file: string): Promise<void> {
  const store = await openSqliteStore({ file })
  await Promise.all(Array.from({ length: 200 }, (_, index) => store.runs.put(run(`r${index}`))))
  await store.close()
}

test('a Bolt file of the original', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  const page = Buffer.alloc(16_384)
  page.writeUInt32LE(0xed0cdaed, 16)
  writeFileSync(file, page)
  await refusesUnchanged(t, file, /Bolt file of the original Dispatch, which is left untouched; choose another file/)
})

test('a file that is no database', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  writeFileSync(file, 'not a database, but long enough to look like one at first sight'.repeat(20))
  await refusesUnchanged(t, file, /dispatch\.db: it is not a database of Dispatch or is damaged; choose another file/)
})

test('a database of another program', async t => {
  const file = join(temporaryDir(t), 'other.db')
  const other = new DatabaseSync(file)
  other.exec('CREATE TABLE songs (title TEXT)')
  other.close()
  await refusesUnchanged(t, file, /it belongs to another program; choose another file/)
})

test('a database of a later format', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  await filled(file)
  const later = new DatabaseSync(file)
  later.exec("UPDATE meta SET value = '99' WHERE key = 'schema'")
  later.close()
  await refusesUnchanged(t, file, /its format is 99, this program reads \d+; use the version that wrote it/)
})

test('a database cut short', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  await filled(file)
  truncateSync(file, 4096 * 3)
  await t.throwsAsync(openSqliteStore({ file }), { message: /it is damaged; restore it from a backup/ })
})

test('a directory in the place of the file, or a file in the place of its directory', async t => {
  const dir = temporaryDir(t)
  await t.throwsAsync(openSqliteStore({ file: dir }), { message: /it cannot be created or protected: EISDIR/ })
  writeFileSync(join(dir, 'file'), '')
  await t.throwsAsync(openSqliteStore({ file: join(dir, 'file', 'dispatch.db') }), { message: /ENOTDIR|EEXIST/ })
})

test('a file that is in use, by this process or by another, until its user ends', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  const inUse = { message: /it is in use by another process; stop that one, or choose another file with --db-file/ }
  const store = await openSqliteStore({ file })
  await t.throwsAsync(openSqliteStore({ file }), inUse)
  await store.close()
  const holder = `const { openSqliteStore } = await import(${JSON.stringify(import.meta.resolve('../../../server/store/sqlite.ts'))})
    await openSqliteStore({ file: ${JSON.stringify(file)} }); console.log('open'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await t.throwsAsync(openSqliteStore({ file }), inUse)
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  await (await openSqliteStore({ file })).close()
})

test('a file that a tool holds locked', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  await filled(file)
  const tool = new DatabaseSync(file)
  tool.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  await t.throwsAsync(openSqliteStore({ file }), { message: /it is in use by another process/ })
  tool.close()
  await (await openSqliteStore({ file })).close()
})

test('a copy made while the store is open can be read', async t => {
  const dir = temporaryDir(t)
  const file = join(dir, 'dispatch.db')
  await filled(file)
  const store = await openSqliteStore({ file })
  const backup = new DatabaseSync(file, { readOnly: true })
  backup.exec(`VACUUM INTO '${join(dir, 'backup.db')}'`)
  backup.close()
  copyFileSync(join(dir, 'backup.db'), join(dir, 'restored.db'))
  const restored = await openSqliteStore({ file: join(dir, 'restored.db') })
  t.is((await restored.runs.list({ org: 'solo' })).length, 200)
  await Promise.all([restored.close(), store.close()])
})
