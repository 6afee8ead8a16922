/** Stored events through REST: what became of them, what is dead, and trying again. */
import test, { type ExecutionContext } from 'ava'
import type { Outcome } from '../../../../server/core/execution.ts'
import { loadCapture } from '../../../helpers/captures.ts'
import { readEvents } from '../../../helpers/event-stream.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const url = '/v1/event/emissions'
const event = (fields: object = {}) => ({
  ...{ eventType: 'my.event', cloudEventsVersion: '0.1', source: 'here', eventID: '1' },
  ...fields,
})
const boom: Outcome = {
  ok: false,
  error: { type: 'FunctionError', message: 'boom', stacktrace: null },
  logs: { stdout: null, stderr: null },
}

interface Stage extends TestApp {
  subscribe(name: string, fields?: object): Promise<unknown>
  emit(fields?: object): Promise<unknown>
  /** The newest event, once it is as asked. */
  reachNewest(state: 'waiting' | 'delivered' | 'dead', reason?: string): Promise<StoredEvent>
}

// biome-ignore lint/suspicious/noExplicitAny: an answer, looked into by assertions
type StoredEvent = any

/** `outcome` is what the function `fn` comes to. */
async function createStage(t: ExecutionContext, outcome: () => Outcome = () => answer('1')): Promise<Stage> {
  const app = await createTestApp(t, { fn: outcome })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const newest = async () => {
    const { body } = await app.call('GET', `${url}?limit=1`)
    return (await app.call('GET', `${url}/${body[0].id}`)).body
  }
  return {
    ...app,
    subscribe: (name, fields = {}) =>
      app.call('POST', '/v1/event/subscriptions', { name, eventType: 'my.event', function: 'fn', ...fields }),
    emit: (fields = {}) => app.call('POST', '/v1/event', event(fields)),
    reachNewest: (state, reason) =>
      until(`the newest event is ${state}`, async () => {
        const found = await newest()
        const isSo = ({ state: its, reason: told }: StoredEvent) =>
          its === state && (reason === undefined || told?.includes(reason))
        return found.deliveries.some(isSo) && found
      }),
  }
}

test('an event is kept with what became of each delivery, and names its run', async t => {
  const { subscribe, emit, reachNewest, call } = await createStage(t)
  await subscribe('sub')
  await emit({ data: { n: 1 } })
  const stored = await reachNewest('delivered')
  const [run] = (await call('GET', '/v1/runs?functionName=fn')).body
  t.deepEqual(stored.deliveries, [{ subscription: 'sub', state: 'delivered', tries: 1, reason: null, run: run.name }])
  t.deepEqual(stored.counts, { waiting: 0, delivered: 1, dead: 0 })
  t.deepEqual(stored.event, event({ eventTime: '0001-01-01T00:00:00.000Z', data: { n: 1 } }))
  t.is(stored.id[14], '7')
  const { deliveries: _, ...listed } = stored
  t.deepEqual((await call('GET', url)).body, [listed])
})

test('an event that nobody waits for is kept too', async t => {
  const { emit, call } = await createStage(t)
  await emit()
  const [stored] = (await call('GET', url)).body
  t.deepEqual((await call('GET', `${url}/${stored.id.toUpperCase()}`)).body.deliveries, [])
  t.is((await call('GET', `${url}/${stored.id}`, undefined, { 'x-dispatch-org': 'other' })).status, 404)
  t.deepEqual((await call('GET', url, undefined, { 'x-dispatch-org': 'other' })).body, [])
})

test('a list is newest first, by pages that the header Link tells, and of a type', async t => {
  const { emit, call } = await createStage(t)
  for (let number = 1; number <= 5; number += 1) await emit({ eventID: `${number}` })
  await emit({ eventID: '6', eventType: 'other' })
  const read = async (asked: string) => {
    const { body, headers } = await call('GET', asked)
    const next = /<(.*)>; rel="next"/.exec(String(headers.link))?.[1]
    return { ids: body.map((each: StoredEvent) => each.event.eventID), next }
  }
  t.deepEqual(await read(url), { ids: ['6', '5', '4', '3', '2', '1'], next: undefined })
  const first = await read(`${url}?limit=2&type=my.event`)
  t.deepEqual(first.ids, ['5', '4'])
  const second = await read(first.next ?? '')
  t.deepEqual(second.ids, ['3', '2'])
  t.deepEqual((await read(second.next ?? '')).ids, ['1'])
})

test('what fails as often as it may is dead with its reason, and found; a retry delivers it', async t => {
  let outcome: Outcome = boom
  const { subscribe, emit, reachNewest, call } = await createStage(t, () => outcome)
  await subscribe('sub', { retry: { tries: 2, withinSeconds: 1 } })
  await emit({ eventID: 'bad' })
  const dead = await reachNewest('dead')
  t.like(dead.deliveries[0], { tries: 2, reason: ['FunctionError: boom'], nextTryTime: undefined })
  t.is((await call('GET', '/v1/runs?functionName=fn')).body.length, 2)
  outcome = answer('1')
  await emit({ eventID: 'good' })
  await reachNewest('delivered')
  t.deepEqual(
    (await call('GET', `${url}?dead=true`)).body.map(({ id = '' }) => id),
    [dead.id],
  )
  t.is((await call('POST', `${url}/${dead.id}/retry`)).body.counts.dead, 0)
  const delivered = await until('it is delivered', async () => {
    const { body } = await call('GET', `${url}/${dead.id}`)
    return body.counts.delivered === 1 && body
  })
  t.like(delivered.deliveries[0], { state: 'delivered', tries: 1, reason: null })
  t.deepEqual((await call('GET', `${url}?dead=true`)).body, [])
})

