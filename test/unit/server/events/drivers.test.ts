/** Event drivers through REST: they belong to a type, run in a container each, and never claim to run what does not run. */
import test, { type ExecutionContext } from 'ava'
import { createTestApp, type TestApp, type TestOptions } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'
import { createGatedStore } from './gated-store.ts'

const collection = '/v1/event/drivers'
const item = `${collection}/tick`
const body = (fields: object = {}) => ({ name: 'tick', type: 'beacon', ...fields })
const type = (fields: object = {}) => ({ name: 'beacon', image: 'me/beacon:1', ...fields })

async function createStage(t: ExecutionContext, typeFields = {}, options: TestOptions = {}): Promise<TestApp> {
  const app = await createTestApp(t, {}, options)
  for (const tag of ['1', '2']) app.docker.addImage(`me/beacon:${tag}`)
  await app.call('POST', '/v1/event/drivertypes', type(typeFields))
  return app
}

test('a driver is answered as being created, without the id that lets its events in', async t => {
  const { call } = await createStage(t)
  const config = [{ key: 'seconds', value: '1' }]
  const created = await call('POST', collection, body({ config, secrets: ['s'] }))
  t.is(created.status, 201)
  const { 'created-time': createdTime, 'modified-time': modifiedTime, ...fields } = created.body
  const own = { ...body(), config, secrets: ['s'], expose: false, tags: null }
  t.deepEqual(fields, { ...own, kind: 'Driver', reason: null, status: 'CREATING' })
  t.true(Number.isSafeInteger(createdTime) && modifiedTime === createdTime)
  t.is((await call('POST', collection, body())).body.message, 'event driver tick already exists')
})

test('defect "READY without a running check": what does not stay running is in ERROR and says why', async t => {
  const { call, reach, docker } = await createStage(
    t,
    {},
    {
      runDriver: (_, end) => {
        end({ exitCode: 3, printed: ['listening', 'no such host'] })
        return () => undefined
      },
    },
  )
  await call('POST', collection, body())
  t.deepEqual((await reach(item, 'ERROR')).body.reason, [
    'err running driver me/beacon:1: its program ended with code 3: listening | no such host; it is started again',
  ])
  t.true(docker.specs.size >= 3)
})

test('a missing secret is named, until it is there', async t => {
  const { call, reach } = await createStage(t)
  await call('POST', collection, body({ secrets: ['key'] }))
  const { body: failed } = await reach(item, 'ERROR')
  t.deepEqual(failed.reason, ['err getting secrets of driver me/beacon:1: [Code: 404] secret key not found'])
  await call('POST', '/v1/secret', { name: 'key', secrets: { password: 'x' } })
  t.is((await reach(item, 'READY')).body.reason, null)
})

test('defect "errors of pulls are lost": an image that is not here is pulled, and why it cannot be is told', async t => {
  const { call, reach, docker } = await createStage(t, { image: 'me/far:1' })
  await call('POST', collection, body())
  const [reason] = (await reach(item, 'ERROR')).body.reason
  t.is(reason, 'err pulling image me/far:1: Docker could not pull the image me/far:1: not found')
  docker.registry.add('me/far:1')
  t.is((await reach(item, 'READY')).body.reason, null)
})

test('a driver of no type is refused', async t => {
  const { call } = await createStage(t)
  const message = 'bad request when processing event driver tick: driver type none does not exist'
  t.like(await call('POST', collection, body({ type: 'none' })), { status: 400, body: { code: 400, message } })
  await call('POST', collection, body())
  t.like(await call('PUT', item, body({ type: 'none' })), { status: 400, body: { code: 400, message } })
  t.is((await call('POST', collection, body(), { 'x-dispatch-org': 'other' })).status, 400)
})

test('defect "expose and url are taken from the body of a PUT": they follow from the type', async t => {
  const { call, reach } = await createStage(t, { expose: true })
  t.true((await call('POST', collection, body({ expose: false }))).body.expose)
  const updated = await call('PUT', item, body({ expose: false, url: 'http://elsewhere' }))
  t.like(updated, { status: 200, body: { expose: true, status: 'UPDATING', reason: null } })
  t.not(updated.body.url, 'http://elsewhere')
  t.like((await reach(item, 'READY')).body, { expose: true, url: 'http://127.0.0.1:32768' })
})

test('defect "instances keep the old image": an update takes over that of the type, which may also have gone', async t => {
  const { call, reach, docker } = await createStage(t)
  const images = () => [...docker.specs.values()].map(({ dockerImage }) => dockerImage)
  await call('POST', collection, body())
  await call('PUT', '/v1/event/drivertypes/beacon', type({ image: 'me/beacon:2' }))
  await reach(item, 'READY')
  t.deepEqual(images(), ['me/beacon:1'])
  await call('PUT', item, body())
  await reach(item, 'READY')
  t.deepEqual(images(), ['me/beacon:1', 'me/beacon:2'])
  await call('DELETE', '/v1/event/drivertypes/beacon')
  const { body: fetched } = await call('GET', item)
  t.is((await call('PUT', item, { ...fetched, config: [{ key: 'seconds', value: '5' }] })).status, 200)
  t.is((await reach(item, 'READY')).body.config[0].value, '5')
  t.deepEqual(images().slice(2), ['me/beacon:2'])
})

test('a deleted driver is gone at once; a repeated delete does no harm, and the name is waited for', async t => {
  const gate = createGatedStore('Secret')
  const { call } = await createStage(t, {}, { store: gate.store })
  gate.openAtEnd(t)
  await call('POST', collection, body({ secrets: ['s'] }))
  for (let times = 0; times < 2; times += 1)
    t.like(await call('DELETE', item), { status: 200, body: { status: 'DELETING' } })
  t.deepEqual((await call('GET', collection)).body, [])
  t.is((await call('GET', item)).body.message, 'event driver tick not found')
  const renewed = call('POST', collection, body())
  await gate.openWhenAwaited()
  t.is((await renewed).status, 201)
  await call('DELETE', item)
  await until('it is removed', async () => (await call('DELETE', item)).status === 404)
})

test('defects of every list and every PUT: organizations, tags, names', async t => {
  const { call } = await createStage(t)
  await call('POST', collection, body({ tags: [{ key: 'a', value: '1' }] }))
  t.deepEqual((await call('GET', collection, undefined, { 'x-dispatch-org': 'other' })).body, [])
  t.is((await call('GET', `${collection}?tags=a`)).body.length, 1)
  t.is((await call('GET', `${collection}?tags=b`)).body.length, 0)
  t.is((await call('PUT', item, body({ name: 'else' }))).status, 400)
  t.is((await call('PUT', `${collection}/none`, body({ name: 'none' }))).status, 404)
})
