/** Limits of a function on the wire: taken, kept, shown where they were set, handed to the engine, refused where they cannot be. */
import test from 'ava'
import type { FunctionEntity } from '../../server/functions/schema.ts'
import { loadCapture } from '../helpers/captures.ts'
import { createTestApp, seed } from '../helpers/test-app.ts'

const source = Buffer.from('x').toString('base64')
const body = { name: 'f', image: 'python3', source, handler: 'a.handle' }
const limits = { memory: 64, cpu: 0.5, concurrency: 3, network: 'none' }

const limitNames = Object.keys(limits)
const limitsIn = (answer: object) =>
  Object.fromEntries(Object.entries(answer).filter(([key]) => limitNames.includes(key)))

test('a function that sets no limit looks as it always did', async t => {
  const { call } = await createTestApp(t)
  const created = await call('POST', '/v1/function', body)
  t.is(created.status, 201)
  t.deepEqual(limitsIn(created.body), {})
  t.deepEqual(limitsIn((await call('GET', '/v1/function/f')).body), {})
})

test('limits are kept and shown; a PUT without them takes them back', async t => {
  const { call } = await createTestApp(t)
  t.deepEqual(limitsIn((await call('POST', '/v1/function', { ...body, ...limits })).body), limits)
  t.deepEqual(limitsIn((await call('GET', '/v1/function')).body[0]), limits)
  const changed = { ...limits, memory: 128, network: 'egress' }
  t.deepEqual(limitsIn((await call('PUT', '/v1/function/f', { ...body, ...changed })).body), changed)
  t.deepEqual(limitsIn((await call('PUT', '/v1/function/f', { ...body, cpu: null })).body), {})
})

test('a change of limits alone makes a version that has them', async t => {
  const app = await createTestApp(t)
  await seed(app)
  const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '')
  const code = { ...body, source }
  await app.call('POST', '/v1/function', { ...code, memory: 64 })
  const { body: first } = await app.reach('/v1/function/f', 'READY')
  t.deepEqual(app.execution.loaded.get(first.faasId)?.limits, { memoryBytes: 64 * 1024 * 1024 })
  await app.call('PUT', '/v1/function/f', { ...code, ...limits })
  const { body: second } = await app.reach('/v1/function/f', 'READY')
  t.not(second.faasId, first.faasId)
  t.deepEqual(app.execution.loaded.get(second.faasId)?.limits, {
    memoryBytes: 64 * 1024 * 1024,
    cpus: 0.5,
    concurrency: 3,
    network: 'none',
  })
})

test('a function that was stored before there were limits is shown and runs as it did', async t => {
  const app = await createTestApp(t)
  await seed(app)
  const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '')
  await app.call('POST', '/v1/function', { ...body, source })
  await app.reach('/v1/function/f', 'READY')
  const functions = app.store.collection<FunctionEntity>('Function')
  const stored = await functions.get('dispatch', 'f')
  if (!stored) return t.fail()
  const { limits: _, ...old } = stored
  await functions.update(old)
  const { body: shown } = await app.call('GET', '/v1/function/f')
  t.deepEqual(limitsIn(shown), {})
  t.is((await app.call('POST', '/v1/runs?functionName=f', { blocking: true, input: 1 })).body.status, 'READY')
})

/** On a machine of 4096 MiB and 4 cores. */
const refusals: [string, unknown, number, number, string | RegExp][] = [
  ['memory', 15, 422, 609, 'memory in body should be greater than or equal to 16'],
  ['memory', 4097, 422, 608, 'memory in body should be less than or equal to 4096'],
  ['memory', '64', 400, 400, /memory must be of type integer/],
  ['memory', 64.5, 400, 400, /memory must be of type integer/],
  ['cpu', 0, 422, 609, 'cpu in body should be greater than or equal to 0.01'],
  ['cpu', -1, 422, 609, 'cpu in body should be greater than or equal to 0.01'],
  ['cpu', 4.5, 422, 608, 'cpu in body should be less than or equal to 4'],
  ['cpu', 'all', 400, 400, /cpu must be of type number/],
  ['concurrency', 0, 422, 609, 'concurrency in body should be greater than or equal to 1'],
  ['concurrency', 1001, 422, 608, 'concurrency in body should be less than or equal to 1000'],
  ['network', 'host', 422, 606, 'network in body should be one of [egress none]'],
  ['network', '', 422, 606, 'network in body should be one of [egress none]'],
]
for (const [field, value, status, code, message] of refusals) {
  test(`${field} ${JSON.stringify(value)} is refused, in POST and in PUT`, async t => {
    const { call } = await createTestApp(t)
    await call('POST', '/v1/function', { ...body, name: 'known' })
    for (const [method, url, name] of [
      ['POST', '/v1/function', 'f'],
      ['PUT', '/v1/function/known', 'known'],
    ] as const) {
      const answer = await call(method, url, { ...body, name, [field]: value })
      t.is(answer.status, status)
      t.is(answer.body.code, code)
      if (typeof message === 'string') t.is(answer.body.message, message)
      else t.regex(answer.body.message, message)
    }
  })
}

for (const [field, least, most] of [
  ['memory', 16, 4096],
  ['cpu', 0.01, 4],
  ['concurrency', 1, 1000],
] as const) {
  test(`${field} may be ${least} and ${most}`, async t => {
    const { call } = await createTestApp(t)
    t.is((await call('POST', '/v1/function', { ...body, [field]: least })).body[field], least)
    t.is((await call('PUT', '/v1/function/f', { ...body, [field]: most })).body[field], most)
  })
}
