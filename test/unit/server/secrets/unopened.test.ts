/** What cannot be opened, as clients and functions meet it. */
import test, { type ExecutionContext } from 'ava'
import type { Kind } from '../../../../server/core/entity.ts'
import type { SourceEntity } from '../../../../server/functions/schema.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import { loadCapture } from '../../../helpers/captures.ts'
import { createTestApp, driverOptions, seed } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'
import { breakSeal } from './vault/stage.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const canary = 'OpenSesame'
const run = '/v1/runs?functionName=fn'
const config = [{ key: 'password', value: canary }]

async function open(t: ExecutionContext) {
  const raw = createMemoryStore()
  const app = await createTestApp(t, {}, { store: raw })
  const damage = (kind: Kind, name: string, org = 'dispatch') => breakSeal(raw, kind, { org, name })
  return { ...app, raw, damage }
}

test('a secret: the list has the others and it, describing it says what to do, and it can be deleted and made again', async t => {
  const { call, damage } = await open(t)
  for (const name of ['a', 'b']) await call('POST', '/v1/secret', { name, secrets: { password: canary } })
  await damage('Secret', 'a')
  const { status, body } = await call('GET', '/v1/secret')
  t.is(status, 200)
  t.like(body[0], { name: 'a', status: 'ERROR', secrets: undefined })
  t.regex(body[0].reason[0], /^secret a cannot be opened: .*delete it and create it again$/)
  t.like(body[1], { name: 'b', status: undefined, secrets: { password: canary } })
  for (const answer of [
    await call('GET', '/v1/secret/a'),
    await call('PUT', '/v1/secret/a', { name: 'a', secrets: { password: canary } }),
  ])
    t.like(answer, { status: 500, body: { code: 500, message: body[0].reason[0] } })
  t.is((await call('POST', '/v1/secret', { name: 'a' })).status, 409)
  t.is((await call('DELETE', '/v1/secret/a')).status, 204)
  t.is((await call('POST', '/v1/secret', { name: 'a', secrets: { password: 'new' } })).status, 201)
  t.deepEqual((await call('GET', '/v1/secret/a')).body.secrets, { password: 'new' })
})

test('types of drivers and users likewise', async t => {
  const { call, damage } = await open(t)
  await call('POST', '/v1/event/drivertypes', { name: 'ticker', image: 'me/ticker:1', config })
  await call('POST', '/v1/iam/user', { name: 'jon', password: 'winter is not coming yet' })
  await damage('DriverType', 'ticker')
  await damage('User', 'jon', '')
  for (const [url, name] of [
    ['/v1/event/drivertypes', 'ticker'],
    ['/v1/iam/user', 'jon'],
  ]) {
    const { status, body } = await call('GET', `${url}`)
    t.like({ status, ...body[0] }, { status: 'ERROR', name })
    t.regex((await call('GET', `${url}/${name}`)).body.message, /cannot be opened/)
    t.is((await call('DELETE', `${url}/${name}`)).status, 200)
    t.deepEqual((await call('GET', `${url}`)).body, [])
  }
})

test('a driver goes away with what ran of it', async t => {
  const { call, damage, reach, docker } = await open(t)
  docker.addImage('me/ticker:1')
  const labels = { 'io.dispatchframework.solo.drivers': driverOptions.instanceId }
  const containers = async () => (await docker.listContainers(labels)).length
  await call('POST', '/v1/event/drivertypes', { name: 'ticker', image: 'me/ticker:1', config })
  await call('POST', '/v1/event/drivers', { name: 'tick', type: 'ticker', config })
  await reach('/v1/event/drivers/tick', 'READY')
  t.is(await containers(), 1)
  await damage('Driver', 'tick')
  const { body } = await call('GET', '/v1/event/drivers')
  t.like(body[0], { name: 'tick', status: 'ERROR', config: null })
  t.false(JSON.stringify(body).includes(canary))
  t.is((await call('DELETE', '/v1/event/drivers/tick')).status, 200)
  await until('its container is gone', async () => (await containers()) === 0)
  t.is((await call('POST', '/v1/event/drivers', { name: 'tick', type: 'ticker' })).status, 201)
})

test('a call whose secret cannot be opened fails as the machine’s fault, and says why', async t => {
  const app = await open(t)
  const { call, damage, reach, execution } = app
  await seed(app)
  await call('POST', '/v1/function', { name: 'fn', image: 'python3', source, secrets: ['a'] })
  await reach('/v1/function/fn', 'READY')
  await call('POST', '/v1/secret', { name: 'a', secrets: { password: canary } })
  await damage('Secret', 'a')
  const { status, body } = await call('POST', run, { blocking: true })
  t.deepEqual([status, body.status, body.error.type], [200, 'ERROR', 'SystemError'])
  t.regex(body.error.message, /^error when retrieving secrets from secret store: secret a cannot be opened/)
  t.deepEqual(execution.invocations, [])
  const { body: accepted } = await call('POST', run, { blocking: false })
  await until('the run has ended', async () => (await call('GET', `/v1/runs/${accepted.name}`)).body.status === 'ERROR')
})

test('code that cannot be opened is told to who calls, and sent again it is there', async t => {
  const app = await open(t)
  const { call, damage, reach, execution, raw } = app
  await seed(app)
  await call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await reach('/v1/function/fn', 'READY')
  const [{ name } = { name: '' }] = await raw.collection('Source').keys()
  await damage('Source', name)
  const [revision] = execution.loaded.values()
  await t.throwsAsync(async () => revision?.placeCode('/nowhere'), {
    message: /^its code cannot be opened: .* send the code again/,
  })
  t.is((await call('PUT', '/v1/function/fn', { name: 'fn', image: 'python3', source })).status, 200)
  await reach('/v1/function/fn', 'READY')
  t.is((await app.store.collection<SourceEntity>('Source').get('dispatch', name))?.archiveBase64, source)
})
