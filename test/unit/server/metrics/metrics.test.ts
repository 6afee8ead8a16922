/** What /metrics serves: the page as a scraper reads it, and its numbers after something happened. */
import test, { type ExecutionContext } from 'ava'
import type { Outcome } from '../../../../server/core/execution.ts'
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
