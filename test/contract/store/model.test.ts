/** Both adapters answer every sequence of operations alike, in answers, errors, feed and final contents. */
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { messageOf } from '../../../server/core/errors.ts'
import { statuses } from '../../../server/core/status.ts'
import { createMemoryStore } from '../../../server/store/memory.ts'
import type { Change, Store } from '../../../server/store/port.ts'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { type Note, note, run, temporaryDir } from './samples.ts'

const kind = fc.constantFrom('Function', 'Image', 'Secret')
const org = fc.constantFrom('solo', 'other', '\u{1f600}')
const name = fc.constantFrom('a', 'b', 'B', 'ä', '\uff5e', '\u{1f600}')
const text = fc.string({ unit: 'grapheme' })
const revision = fc.nat({ max: 3 })
const functionName = fc.constantFrom('hello', 'world')
const round = fc.constantFrom(1, 2)
const timeNs = fc.bigInt({ min: -5_000_000_000n, max: 5_000_000_000n })
const status = fc.constantFrom(...statuses)

type Operation = (store: Store) => Promise<unknown>

const entityOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .record({ kind, org, name, text })
    .map(sample => (store: Store) => store.collection<Note>(sample.kind).create(note(sample.name, sample))),
  fc
    .record({ kind, org, name, text, revision })
    .map(sample => (store: Store) => store.collection<Note>(sample.kind).update(note(sample.name, sample))),
  fc
    .record({ kind, org, name })
    .map(sample => (store: Store) => store.collection<Note>(sample.kind).remove(sample.org, sample.name)),
  fc
    .record({ kind, org, name })
    .map(sample => (store: Store) => store.collection<Note>(sample.kind).get(sample.org, sample.name)),
  fc
    .record({ kind, org: fc.option(org, { nil: undefined }) })
    .map(sample => (store: Store) => store.collection<Note>(sample.kind).list(sample.org)),
)

const sinceSeconds = fc.option(fc.bigInt({ min: -6n, max: 6n }), { nil: undefined })
const position = fc.option(fc.record({ executedNs: timeNs, name }), { nil: undefined })
const ended = fc.boolean()
const limit = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })
/** An id belongs to one function for ever; a name to one after the other. */
const owner = fc
  .record({ org, functionName, round })
  .map(({ org, functionName, round }) => ({ org, functionName, functionId: `${org}/${functionName}/${round}` }))
const sample = fc
  .record({ owner, name, status, executedNs: timeNs, modifiedNs: timeNs, body: text })
  .map(({ owner, ...fields }) => ({ ...owner, ...fields }))
const runOperation: fc.Arbitrary<Operation> = fc.oneof(
  sample.map(fields => (store: Store) => store.runs.put(run(fields.name, fields))),
  sample.map(fields => (store: Store) => store.runs.begin(run(fields.name, fields))),
  fc.record({ org, name }).map(key => (store: Store) => store.runs.get(key.org, key.name)),
  fc
    .record({ org, functionName: fc.option(functionName, { nil: undefined }), sinceSeconds, ended, limit })
    .chain(query => fc.record({ before: position, after: position }).map(places => ({ ...query, ...places })))
    .map(query => (store: Store) => store.runs.list(query)),
  fc.constant((store: Store) => store.runs.waiting()),
  fc.nat({ max: 2 }).map(count => (store: Store) => store.runs.begun(count)),
  fc.record({ owner, isGone: fc.boolean() }).map(({ owner, isGone }) => async (store: Store) => {
    await store.runs.forgetFunction({ ...owner, isGone })
    // The one in memory has nothing to sweep; both must look alike before and after.
    const before = await store.runs.list({ org: owner.org })
    while (await store.runs.sweepForgotten(1));
    return [before, await store.runs.list({ org: owner.org })]
  }),
  fc
    .option(fc.record({ org, functionName }), { nil: undefined })
    .map(after => (store: Store) => store.runs.nextOwner(after)),
  fc.record({ org, functionName, skip: fc.nat({ max: 2 }), upToNs: timeNs }).map(
    ({ skip, upToNs, ...owner }) =>
      (store: Store) =>
        store.runs.executedNs(owner, { skip, upToNs }),
  ),
  fc.record({ org, functionName, executedNs: timeNs, limit: fc.nat({ max: 2 }) }).map(
    ({ executedNs, limit, ...owner }) =>
      (store: Store) =>
        store.runs.removeEnded(owner, { executedNs, limit }),
  ),
)

async function trace(store: Store, operations: Operation[]): Promise<unknown[]> {
  const changes: Change[] = []
  store.onChange(change => changes.push(change))
  const answers: unknown[] = []
  for (const operation of operations) answers.push(await operation(store).catch(messageOf))
  const contents = await Promise.all(
    ['Function', 'Image', 'Secret'].map(each => store.collection(each as 'Image').list()),
  )
  return [answers, changes, contents]
}

test('memory and SQLite cannot be told apart', async t => {
  const dir = temporaryDir(t)
  let files = 0
  const operations = fc.array(fc.oneof(entityOperation, runOperation), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(operations, async sequence => {
      const onDisk = await openSqliteStore({ file: join(dir, `${files++}.db`) })
      try {
        const expected = await trace(createMemoryStore(), sequence)
        const actual = await trace(onDisk, sequence)
        const differs = t.deepEqual(actual, expected)
        if (!differs) throw new Error('the adapters differ')
      } finally {
        await onDisk.close()
      }
    }),
    { numRuns: 40, interruptAfterTimeLimit: 60_000 },
  )
})
