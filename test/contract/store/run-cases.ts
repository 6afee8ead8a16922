/** What every store promises for the log of runs. */
import type { TestFn } from 'ava'
import { maxListedChanges, type RunOwner, type RunQuery, type RunRecord } from '../../../server/store/port.ts'
import type { OpenStore } from './entity-cases.ts'
import { run } from './samples.ts'

const nsPerSecond = 1_000_000_000n
const names = (runs: RunRecord[]): string[] => runs.map(({ name }) => name)

export function runCases(test: TestFn, open: OpenStore): void {
  test('a run comes back exactly, times to the nanosecond', async t => {
    const { runs } = await open(t)
    const stored = run('r1', { executedNs: 1_732_447_123_123_456_789n, modifiedNs: 9_223_372_036_854_775_807n })
    await runs.put(stored)
    t.deepEqual(await runs.get('solo', 'r1'), stored)
    t.deepEqual(await runs.list({ org: 'solo' }), [stored])
    t.is(await runs.get('other', 'r1'), undefined)
    t.is(await runs.get('solo', 'r2'), undefined)
  })

  test('putting a run again replaces it', async t => {
    const { runs } = await open(t)
    await runs.put(run('r1', { status: 'CREATING' }))
    const ended = run('r1', { status: 'ERROR', body: '{"ended":true}', modifiedNs: 1_700_000_009_000_000_000n })
    await runs.put(ended)
    t.deepEqual(await runs.list({ org: 'solo' }), [ended])
    t.deepEqual(await runs.begun(9), [])
  })

  test('lists are newest first, those of one nanosecond by name, and can be of one function', async t => {
    const { runs } = await open(t)
    const at = (offset: bigint) => ({ executedNs: 1_700_000_000_000_000_000n + offset })
    await runs.put(run('b', at(2n)))
    await runs.put(run('a', at(2n)))
    await runs.put(run('c', { ...at(1n), functionName: 'other' }))
    await runs.put(run('d', at(3n)))
    await runs.put(run('e', { ...at(9n), org: 'other' }))
    t.deepEqual(names(await runs.list({ org: 'solo' })), ['d', 'b', 'a', 'c'])
    t.deepEqual(names(await runs.list({ org: 'solo', functionName: 'hello' })), ['d', 'b', 'a'])
    t.deepEqual(names(await runs.list({ org: 'solo', functionName: 'nobody' })), [])
  })

  test('since keeps what was modified strictly later; year 1 keeps all, the far future nothing', async t => {
    const { runs } = await open(t)
    const modified = (seconds: bigint, ns: bigint) => ({ modifiedNs: seconds * nsPerSecond + ns })
    await runs.put(run('at', modified(1_700_000_000n, 0n)))
    await runs.put(run('after', modified(1_700_000_000n, 1n)))
    await runs.put(run('before', modified(1_699_999_999n, 999_999_999n)))
    const since = async (sinceSeconds: bigint) => names(await runs.list({ org: 'solo', sinceSeconds }))
    t.deepEqual(await since(1_700_000_000n), ['after'])
    t.deepEqual(await since(1_699_999_999n), ['before', 'at', 'after'])
    t.deepEqual(await since(-62_135_596_800n), ['before', 'at', 'after'])
    t.deepEqual(await since(9_999_999_999_999n), [])
    const both = await runs.list({ org: 'solo', functionName: 'hello', sinceSeconds: 1_700_000_000n })
    t.deepEqual(names(both), ['after'])
  })

  test('the latest changes of a function are its own, however many there were of others', async t => {
    const { runs } = await open(t)
    await runs.put(run('quiet', { functionName: 'quiet', modifiedNs: nsPerSecond }))
    const busy = Array.from({ length: maxListedChanges }, (_, index) => run(`busy-${index}`))
    await Promise.all(busy.map(runs.put))
    t.deepEqual(names(await runs.list({ org: 'solo', functionName: 'quiet', sinceSeconds: 0n })), ['quiet'])
    t.is((await runs.list({ org: 'solo', sinceSeconds: 0n })).length, maxListedChanges)
  })

  test('the latest changes are of what is there, however many there were of a function that has gone', async t => {
    const { runs } = await open(t)
    await runs.put(run('quiet', { functionName: 'quiet', functionId: 'f-quiet', modifiedNs: nsPerSecond }))
    await Promise.all(Array.from({ length: maxListedChanges }, (_, index) => runs.put(run(`gone-${index}`))))
    await runs.forgetFunction({ org: 'solo', functionName: 'hello', functionId: 'f-hello', isGone: false })
    await runs.put(run('new', { functionId: 'f-new', modifiedNs: nsPerSecond }))
    t.deepEqual(names(await runs.list({ org: 'solo', sinceSeconds: 0n })).toSorted(), ['new', 'quiet'])
    t.deepEqual(names(await runs.list({ org: 'solo', functionName: 'hello', sinceSeconds: 0n })), ['new'])
  })

  test('what has ended is found behind any number that have not', async t => {
    const { runs } = await open(t)
    await runs.put(run('ended', { executedNs: 1n, modifiedNs: nsPerSecond }))
    const waiting = Array.from({ length: maxListedChanges }, (_, index) => run(`w-${index}`, { status: 'INITIALIZED' }))
    await Promise.all(waiting.map(runs.put))
    for (const functionName of ['hello', undefined])
      for (const sinceSeconds of [0n, undefined]) {
        const query: RunQuery = { org: 'solo', functionName, sinceSeconds, ended: true, limit: 2 }
        t.deepEqual(names(await runs.list(query)), ['ended'])
      }
  })

  test('what waits and what is begun is found in every organization, oldest first', async t => {
    const { runs } = await open(t)
    await runs.put(run('a', { status: 'INITIALIZED', executedNs: 2n }))
    await runs.put(run('b', { status: 'INITIALIZED', executedNs: 1n, org: 'other' }))
    await runs.put(run('c', { status: 'READY', executedNs: 3n }))
    await runs.put(run('d', { status: 'CREATING', executedNs: 5n }))
    await runs.put(run('e', { status: 'CREATING', executedNs: 4n, org: 'other' }))
    const owner = { functionName: 'hello', functionId: 'f-hello' }
    t.deepEqual(await runs.waiting(), [
      { name: 'b', org: 'other', ...owner },
      { name: 'a', org: 'solo', ...owner },
    ])
    t.deepEqual(names(await runs.begun(9)), ['e', 'd'])
    t.deepEqual(names(await runs.begun(1)), ['e'])
  })

  test('a run is begun once, and not when it is gone', async t => {
    const { runs } = await open(t)
    await runs.put(run('a', { status: 'INITIALIZED' }))
    const begun = run('a', { status: 'CREATING', body: '{"begun":true}' })
    t.true(await runs.begin(begun))
    t.deepEqual(await runs.get('solo', 'a'), begun)
    t.false(await runs.begin(begun))
    t.false(await runs.begin(run('b', { status: 'CREATING' })))
    t.is(await runs.get('solo', 'b'), undefined)
  })

  test('pages: what is older than a run, what is next newer than it, newest first in either case', async t => {
    const { runs } = await open(t)
    for (let index = 1; index <= 6; index += 1) await runs.put(run(`r${index}`, { executedNs: BigInt(index >> 1) }))
    const list = async (query: Partial<RunQuery>) => names(await runs.list({ org: 'solo', ...query }))
    const at = (name: string, executedNs: bigint) => ({ name, executedNs })
    t.deepEqual(await list({ limit: 2 }), ['r6', 'r5'])
    t.deepEqual(await list({ limit: 3, before: at('r5', 2n) }), ['r4', 'r3', 'r2'])
    t.deepEqual(await list({ before: at('r2', 1n) }), ['r1'])
    t.deepEqual(await list({ limit: 2, after: at('r2', 1n) }), ['r4', 'r3'])
    t.deepEqual(await list({ after: at('r4', 2n), before: at('r6', 3n) }), ['r5'])
    t.deepEqual(await list({ after: at('r6', 3n) }), [])
  })

  test('a forgotten function has no runs from then on; another one of its name has its own', async t => {
    const { runs } = await open(t)
    await Promise.all(['a', 'b', 'c'].map(name => runs.put(run(name, { status: 'INITIALIZED' }))))
    await runs.put(run('d', { functionName: 'other', functionId: 'f-other' }))
    await runs.put(run('e', { org: 'other', functionId: 'f-e' }))
    const hello = { org: 'solo', functionName: 'hello', functionId: 'f-hello' }
    await runs.forgetFunction({ ...hello, isGone: false })
    while (await runs.sweepForgotten(2));
    await runs.put(run('g'))
    t.deepEqual(names(await runs.list({ org: 'solo' })), ['d'])
    t.is(await runs.get('solo', 'g'), undefined)
    await runs.forgetFunction({ ...hello, isGone: true })
    await runs.forgetFunction({ ...hello, isGone: false })
    await runs.put(run('f', { functionId: 'f-new', status: 'CREATING' }))
    const check = async () => {
      t.deepEqual(names(await runs.list({ org: 'solo' })), ['f', 'd'])
      t.deepEqual(names(await runs.list({ org: 'solo', functionName: 'hello' })), ['f'])
      t.deepEqual(names(await runs.list({ org: 'other' })), ['e'])
      t.is(await runs.get('solo', 'a'), undefined)
      t.deepEqual(await runs.waiting(), [])
    }
    await check()
    while (await runs.sweepForgotten(2)) await check()
    await check()
  })

  test('functions that have runs are found one after the other', async t => {
    const { runs } = await open(t)
    await runs.put(run('a', { functionName: 'b' }))
    await runs.put(run('b', { functionName: 'a' }))
    await runs.put(run('c', { functionName: 'a' }))
    await runs.put(run('d', { org: 'other' }))
    const found: (RunOwner | undefined)[] = []
    for (let owner = await runs.nextOwner(); owner; owner = await runs.nextOwner(owner)) found.push(owner)
    t.deepEqual(found, [
      { org: 'other', functionName: 'hello' },
      { org: 'solo', functionName: 'a' },
      { org: 'solo', functionName: 'b' },
    ])
  })

  test('what has ended before a time is removed, oldest first, and nothing that has not ended', async t => {
    const { runs } = await open(t)
    const owner = { org: 'solo', functionName: 'hello' }
    for (let index = 1; index <= 6; index += 1) await runs.put(run(`r${index}`, { executedNs: BigInt(index) }))
    await runs.put(run('r2', { executedNs: 2n, status: 'CREATING' }))
    await runs.put(run('x', { executedNs: 1n, functionName: 'other' }))
    t.is(await runs.executedNs(owner, { skip: 0, upToNs: 99n }), 6n)
    t.is(await runs.executedNs(owner, { skip: 2, upToNs: 5n }), 3n)
    t.is(await runs.executedNs(owner, { skip: 6, upToNs: 99n }), undefined)
    t.is(await runs.removeEnded(owner, { executedNs: 5n, limit: 2 }), 2)
    t.deepEqual(names(await runs.list(owner)), ['r6', 'r5', 'r4', 'r2'])
    t.is(await runs.removeEnded(owner, { executedNs: 5n, limit: 2 }), 1)
    t.deepEqual(names(await runs.list({ org: 'solo' })), ['r6', 'r5', 'r2', 'x'])
  })

  test('writes to runs are not told by the feed', async t => {
    const store = await open(t)
    store.onChange(() => t.fail())
    await store.runs.put(run('a'))
    t.is(await store.runs.removeEnded({ org: 'solo', functionName: 'hello' }, { executedNs: 2n ** 62n, limit: 9 }), 1)
  })
}
