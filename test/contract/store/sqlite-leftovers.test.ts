/** What was replaced or removed is not to be found in the files of the database. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test, { type ExecutionContext } from 'ava'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { type Note, note, run, temporaryDir } from './samples.ts'

const canary = 'OpenSesame'
/** Some lie in a page among others, some over pages of their own. */
const texts = [canary, canary.repeat(3000)]

async function open(t: ExecutionContext) {
  const directory = temporaryDir(t)
  const file = join(directory, 'dispatch.db')
  const store = await openSqliteStore({ file })
  t.teardown(store.close)
  const filesWith = () => readdirSync(directory).filter(name => readFileSync(join(directory, name)).includes(canary))
  return { file, store, filesWith }
}

/** As versions did that left in the file what they removed. */
function removeWithoutErasing(file: string): void {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA secure_delete = OFF')
  const insert = database.prepare("INSERT INTO entities VALUES ('Secret', 'solo', ?, 1, ?)")
  for (const [index, text] of texts.entries()) insert.run(`${index}`, JSON.stringify(note(`${index}`, { text })))
  database.exec("DELETE FROM entities WHERE kind = 'Secret'; PRAGMA wal_checkpoint(TRUNCATE)")
  database.close()
}

test('a scrub takes out of the file what former versions have removed', async t => {
  const { file, store, filesWith } = await open(t)
  removeWithoutErasing(file)
  t.deepEqual(filesWith(), ['dispatch.db'])
  await store.scrub()
  t.deepEqual(filesWith(), [])
})

test('a scrub that somebody who reads keeps from the file says so', async t => {
  const { file, store, filesWith } = await open(t)
  removeWithoutErasing(file)
  const reader = new DatabaseSync(file, { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM entities').get()
  await t.throwsAsync(store.scrub(), { message: /^another program reads .*dispatch\.db: try again/ })
  reader.close()
  await store.scrub()
  t.deepEqual(filesWith(), [])
})

test('after a scrub nothing is left of what was updated, rewritten and removed before; what is there stays', async t => {
  const { store, filesWith } = await open(t)
  const notes = store.collection<Note>('Secret')
  for (const [index, text] of texts.entries()) {
    const updated = await notes.create(note(`updated-${index}`, { text }))
    await notes.update({ ...updated, text: 'gone' })
    const rewritten = await notes.create(note(`rewritten-${index}`, { text }))
    await notes.rewrite({ ...rewritten, text: 'gone' })
    await notes.create(note(`removed-${index}`, { text }))
    await notes.remove('solo', `removed-${index}`)
  }
  await store.runs.put(run('kept'))
  t.not(filesWith().length, 0)
  await Promise.all([store.scrub(), store.runs.put(run('meanwhile'))])
  t.deepEqual(filesWith(), [])
  t.deepEqual(
    (await notes.list()).map(({ text }) => text),
    Array(4).fill('gone'),
  )
  t.truthy(await store.runs.get('solo', 'kept'))
  t.truthy(await store.runs.get('solo', 'meanwhile'))
})

test('what was updated and removed is not in the file once the store is closed, without a scrub', async t => {
  const { store, filesWith } = await open(t)
  const notes = store.collection<Note>('Secret')
  for (const [index, text] of texts.entries()) {
    const updated = await notes.create(note(`updated-${index}`, { text }))
    await store.runs.put(run(`between-${index}`))
    await notes.update({ ...updated, text: 'gone' })
    await notes.create(note(`removed-${index}`, { text }))
    await store.runs.put(run(`behind-${index}`))
    await notes.remove('solo', `removed-${index}`)
  }
  await store.close()
  t.deepEqual(filesWith(), [])
})

test('a store that is closed refuses to be scrubbed', async t => {
  const { store } = await open(t)
  await store.close()
  await t.throwsAsync(store.scrub(), { message: 'the store is closed' })
})
