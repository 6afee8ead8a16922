/** What /metrics serves: the page as a scraper reads it, and its numbers after something happened. */
import test, { type ExecutionContext } from 'ava'
import { BusyError, type ExecutionStats, type Outcome } from '../../../../server/core/execution.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { StoreStats } from '../../../../server/store/port.ts'
import { createFakeExecution } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'
import { loadPage, parseTables, unquote } from '../../docs/pages.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'
const logs = { stdout: null, stderr: null }
const fail: Outcome = { ok: false, error: { type: 'FunctionError', message: 'no', stacktrace: null }, logs }

async function scrape({ app }: TestApp) {
  const { statusCode, headers, body } = await app.api.inject({ method: 'GET', url: '/metrics' })
  const samples = body
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))] as const)
  const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type])
  return { statusCode, headers, values: new Map(samples), types }
}

async function createReady(t: ExecutionContext): Promise<TestApp> {
  const app = await createTestApp(t, {
    fn: ({ payloadJson }) => (payloadJson === '1' ? fail : { ok: true, outputJson: '1', logs }),
  })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  return app
}

test('runs are counted by language and outcome, also between two scrapes', async t => {
  const app = await createReady(t)
  const run = (input: unknown) => app.call('POST', '/v1/runs?functionName=fn', { blocking: true, input })
  await run(0)
  const first = await scrape(app)
  t.is(first.statusCode, 200)
  t.regex(String(first.headers['content-type']), /^text\/plain; version=0\.0\.4/)
  t.is(first.values.get('dispatch_runs_total{language="python3",outcome="READY"}'), 1)
  await run(1)
  await run(0)
  const { values } = await scrape(app)
  t.is(values.get('dispatch_runs_total{language="python3",outcome="READY"}'), 2)
  t.is(values.get('dispatch_runs_total{language="python3",outcome="FunctionError"}'), 1)
  t.is(values.get('dispatch_run_duration_seconds_count{language="python3"}'), 3)
  t.is(values.get('dispatch_run_duration_seconds_bucket{language="python3",le="+Inf"}'), 3)
  const buckets = [...values].filter(([name]) => name.startsWith('dispatch_run_duration_seconds_bucket'))
  t.true(buckets.every(([, value], index) => value >= (buckets[index - 1]?.[1] ?? 0)))
})

test('what is under way, and who follows, is told as it is', async t => {
  const end = Promise.withResolvers<Outcome>()
  const app = await createTestApp(t, { fn: () => end.promise })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const running = app.call('POST', '/v1/runs?functionName=fn', { blocking: true })
  await until('a run is under way', async () => (await scrape(app)).values.get('dispatch_runs_under_way') === 1)
  end.resolve(fail)
  await running
  t.is((await scrape(app)).values.get('dispatch_runs_under_way'), 0)
})

/** No two values are equal, so that each shows where it went. */
const execution: ExecutionStats = {
  pools: [{ dockerImage: 'sha256:a', network: 'none', ready: 2, starting: 3 }],
  functions: [
    { org: 'o', name: 'f', revisionId: 'v', warm: true, workers: 5, busy: 7, waiting: 11 },
    { org: 'o', name: 'g', revisionId: 'w', warm: false, workers: 13, busy: 17, waiting: 19 },
  ],
  workers: { used: 29, limit: 31 },
  counters: {
    ...{ coldStarts: 37, warmStarts: 41, lostContainers: 43 },
    calls: { ok: 47, InputError: 53, FunctionError: 59, SystemError: 61, busy: 67 },
  },
}
const commits: StoreStats = {
  commitSeconds: { bounds: [0.5], counts: [71, 2], sum: 1.5 },
  commitWrites: { bounds: [8], counts: [79, 4], sum: 100 },
}

