/** Streams of what runs print, over real connections; the engine is played by the test. */
import test, { type ExecutionContext } from 'ava'
import type { LineListener, Outcome } from '../../../../server/core/execution.ts'
import { brief, type EventReader, readEvents } from '../../../helpers/event-stream.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'
const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }

interface Call {
  id: string
  tell: LineListener
  end(outcome: Outcome): void
}

interface Stage extends TestApp {
  calls: Call[]
  read(path: string, more?: Record<string, string>): Promise<EventReader>
  /** Begins a run and resolves when the engine has it. */
  begin(): Promise<Call>
}

const ok = (stdout: string[] | null, stderr: string[] | null = null): Outcome => ({
  ok: true,
  outputJson: '1',
  logs: { stdout, stderr },
})

async function createStage(t: ExecutionContext): Promise<Stage> {
  const calls: Call[] = []
  const play = ({ id }: { id: string }) => {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    calls.push({ id, end: resolve, tell: (...what) => app.execution.listeners.get(id)?.(...what) })
    return promise
  }
  const app = await createTestApp(t, { fn: play })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const address = await app.app.api.listen({ host: '127.0.0.1', port: 0 })
  const readers: EventReader[] = []
  t.teardown(() => {
    for (const reader of readers) reader.leave()
    for (const call of calls) call.end(ok(null))
  })
  return {
    ...app,
    calls,
    read: async (path, more) => {
      const reader = await readEvents(address + path, { ...headers, ...more })
      readers.push(reader)
      return reader
    },
    begin: async () => {
      const count = calls.length
      void app.call('POST', '/v1/runs?functionName=fn', { blocking: true })
      return until('the call is under way', async () => calls[count])
    },
  }
}

const untilTold = (reader: EventReader, count: number) =>
  until(`${count} events`, async () => reader.events.length >= count)

