/** What every store promises for the log of runs. */
import type { TestFn } from 'ava'
import type { RunRecord } from '../../../server/store/port.ts'
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
    t.deepEqual(await runs.unfinished(), [])
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

  test('unfinished runs are those of every organization that wait or execute', async t => {
    const { runs } = await open(t)
    await runs.put(run('a', { status: 'INITIALIZED', executedNs: 1n }))
    await runs.put(run('b', { status: 'CREATING', executedNs: 2n, org: 'other' }))
    await runs.put(run('c', { status: 'READY', executedNs: 3n }))
    await runs.put(run('d', { status: 'ERROR', executedNs: 4n }))
    t.deepEqual(names(await runs.unfinished()), ['b', 'a'])
  })

  test('the runs of a function go together', async t => {
    const { runs } = await open(t)
    await Promise.all(['a', 'b', 'c'].map(name => runs.put(run(name))))
    await runs.put(run('d', { functionName: 'other' }))
    await runs.put(run('e', { org: 'other' }))
    t.is(await runs.removeOfFunction('solo', 'hello'), 3)
    t.is(await runs.removeOfFunction('solo', 'hello'), 0)
    t.deepEqual(names(await runs.list({ org: 'solo' })), ['d'])
    t.deepEqual(names(await runs.list({ org: 'other' })), ['e'])
  })

  test('writes to runs are not told by the feed', async t => {
    const store = await open(t)
    store.onChange(() => t.fail())
    await store.runs.put(run('a'))
    t.is(await store.runs.removeOfFunction('solo', 'hello'), 1)
  })
}