test('what the engine and the store have counted is told, each by its name', async t => {
  const app = await createTestApp(
    t,
    {},
    {
      execution: { ...createFakeExecution(), stats: () => execution },
      store: { ...createMemoryStore(), stats: () => commits },
    },
  )
  const { values } = await scrape(app)
  const told = [...values].filter(([name]) =>
    /^dispatch_(calls|workers|functions|function_starts|containers|pool|store)_/.test(`${name}_`),
  )
  t.deepEqual(Object.fromEntries(told), {
    'dispatch_calls_total{outcome="ok"}': 47,
    'dispatch_calls_total{outcome="InputError"}': 53,
    'dispatch_calls_total{outcome="FunctionError"}': 59,
    'dispatch_calls_total{outcome="SystemError"}': 61,
    'dispatch_calls_total{outcome="busy"}': 67,
    dispatch_calls_under_way: 24,
    dispatch_calls_waiting: 30,
    dispatch_workers: 29,
    dispatch_workers_limit: 31,
    dispatch_functions_warm: 1,
    'dispatch_function_starts_total{start="cold"}': 37,
    'dispatch_function_starts_total{start="warm"}': 41,
    dispatch_containers_lost_total: 43,
    'dispatch_pool_containers{image="sha256:a",network="none",state="ready"}': 2,
    'dispatch_pool_containers{image="sha256:a",network="none",state="starting"}': 3,
    'dispatch_store_commit_duration_seconds_bucket{le="0.5"}': 71,
    'dispatch_store_commit_duration_seconds_bucket{le="+Inf"}': 73,
    dispatch_store_commit_duration_seconds_sum: 1.5,
    dispatch_store_commit_duration_seconds_count: 73,
    'dispatch_store_commit_writes_bucket{le="8"}': 79,
    'dispatch_store_commit_writes_bucket{le="+Inf"}': 83,
    dispatch_store_commit_writes_sum: 100,
    dispatch_store_commit_writes_count: 83,
  })
})

test('runs that wait, are under way and were refused are told apart', async t => {
  const gate = Promise.withResolvers<Outcome>()
  const app = await createTestApp(t, { fn: () => gate.promise }, { maxWaitingRuns: 3 })
  t.teardown(() => gate.resolve(fail))
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const run = async () => (await app.call('POST', '/v1/runs?functionName=fn', {})).status
  for (let begun = 1; begun <= 8; begun += 1) {
    t.is(await run(), 202)
    await until('it is begun', async () => app.execution.invocations.length === begun)
  }
  const later = [await run(), await run(), await run(), await run(), await run()]
  t.deepEqual(later, [202, 202, 202, 429, 429])
  const { values } = await scrape(app)
  t.is(values.get('dispatch_runs_under_way'), 8)
  t.is(values.get('dispatch_runs_waiting'), 3)
  t.is(values.get('dispatch_runs_refused_total'), 2)
})

test('a run that a defect of ours ends is counted, a delivery that finds no room is not refused', async t => {
  const app = await createTestApp(t, {
    fn: ({ payloadJson }) => {
      throw payloadJson === '1' ? new BusyError('no room', 1) : new Error('a defect')
    },
  })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const { body } = await app.call('POST', '/v1/runs?functionName=fn', {})
  await app.reach(`/v1/runs/${body.name}`, 'ERROR')
  const outcome = 'dispatch_runs_total{language="python3",outcome="SystemError"}'
  await until('it is counted', async () => (await scrape(app)).values.get(outcome) === 1)

  await app.call('POST', '/v1/event/subscriptions', { name: 's', function: 'fn', eventType: 'e' })
  await app.reach('/v1/event/subscriptions/s', 'READY')
  const event = { eventType: 'e', eventID: '1', source: 's', cloudEventsVersion: '0.1', data: 1 }
  t.is((await app.call('POST', '/v1/event', event)).status, 200)
  await until('it is held', async () => (await scrape(app)).values.get('dispatch_subscriptions_held') === 1)
  t.is((await scrape(app)).values.get('dispatch_runs_refused_total'), 0)
})

test('the page of metrics names what is served, all of it and nothing else', async t => {
  const { types } = await scrape(await createReady(t))
  const rows = parseTables(loadPage('docs/reference/metrics.md')).filter(([name = '']) => name.startsWith('`'))
  t.deepEqual(rows.map(([name = '', type]) => [unquote(name), type]).toSorted(), types.toSorted())
  t.true(rows.every(cells => (cells.at(-1) ?? '').length > 5))
})

test('only GET, and nothing else below it', async t => {
  const { call } = await createReady(t)
  t.like(await call('POST', '/metrics', {}), { status: 405, headers: { allow: 'GET' } })
  t.is((await call('GET', '/metrics/more')).status, 404)
})

test('the room on the disk is told, and left out where it cannot be', async t => {
  const { values } = await scrape(await createTestApp(t))
  t.is(values.get('dispatch_disk_free_bytes'), 10 * 1024 ** 3)
  t.is(values.get('dispatch_disk_bytes'), 40 * 1024 ** 3)
  const untold = await scrape(await createTestApp(t, {}, { readDisk: () => undefined }))
  t.false(untold.values.has('dispatch_disk_free_bytes'))
})
