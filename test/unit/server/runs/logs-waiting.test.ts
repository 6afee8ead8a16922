/** Streams of logs and runs that wait: they are followed until their turn comes, or until it cannot come any more. */
import test from 'ava'
import { BusyError } from '../../../../server/core/execution.ts'
import { createLiveRuns } from '../../../../server/runs/live.ts'
import { createLogs } from '../../../../server/runs/logs.ts'
import { createMemoryRuns } from '../../../../server/store/memory-runs.ts'
import { createClock } from '../../../../server/system.ts'
import { run } from '../../../contract/store/samples.ts'
import { brief, readEvents } from '../../../helpers/event-stream.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'

test('the stream of a waiting run ends when the run has gone with its function, and not before', async t => {
  const runs = createMemoryRuns()
  const live = createLiveRuns({ execution: { follow: () => () => undefined }, clock: createClock(), maxFollowers: 1 })
  const logs = createLogs({ live, runs, functionIdOf: async () => 'id', heartbeatMs: 5 })
  const waiting = run('waiting', { status: 'INITIALIZED' })
  await runs.put(waiting)
  const pieces: string[] = []
  const stream = await logs.ofRun({ org: 'solo', name: 'waiting', functionName: undefined, follow: true })
  const read = async () => {
    for await (const piece of stream) pieces.push(piece)
    return true
  }
  const reading = read()
  await until('two heartbeats came', async () => pieces.length >= 3)
  t.is(live.stats.followers, 1)
  await runs.forgetFunction({ ...waiting, isGone: true })
  t.true(await Promise.race([reading, until('the stream ends', async () => live.stats.followers === 0)]))
  t.is(live.stats.followers, 0)
})

test('who follows a function, or a run of it that waits, is told at once that the function is gone; others are not', async t => {
  const runs = createMemoryRuns()
  const live = createLiveRuns({ execution: { follow: () => () => undefined }, clock: createClock(), maxFollowers: 3 })
  const ids = new Map([
    ['hello', '1'],
    ['other', '2'],
  ])
  const functionIdOf = async (_: string, name: string) => ids.get(name)
  const logs = createLogs({ live, runs, functionIdOf, heartbeatMs: 3_600_000 })
  const waiting = run('waiting', { status: 'INITIALIZED' })
  await runs.put(waiting)
  const ended: string[] = []
  const read = async (title: string, stream: AsyncIterable<string>) => {
    for await (const _ of stream);
    ended.push(title)
  }
  const ofFunction = (functionName: string) =>
    logs.ofFunction({ org: 'solo', functionName, sinceSeconds: undefined, follow: true })
  void read('other', await ofFunction('other'))
  const ofWaiting = await logs.ofRun({ org: 'solo', name: 'waiting', functionName: undefined, follow: true })
  const reading = Promise.all([read('run', ofWaiting), read('function', await ofFunction('hello'))])
  live.functionGone({ org: 'solo', functionName: 'hello' })
  await runs.forgetFunction({ ...waiting, isGone: true })
  ids.set('hello', '3')
  live.functionGone({ org: 'solo', functionName: 'hello' })
  await Promise.race([reading, until('both have ended', async () => ended.length === 2)])
  t.deepEqual(ended.toSorted(), ['function', 'run'])
  t.is(live.stats.followers, 1)
  live.close()
})

test('who follows a function that goes while it is looked up is told so, and who asks for none leaves nothing behind', async t => {
  const runs = createMemoryRuns()
  const live = createLiveRuns({ execution: { follow: () => () => undefined }, clock: createClock(), maxFollowers: 1 })
  let id: string | undefined = '1'
  const functionIdOf = async () => {
    const found = id
    id = undefined
    live.functionGone({ org: 'solo', functionName: 'hello' })
    return found
  }
  const logs = createLogs({ live, runs, functionIdOf, heartbeatMs: 3_600_000 })
  const query = { org: 'solo', functionName: 'hello', sinceSeconds: undefined, follow: true }
  const stream = await logs.ofFunction(query)
  const read = async () => {
    for await (const _ of stream);
  }
  await Promise.race([read(), until('the stream ends', async () => live.stats.followers === 0)])
  await t.throwsAsync(logs.ofFunction(query), { message: 'function hello not found' })
  t.is(live.stats.followers, 0)
})

test('a run that is put back because all are busy is followed until it has had its turn', async t => {
  let isBusy = true
  const app = await createTestApp(t, {
    fn: () => (isBusy ? Promise.reject(new BusyError('all workers are busy', 0.01)) : answer('1')),
  })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const { body } = await app.call('POST', '/v1/runs?functionName=fn', {})
  const address = await app.app.api.listen({ host: '127.0.0.1', port: 0 })
  const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }
  const reader = await readEvents(`${address}/v1/runs/${body.name}/logs?follow=true`, headers)
  t.teardown(reader.leave)
  const refusals = app.execution.invocations.length
  await until('it was put back again', async () => app.execution.invocations.length >= refusals + 3)
  isBusy = false
  await reader.ended
  t.deepEqual(reader.events.map(brief), ['end READY'])
})

test('what a function has printed is told although many of its newer runs wait', async t => {
  const runs = createMemoryRuns()
  const live = createLiveRuns({ execution: { follow: () => () => undefined }, clock: createClock(), maxFollowers: 1 })
  const logs = createLogs({ live, runs, functionIdOf: async () => 'id' })
  await runs.put(run('ended', { executedNs: 1n, body: '{"logs":{"stdout":["told"],"stderr":null}}' }))
  for (let count = 0; count < 100; count += 1) await runs.put(run(`waiting-${count}`, { status: 'INITIALIZED' }))
  for (const sinceSeconds of [0n, undefined]) {
    let text = ''
    const query = { org: 'solo', functionName: 'hello', sinceSeconds, follow: false }
    for await (const piece of await logs.ofFunction(query)) text += piece
    t.true(text.includes('told') && text.includes('READY'), text)
  }
})
