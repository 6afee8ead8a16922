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
const runOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .record({ org, name, functionName, status, executedNs: timeNs, modifiedNs: timeNs, body: text })
    .map(sample => (store: Store) => store.runs.put(run(sample.name, sample))),
  fc.record({ org, name }).map(sample => (store: Store) => store.runs.get(sample.org, sample.name)),
  fc
    .record({ org, functionName: fc.option(functionName, { nil: undefined }), sinceSeconds })
    .map(query => (store: Store) => store.runs.list(query)),
  fc.constant((store: Store) => store.runs.unfinished()),
  fc
    .record({ org, functionName })
    .map(sample => (store: Store) => store.runs.removeOfFunction(sample.org, sample.functionName)),
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
