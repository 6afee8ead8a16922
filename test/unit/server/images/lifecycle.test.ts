/** Images come and go beneath functions that use them: what answers calls goes on answering. */
import test from 'ava'
import type { Entity, Kind } from '../../../../server/core/entity.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { loadCapture } from '../../../helpers/captures.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const body = (fields: object = {}) => ({ name: 'fn', image: 'python3', source, ...fields })
const execute = '/v1/runs?functionName=fn'

test('an image outlives its base image', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('DELETE', '/v1/baseimage/python3-base')
  await app.call('POST', '/v1/function', body())
  await app.reach('/v1/function/fn', 'READY')
  t.is((await app.call('GET', '/v1/image/python3')).body.status, 'READY')
})

test('a function stays on the content that it was built on, whatever becomes of the image', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', '/v1/function', body())
  await app.reach('/v1/function/fn', 'READY')
  const [revision] = [...app.execution.loaded.values()]
  const runtime = await app.docker.findImage('dispatch-solo/python3:test')
  t.is(revision?.dockerImage, runtime?.id)
  t.like(await app.call('DELETE', '/v1/image/python3'), { status: 200, body: { status: 'DELETED' } })
  t.is((await app.call('POST', execute, { blocking: true, input: 1 })).body.output, 1)
})

test('a failed update does not take the working version down', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', '/v1/function', body())
  await app.reach('/v1/function/fn', 'READY')
  await app.call('PUT', '/v1/function/fn', body({ handler: 'missing.handle' }))
  await app.reach('/v1/function/fn', 'ERROR')
  t.is((await app.call('POST', execute, { blocking: true, input: 2 })).body.output, 2)
})

test('an asynchronous schema, whose answer nobody would wait for, is validated like any other', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', '/v1/function', body({ schema: { in: { $async: true, type: 'string' } } }))
  await app.reach('/v1/function/fn', 'READY')
  t.is((await app.call('POST', execute, { blocking: true, input: 5 })).body.error.type, 'InputError')
})

test('an update pulls a base image of others again: what its tag is on now counts, and nothing nameless is left of the rest', async t => {
  const app = await createTestApp(t)
  const { docker } = app
  docker.registry.add('me/mine:1')
  const base = { name: 'mine', dockerUrl: 'me/mine:1', language: 'x' }
  await app.call('POST', '/v1/baseimage', base)
  await app.reach('/v1/baseimage/mine', 'READY')
  const before = await docker.findImage('me/mine:1')
  await app.call('PUT', '/v1/baseimage/mine', base)
  await app.reach('/v1/baseimage/mine', 'READY')
  const after = await docker.findImage('me/mine:1')
  t.not(after?.id, before?.id)
  t.is(await docker.findImage(before?.id ?? ''), undefined)
  docker.registry.clear()
  await app.call('PUT', '/v1/baseimage/mine', base)
  await app.reach('/v1/baseimage/mine', 'READY')
  t.is((await docker.findImage('me/mine:1'))?.id, after?.id)
})

test('a base image that is being deleted cannot be brought back by an update', async t => {
  const app = await createTestApp(t)
  await seed(app)
  app.docker.down = true
  await app.call('DELETE', '/v1/baseimage/python3-base')
  const replacement = { name: 'python3-base', dockerUrl: 'd', language: 'l' }
  t.is((await app.call('PUT', '/v1/baseimage/python3-base', replacement)).status, 404)
})

test('a base image whose URL is a word of JavaScript is looked for like any other', async t => {
  const app = await createTestApp(t)
  for (const [index, dockerUrl] of ['constructor', '__proto__'].entries()) {
    await app.call('POST', '/v1/baseimage', { name: `b${index}`, dockerUrl, language: 'l' })
    const { body } = await app.reach(`/v1/baseimage/b${index}`, 'ERROR')
    t.regex(body.reason.join(), new RegExp(`^error when pulling image ${dockerUrl}: (?!this version)`))
  }
})

test('nothing is made from a base image that is being deleted', async t => {
  const store = createMemoryStore()
  const collection: Store['collection'] = kind => ({ ...store.collection<never>(kind), remove: async () => false })
  const { call } = await createTestApp(t, {}, { store: { ...store, collection } })
  await call('POST', '/v1/baseimage', { name: 'b', dockerUrl: 'd', language: 'l' })
  t.is((await call('DELETE', '/v1/baseimage/b')).status, 200)
  const refusal = { status: 400, body: { code: 400, message: 'Error fetching base image b' } }
  t.like(await call('POST', '/v1/image', { name: 'i', baseImageName: 'b' }), refusal)
})

test('a base image says which Docker image really runs; without aliases that is the one that it names', async t => {
  const python3 = { name: 'b', dockerUrl: 'dispatchframework/python3-base:9', language: 'python3' }
  const shown = async (runtimeAliases: boolean) => {
    const app = await createTestApp(t, {}, { runtimeAliases })
    app.docker.registry.add(python3.dockerUrl)
    t.false('dockerImage' in (await app.call('POST', '/v1/baseimage', python3)).body)
    return (await app.reach('/v1/baseimage/b', 'READY')).body.dockerImage
  }
  t.is(await shown(true), 'dispatch-solo/python3:test')
  t.is(await shown(false), 'dispatchframework/python3-base:9')
})

test('an image that is changed is brought to what is wanted, though the log of its last build cannot be removed', async t => {
  const store = createMemoryStore()
  const remove = () => Promise.reject(new Error('the disk is full'))
  const collection = <T extends Entity>(kind: Kind) => {
    const opened = store.collection<T>(kind)
    return kind === 'BuildRecord' ? { ...opened, remove } : opened
  }
  const app = await createTestApp(t, {}, { store: { ...store, collection } })
  await seed(app)
  const put = await app.call('PUT', '/v1/image/python3', { name: 'python3', baseImageName: 'python3-base' })
  t.is(put.body.status, 'UPDATING')
  await app.reach('/v1/image/python3', 'READY')
  t.is((await app.call('DELETE', '/v1/image/python3')).status, 200)
})
