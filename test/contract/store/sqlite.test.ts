/** The store on disk keeps the promises of the port, and those that only a disk can keep. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Store } from '../../../server/store/port.ts'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { entityCases } from './entity-cases.ts'
import { eventCases } from './event-cases.ts'
import { runCases } from './run-cases.ts'
import { type Note, note, run, temporaryDir } from './samples.ts'

async function open(t: ExecutionContext): Promise<Store> {
  const store = await openSqliteStore({
    file: join(temporaryDir(t), 'dispatch.db'),
    onFatal: error => t.fail(`${error}`),
  })
  t.teardown(store.close)
  return store
}

entityCases(test, open)
runCases(test, open)
eventCases(test, open)

test('names and organizations that are pieces of SQL are names, and match nothing but themselves', async t => {
  const store = await open(t)
  const notes = store.collection<Note>('Function')
  const hostile = ["a' OR '1'='1", "'; DROP TABLE entities; --", '" OR ""="', '%', '_', '?', '?1', ':name', '\u0000']
  await notes.create(note('a'))
  for (const name of hostile) await notes.create(note(name, { org: name, text: name }))
  for (const name of hostile) {
    t.like(await notes.get(name, name), { org: name, text: name })
    t.deepEqual(
      (await notes.list(name)).map(each => each.text),
      [name],
    )
    t.is(await notes.get('solo', name), undefined)
    await store.runs.put(run(name, { org: name, functionName: name }))
    const runs = await store.runs.list({ org: name, functionName: name })
    t.deepEqual(
      runs.map(each => each.name),
      [name],
    )
    t.deepEqual(await store.runs.list({ org: 'solo', functionName: name }), [])
    t.true(await notes.remove(name, name))
    t.like(await notes.get('solo', 'a'), { text: 'text of a' })
  }
  t.is((await notes.list()).length, 1)
})

test('what was stored is there after closing and opening again', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  const first = await openSqliteStore({ file })
  const created = await first.collection<Note>('Function').create(note('a'))
  await first.runs.put(run('r'))
  await first.close()
  const second = await openSqliteStore({ file })
  t.deepEqual(await second.collection<Note>('Function').get('solo', 'a'), created)
  t.deepEqual(await second.runs.list({ org: 'solo' }), [run('r')])
  await second.close()
})

test('closing finishes what was accepted and refuses what comes later', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  const store = await openSqliteStore({ file, onFatal: error => t.fail(`${error}`) })
  const accepted = Array.from({ length: 100 }, (_, index) => store.runs.put(run(`r${index}`)))
  const closing = Promise.all([store.close(), store.close()])
  await t.throwsAsync(store.runs.put(run('late')), { message: 'the store is closed' })
  await Promise.all([...accepted, closing])
  const again = await openSqliteStore({ file })
  t.is((await again.runs.list({ org: 'solo' })).length, 100)
  await again.close()
})

test('only the owner can read the files; missing directories are made', async t => {
  const dir = join(temporaryDir(t), 'deep', 'er')
  const store = await openSqliteStore({ file: join(dir, 'dispatch.db') })
  await store.runs.put(run('r'))
  const modeOf = (path: string) => statSync(path).mode & 0o777
  t.is(modeOf(dir), 0o700)
  for (const name of ['dispatch.db', 'dispatch.db-wal', 'dispatch.db-shm', 'dispatch.db.lock'])
    t.is(modeOf(join(dir, name)), 0o600)
  await store.close()
})

test('a write that cannot be stored does not fail those beside it', async t => {
  const store = await open(t)
  const tooLarge = run('large', { executedNs: 2n ** 63n })
  const ends = await Promise.allSettled([store.runs.put(run('a')), store.runs.put(tooLarge), store.runs.put(run('b'))])
  t.deepEqual(
    ends.map(end => end.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  t.is((await store.runs.list({ org: 'solo' })).length, 2)
})

test('commits are counted with their writes and their time', async t => {
  const store = await open(t)
  await Promise.all(Array.from({ length: 20 }, (_, n) => store.runs.put(run(`r${n}`))))
  const { commitSeconds, commitWrites } = store.stats()
  const count = commitWrites.counts.reduce((sum, each) => sum + each)
  t.is(commitWrites.sum, 20)
  t.true(count >= 1 && count <= 20)
  t.is(
    commitSeconds.counts.reduce((sum, each) => sum + each),
    count,
  )
  t.true(commitSeconds.sum > 0)
})
