/** Defects of the original, each with a test of its name; which test holds off which one is in defects.ts. */
import { readFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import type { Entity, Kind } from '../../server/core/entity.ts'
import { builtInImage } from '../../server/events/built-in-types.ts'
import { createMemoryStore } from '../../server/store/memory.ts'
import type { Collection } from '../../server/store/port.ts'
import { createTestApp, type TestApp } from '../helpers/test-app.ts'
import { defects } from './defects.ts'

test('every defect has its tests, or waits for work that is named', t => {
  for (const { of, original, tests = [], later } of defects) {
    t.true(tests.length > 0 || later !== undefined, `${of}: ${original}`)
    for (const [file, title] of tests) {
      const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').replaceAll("\\'", "'")
      t.true(text.includes(title), `${file} has no test whose title has ${title}`)
    }
  }
})

interface OneOfKind {
  isOfAll: boolean | undefined
  collection: string
  item: string
  body: { name: string }
}

/** One of each kind, made from the examples of the operations. */
async function createAll(t: ExecutionContext): Promise<TestApp & { kinds: OneOfKind[] }> {
  const app = await createTestApp(t)
  const replaced = app.app.operations.filter(({ method }) => method === 'PUT')
  const kinds = replaced.map(({ path, bodySchema, anyOrganization: isOfAll }) => {
    const body = bodySchema?.examples?.[0]
    return { collection: path.replace(/\/\{.*/, ''), item: path.replace(/\{.*/, body.name), body, isOfAll }
  })
  for (const { collection, body } of kinds) t.true((await app.call('POST', collection, body)).status < 300, collection)
  t.is(kinds.length, 12)
  return { ...app, kinds }
}

test('defect "other organizations are listed": every list holds those of its own', async t => {
  const { call, kinds } = await createAll(t)
  for (const { collection, item } of kinds.filter(({ isOfAll }) => !isOfAll)) {
    const other = { 'x-dispatch-org': 'other' }
    t.deepEqual((await call('GET', collection, undefined, other)).body, [], collection)
    const elsewhere = await call('GET', item, undefined, other)
    // The built-in type whose name the made one has taken.
    t.true(elsewhere.status === 404 || elsewhere.body.image === builtInImage, item)
    t.is((await call('GET', collection)).body.length, 1, collection)
  }
})

test('defect "any credential is accepted": an empty one is none, whatever is asked', async t => {
  const { app, call } = await createTestApp(t)
  for (const { method, path } of app.operations.filter(({ access }) => access !== 'public')) {
    const url = path.replace(/\{\w+\}/g, 'x')
    t.is((await call(method, url, undefined, { cookie: '', authorization: '' })).status, 401, `${method} ${url}`)
    t.not((await call(method, url, undefined, { cookie: '', authorization: 'x' })).body?.code, 401, `${method} ${url}`)
  }
})

test('defect "PUT with another name is a 500": it is the fault of the caller, and changes nothing', async t => {
  const { call, kinds } = await createAll(t)
  for (const { item, body } of kinds) {
    const answer = await call('PUT', item, { ...body, name: 'other' })
    t.is(answer.status, 400, item)
    t.is(answer.body.message, `name other in body differs from ${body.name} in path: a name cannot be changed`)
  }
})

test('defect "no body crashes the request": it is said to be missing', async t => {
  const { app, call } = await createTestApp(t)
  const withBody = app.operations.filter(({ bodySchema, bodyOptional }) => bodySchema && !bodyOptional)
  for (const { method, path } of withBody) {
    const { status, body } = await call(method, path.replace(/\{\w+\}/g, 'x'))
    t.deepEqual([status, body], [422, { code: 602, message: 'body in body is required' }], `${method} ${path}`)
  }
})

test('defect "an image without a name crashes the request": its name is said to be missing', async t => {
  const { call, kinds } = await createAll(t)
  for (const [method, url] of [
    ['POST', '/v1/image'],
    ['PUT', kinds.find(({ collection }) => collection === '/v1/image')?.item ?? ''],
  ] as const) {
    const { status, body } = await call(method, url, { baseImageName: 'python3-base' })
    t.deepEqual([status, body], [422, { code: 602, message: 'name in body is required' }])
  }
})

test('defect "Accept without JSON": the answer says that it is JSON', async t => {
  const { call, kinds } = await createAll(t)
  for (const { collection, item } of kinds) {
    for (const url of [collection, item, `${item}x`]) {
      const { headers } = await call('GET', url, undefined, { accept: 'text/html' })
      t.is(headers['content-type'], 'application/json', url)
    }
  }
})

test('defect "the reason stays": what has recovered has none', async t => {
  const { call, reach, docker } = await createTestApp(t)
  const body = { name: 'own', dockerUrl: 'own:1', language: 'python3' }
  await call('POST', '/v1/baseimage', body)
  t.is((await reach('/v1/baseimage/own', 'ERROR')).body.reason.length, 1)
  const runtime = await docker.findImage('dispatch-solo/python3:test')
  docker.addImage('own:1', runtime?.labels)
  t.is((await call('PUT', '/v1/baseimage/own', body)).body.reason, null)
  t.is((await reach('/v1/baseimage/own', 'READY')).body.reason, null)
})

test('defect "a deletion shows a stale status": it says DELETING', async t => {
  const { call, kinds } = await createAll(t)
  const statuses: Record<string, unknown> = {}
  for (const { collection, item } of kinds) statuses[collection] = (await call('DELETE', item)).body?.status
  t.deepEqual(statuses, {
    '/v1/baseimage': 'DELETING',
    '/v1/image': 'DELETED',
    '/v1/function': 'DELETING',
    '/v1/secret': undefined,
    '/v1/api': 'DELETING',
    '/v1/event/subscriptions': 'DELETING',
    '/v1/event/drivertypes': undefined,
    '/v1/event/drivers': 'DELETING',
    '/v1/iam/organization': 'DELETING',
    '/v1/iam/policy': 'DELETING',
    '/v1/iam/serviceaccount': 'DELETING',
    '/v1/iam/user': 'DELETING',
  })
})

test('defect "health is always well": it is not while Docker or the store is away, and says why', async t => {
  const { call, docker } = await createTestApp(t)
  t.is((await call('GET', '/healthz')).status, 200)
  docker.down = true
  const { status, body } = await call('GET', '/healthz')
  t.is(status, 503)
  t.regex(body.docker, /Docker/)
  t.truthy(body.version.version)
  t.false('store' in body)
})

test('defect "health is always well": nor while the store cannot be read', async t => {
  const store = createMemoryStore()
  let isGone = false
  const collection = <T extends Entity>(kind: Kind): Collection<T> => {
    const entities = store.collection<T>(kind)
    const get = (org: string, name: string) =>
      isGone ? Promise.reject(new Error('the disk is gone')) : entities.get(org, name)
    return { ...entities, get }
  }
  const { call } = await createTestApp(t, {}, { store: { ...store, collection } })
  t.is((await call('GET', '/healthz')).status, 200)
  isGone = true
  const { status, body } = await call('GET', '/healthz')
  t.deepEqual([status, body.store, 'docker' in body], [503, 'the disk is gone', false])
})
