/** Delivery: what is emitted reaches each subscription as a run of its function, and waits for a function that is not there. */
import test from 'ava'
import { openSqliteStore } from '../../../../server/store/sqlite.ts'
import { temporaryDir } from '../../../contract/store/samples.ts'
import { loadCapture } from '../../../helpers/captures.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const event = (fields: object = {}) => ({
  ...{ eventType: 'my.event', cloudEventsVersion: '0.1', source: 'here', eventID: '1' },
  ...fields,
})

async function createFunction({ call, reach }: TestApp, name: string): Promise<void> {
  await call('POST', '/v1/function', { name, image: 'python3', source })
  await reach(`/v1/function/${name}`, 'READY')
}

const subscribe = ({ call }: TestApp, name: string, fields: object = {}) =>
  call('POST', '/v1/event/subscriptions', { name, eventType: 'my.event', function: 'fn', ...fields })

const emit = ({ call }: TestApp, fields: object = {}) => call('POST', '/v1/event', event(fields))

const runsOf = ({ call }: TestApp, name: string, count: number) =>
  until(`${count} runs of ${name}`, async () => {
    const { body } = await call('GET', `/v1/runs?functionName=${name}`)
    return body.length === count && body
  })

const reachTotals = ({ store }: TestApp, waiting: number) =>
  until(`${waiting} deliveries wait`, async () => (await store.events.totals()).waiting === waiting)

test('an event is a run of the function, with its data as input and without it as event', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await createFunction(app, 'fn')
  await subscribe(app, 'sub')
  const data = '{"n":12345678901234567890,"x":1.0}'
  const sent = JSON.stringify(event({ extensions: { a: 'b' }, id: '00000000-0000-4000-8000-000000000000', data: 0 }))
  t.is((await app.call('POST', '/v1/event', sent.replace('"data":0', `"data":${data}`))).status, 200)
  const [run] = await runsOf(app, 'fn', 1)
  const expected = event({ extensions: { a: 'b' }, eventTime: '0001-01-01T00:00:00.000Z', data: null })
  t.deepEqual(run.event, expected)
  t.like(run, { status: 'READY', secrets: null, tags: [] })
  t.is(run.blocking, undefined)
  t.is(app.execution.invocations[0]?.payloadJson, data)
  await reachTotals(app, 0)
})

test('an event without data gives the function null, and its run no input', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await createFunction(app, 'fn')
  await subscribe(app, 'sub')
  await emit(app)
  const [run] = await runsOf(app, 'fn', 1)
  t.is(run.input, undefined)
  t.is(app.execution.invocations[0]?.payloadJson, 'null')
})

test('defect "subscriptions compete": each gets every event, of its type and organization alone', async t => {
  const app = await createTestApp(t)
  await seed(app)
  for (const name of ['fn', 'other']) await createFunction(app, name)
  await subscribe(app, 'one')
  await subscribe(app, 'two', { function: 'other' })
  await subscribe(app, 'three', { eventType: 'my.event2' })
  await app.call('POST', '/v1/event', event(), { 'x-dispatch-org': 'other' })
  for (let number = 0; number < 10; number += 1) await emit(app, { data: number })
  for (const name of ['fn', 'other']) {
    const runs = await runsOf(app, name, 10)
    const inputs: number[] = runs.map(({ input = -1 }) => input)
    t.deepEqual(inputs.sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  }
})

test('defect "a full queue blocks emitters": a subscription that stands still holds up neither them nor others', async t => {
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof answer>>>()
  const app = await createTestApp(t, { slow: () => promise })
  t.teardown(async () => resolve(await answer('1')))
  await seed(app)
  for (const name of ['slow', 'fn']) await createFunction(app, name)
  await subscribe(app, 'still', { function: 'slow' })
  await subscribe(app, 'quick')
  for (let number = 0; number < 200; number += 1) t.is((await emit(app)).status, 200)
  await runsOf(app, 'fn', 200)
  t.is((await app.store.events.totals()).waiting, 200)
  resolve(await answer('1'))
  await runsOf(app, 'slow', 200)
  await reachTotals(app, 0)
})

test('defect "an event is lost when its function is missing": it waits, and is delivered when there is one', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await subscribe(app, 'sub')
  for (let number = 0; number < 20; number += 1) await emit(app, { data: number })
  await app.reach('/v1/event/subscriptions/sub', 'ERROR')
  t.is((await app.store.events.totals()).waiting, 20)
  await createFunction(app, 'fn')
  t.is((await runsOf(app, 'fn', 20)).length, 20)
  await reachTotals(app, 0)
})

test('defect "secrets ignored": those of a subscription are given to the function', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', '/v1/secret', { name: 'open', secrets: { password: 'sesame' } })
  await createFunction(app, 'fn')
  await subscribe(app, 'sub', { secrets: ['open'] })
  await emit(app)
  t.deepEqual((await runsOf(app, 'fn', 1))[0].secrets, ['open'])
  t.deepEqual(JSON.parse(app.execution.invocations[0]?.contextJson ?? '').secrets, { password: 'sesame' })
})

test('a deleted subscription takes along what waited for it, and another one of its name gets nothing of it', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await subscribe(app, 'sub')
  await subscribe(app, 'stays')
  await emit(app)
  await app.call('DELETE', '/v1/event/subscriptions/sub')
  await reachTotals(app, 1)
  await subscribe(app, 'sub')
  await createFunction(app, 'fn')
  await runsOf(app, 'fn', 1)
  await emit(app)
  t.is((await runsOf(app, 'fn', 3)).length, 3)
})

test('an updated subscription has what waits for it delivered to its new function', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await createFunction(app, 'there')
  await subscribe(app, 'sub')
  await emit(app)
  await app.reach('/v1/event/subscriptions/sub', 'ERROR')
  const changed = { name: 'sub', eventType: 'other', function: 'there' }
  await app.call('PUT', '/v1/event/subscriptions/sub', changed)
  await runsOf(app, 'there', 1)
  await emit(app)
  await emit(app, { eventType: 'other' })
  t.is((await runsOf(app, 'there', 2)).length, 2)
})

test('what waited when the server stopped is delivered after the next start, and nothing that was delivered', async t => {
  const file = `${temporaryDir(t)}/dispatch.db`
  const first = await openSqliteStore({ file })
  const app = await createTestApp(t, {}, { store: first })
  await seed(app)
  await createFunction(app, 'fn')
  await subscribe(app, 'sub')
  await subscribe(app, 'lost', { function: 'none' })
  for (let number = 0; number < 5; number += 1) await emit(app, { data: number })
  await runsOf(app, 'fn', 5)
  await reachTotals(app, 5)
  await app.app.drain()
  await first.close()
  const second = await openSqliteStore({ file })
  t.teardown(second.close)
  const next = await createTestApp(t, {}, { store: second })
  await next.reach('/v1/function/fn', 'READY')
  await createFunction(next, 'none')
  await runsOf(next, 'none', 5)
  await reachTotals(next, 0)
  t.is((await runsOf(next, 'fn', 5)).length, 5)
})