test('a run under way: the lines so far, then new ones, each once, then its end', async t => {
  const { begin, read, execution } = await createStage(t)
  const call = await begin()
  t.is(execution.listeners.size, 0)
  const first = await read(`/v1/runs/${call.id}/logs?follow=true`)
  t.like(first, { status: 200, headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
  call.tell('stdout', ['one', 'two'])
  await untilTold(first, 2)
  const second = await read(`/v1/runs/${call.id}/logs?follow=true`)
  await untilTold(second, 2)
  call.tell('stderr', ['oops'])
  call.end(ok(['one', 'two', 'three\u2028"'], ['oops', '']))
  await Promise.all([first.ended, second.ended])
  t.is(execution.listeners.size, 0)
  for (const { events } of [first, second]) {
    const expected = [
      'stdout 1 one',
      'stdout 2 two',
      'stderr 1 oops',
      'stdout 3 three\u2028"',
      'stderr 2 ',
      'end READY',
    ]
    t.deepEqual(events.map(brief), expected)
    t.true(events.every(({ data }) => data.run === call.id && data.time > 1e18))
  }
})

test('a run that has ended is told whole, followed or not, and the answer ends', async t => {
  const { begin, read, reach } = await createStage(t)
  const call = await begin()
  call.end({
    ok: false,
    error: { type: 'FunctionError', message: 'no', stacktrace: null },
    logs: ok(['a'], ['b']).logs,
  })
  await reach(`/v1/runs/${call.id}`, 'ERROR')
  for (const query of ['', '?follow=false', '?follow=true']) {
    const reader = await read(`/v1/runs/${call.id}/logs${query}`)
    await reader.ended
    t.deepEqual(reader.events.map(brief), ['stdout 1 a', 'stderr 1 b', 'end ERROR'], query)
  }
})

test('what the container took with it stays told, and the end comes', async t => {
  const { begin, read } = await createStage(t)
  const call = await begin()
  const reader = await read(`/v1/runs/${call.id}/logs?follow=true`)
  call.tell('stdout', ['one'])
  call.end({ ok: false, error: { type: 'SystemError', message: 'gone', stacktrace: null }, logs: ok(null).logs })
  await reader.ended
  t.deepEqual(reader.events.map(brief), ['stdout 1 one', 'end ERROR'])
})

test('a function: its runs as they come; with since those recorded before too, none twice', async t => {
  const { begin, read, reach } = await createStage(t)
  const old = await begin()
  old.end(ok(['old']))
  await reach(`/v1/runs/${old.id}`, 'READY')
  const running = await begin()
  const live = await read('/v1/function/fn/logs?follow=true')
  const since = await read('/v1/function/fn/logs?follow=true&since=0')
  running.tell('stdout', ['so far'])
  running.end(ok(['so far', 'last']))
  const next = await begin()
  next.end(ok(['next']))
  await untilTold(live, 5)
  await untilTold(since, 7)
  const told = ['stdout 1 so far', 'stdout 2 last', 'end READY', 'stdout 1 next', 'end READY']
  t.deepEqual(live.events.map(brief), told)
  t.deepEqual(since.events.map(brief), ['stdout 1 old', 'end READY', ...told])
  const all = await read('/v1/function/fn/logs')
  await all.ended
  t.deepEqual(all.events.map(brief), ['stdout 1 old', 'end READY', ...told])
})

test('a reader that goes away costs nothing any more', async t => {
  const { begin, read, execution } = await createStage(t)
  const call = await begin()
  const leaving = await read('/v1/function/fn/logs?follow=true')
  const staying = await read(`/v1/runs/${call.id}/logs?follow=true`)
  await until('the call is followed', async () => execution.listeners.size === 1)
  leaving.leave()
  call.tell('stdout', ['one'])
  await untilTold(staying, 1)
  staying.leave()
  await until('the call is followed no more', async () => execution.listeners.size === 0)
  const later = await read(`/v1/runs/${call.id}/logs?follow=true`)
  call.end(ok(['one']))
  await later.ended
  t.deepEqual(later.events.map(brief), ['stdout 1 one', 'end READY'])
})

test('a function that is deleted: its runs under way have their end told, then the answer ends', async t => {
  const { begin, read, call } = await createStage(t)
  const running = await begin()
  const first = await read('/v1/function/fn/logs?follow=true')
  await call('POST', '/v1/function', { name: 'other', image: 'python3', source })
  const other = await read('/v1/function/other/logs?follow=true')
  await call('DELETE', '/v1/function/fn')
  const late = await read('/v1/function/fn/logs?follow=true')
  running.tell('stdout', ['one'])
  await untilTold(late, 1)
  running.end(ok(['one', 'last']))
  await Promise.all([first.ended, late.ended])
  for (const { events } of [first, late]) t.deepEqual(events.map(brief), ['stdout 1 one', 'stdout 2 last', 'end READY'])
  t.is((await call('GET', '/v1/function/fn/logs?follow=true')).status, 404)
  await call('DELETE', '/v1/function/other')
  await other.ended
  t.deepEqual(other.events, [])
})

test('what cannot be read is refused as elsewhere', async t => {
  const { begin, read, call } = await createStage(t)
  const { id } = await begin()
  const refusals: [string, number, string][] = [
    ['/v1/function/absent/logs?follow=true', 404, 'function absent not found'],
    [
      '/v1/runs/c0ffee00-0000-4000-8000-000000000000/logs',
      404,
      'function run c0ffee00-0000-4000-8000-000000000000 not found',
    ],
    ['/v1/runs/fn/logs', 601, 'runName in path must be of type uuid: "fn"'],
  ]
  for (const [path, code, message] of refusals) t.deepEqual((await call('GET', path)).body, { code, message })
  t.is((await call('GET', `/v1/runs/${id}/logs?functionName=other`)).status, 404)
  t.is((await read(`/v1/runs/${id}/logs?functionName=fn`)).status, 200)
  for (const follow of ['', '?follow=true'])
    for (const path of [`/v1/runs/${id}/logs`, '/v1/function/fn/logs'])
      t.is((await call('GET', path + follow, undefined, { 'x-dispatch-org': 'other' })).status, 404)
  t.is((await read(`/v1/runs/${id}/logs`, { cookie: '' })).status, 401)
  t.is((await call('GET', '/v1/function/fn/logs?follow=perhaps')).status, 422)
})

test('not more than 64 follow at the same time; stopping lets them go with the last lines', async t => {
  const { begin, read, call, app } = await createStage(t)
  const running = await begin()
  const readers = await Promise.all(Array.from({ length: 64 }, () => read('/v1/function/fn/logs?follow=true')))
  const refused = await call('GET', '/v1/function/fn/logs?follow=true')
  t.like(refused, { status: 429, headers: { 'retry-after': '5' } })
  const drained = app.drain()
  running.end(ok(['last']))
  await drained
  t.like((await call('GET', '/v1/function/fn/logs?follow=true')).body, { code: 503 })
  await Promise.all(readers.map(({ ended }) => ended))
  t.true(readers.every(({ events }) => events.map(brief).join() === 'stdout 1 last,end READY'))
})