test('a subscription tells what waits for it and why, and what is dead', async t => {
  const { subscribe, emit, reachNewest, call } = await createStage(t, () => boom)
  const backlog = async (name: string) => (await call('GET', `/v1/event/subscriptions/${name}/backlog`)).body
  await subscribe('sub', { retry: { tries: 1 } })
  t.deepEqual(await backlog('sub'), { waiting: 0, dead: 0, reason: null })
  await emit()
  await reachNewest('dead')
  t.deepEqual(await backlog('sub'), { waiting: 0, dead: 1, reason: null })
  await subscribe('early', { function: 'later' })
  await emit()
  const held = await until('it is held', async () => {
    const found = await backlog('early')
    return found.reason && found
  })
  t.deepEqual(held, { waiting: 1, dead: 0, reason: ['function later not found'] })
  t.is((await backlog('none')).message, 'subscription none not found')
})

test('between tries it waits, and says why and until when; a retry does not wait', async t => {
  const outcomes: Outcome[] = [boom]
  const { subscribe, emit, reachNewest, call } = await createStage(t, () => outcomes.shift() ?? answer('1'))
  await subscribe('sub')
  await emit()
  const waiting = await reachNewest('waiting', 'FunctionError: boom')
  const pauseNs = waiting.deliveries[0].nextTryTime - waiting.emittedTime
  t.true(pauseNs > 10e9 && pauseNs < 100e9)
  t.is((await call('POST', `${url}/${waiting.id}/retry`)).status, 200)
  await reachNewest('delivered')
})

test('what has nothing to try again, and what is no event, is told', async t => {
  const { subscribe, emit, reachNewest, call } = await createStage(t)
  await subscribe('sub')
  await emit()
  const { id } = await reachNewest('delivered')
  t.like(await call('POST', `${url}/${id}/retry`), { status: 409, body: { code: 409 } })
  t.is((await call('POST', `${url}/${id}/retry`, undefined, { 'x-dispatch-org': 'other' })).status, 404)
  const unknown = '01a20d76-6e31-7986-b2b7-4c460a224a6e'
  for (const [method, path] of [
    ['GET', `${url}/${unknown}`],
    ['POST', `${url}/${unknown}/retry`],
  ] as const)
    t.like(await call(method, path), { status: 404, body: { message: `event ${unknown} not found` } })
  t.is((await call('GET', `${url}?follow=true&dead=true`)).status, 422)
})

test('a function that is missing is the reason why events wait, and costs no try', async t => {
  const { subscribe, emit, reachNewest } = await createStage(t)
  await subscribe('sub', { function: 'none' })
  await emit()
  const { deliveries } = await reachNewest('waiting', 'function none not found')
  t.like(deliveries[0], { tries: 0, run: undefined })
})

test('a subscription shows its retry and its filter, and loses them by an update without', async t => {
  const { subscribe, call, emit, reachNewest, reach } = await createStage(t)
  const own = { retry: { tries: 3 }, filter: { source: 'here', subject: 'x' }, eventType: 'my.*' }
  t.like(((await subscribe('sub', own)) as StoredEvent).body, own)
  await reach('/v1/event/subscriptions/sub', 'READY')
  await emit()
  await emit({ extensions: { subject: 'x' } })
  t.is((await reachNewest('delivered')).event.extensions.subject, 'x')
  t.deepEqual(
    (await call('GET', url)).body.map(({ counts = {} }) => counts),
    [
      { waiting: 0, delivered: 1, dead: 0 },
      { waiting: 0, delivered: 0, dead: 0 },
    ],
  )
  const updated = { name: 'sub', eventType: 'my.event', function: 'fn' }
  const { body } = await call('PUT', '/v1/event/subscriptions/sub', updated)
  t.deepEqual([body.retry, body.filter], [undefined, undefined])
  const refused = await call('POST', '/v1/event/subscriptions', { ...updated, name: 'bad', eventType: 'a*' })
  t.is(refused.body.message, "eventType in body should match '^[\\w\\d\\-\\.]+$'")
})

test('who follows is told each event of the type as it comes, and none of before', async t => {
  const { app, emit } = await createStage(t)
  const address = await app.api.listen({ host: '127.0.0.1', port: 0 })
  await emit({ eventID: 'before' })
  const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }
  const all = await readEvents(`${address}${url}?follow=true`, headers)
  const some = await readEvents(`${address}${url}?follow=true&type=other`, headers)
  const elsewhere = await readEvents(`${address}${url}?follow=true`, { ...headers, 'x-dispatch-org': 'else' })
  t.is(all.headers['content-type'], 'text/event-stream')
  for (let number = 0; number < 250; number += 1) await emit({ eventID: `${number}` })
  await emit({ eventID: 'last', eventType: 'other' })
  await until('all came', async () => all.events.length === 251)
  await until('the other one came', async () => some.events.length === 1)
  t.deepEqual(
    all.events.map(({ data }) => data.event.eventID),
    [...Array.from({ length: 250 }, (_, number) => `${number}`), 'last'],
  )
  t.is(some.events[0]?.data.event.eventType, 'other')
  t.is(elsewhere.events.length, 0)
  for (const reader of [all, some, elsewhere]) reader.leave()
})
