/** What becomes of a driver's container in Docker, seen by its driver and by Docker: one each, the right one, and none left over. */
import test, { type ExecutionContext } from 'ava'
import { programTypes } from '../../../../server/events/built-in-types.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Run } from '../../../helpers/fake-containers.ts'
import { createTestApp, driverOptions, type TestOptions } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const item = '/v1/event/drivers/tick'
const body = (fields: object = {}) => ({ name: 'tick', type: 'ticker', ...fields })
const labels = { 'io.dispatchframework.solo.drivers': driverOptions.instanceId }

async function createStage(t: ExecutionContext, options: TestOptions = {}, type: object = {}) {
  const app = await createTestApp(t, {}, options)
  app.docker.addImage('me/ticker:1')
  await app.call('POST', '/v1/event/drivertypes', { name: 'ticker', image: 'me/ticker:1', ...type })
  const containers = () => app.docker.listContainers(labels)
  /** Of the only container. */
  const spec = async () => {
    const [found, ...more] = await containers()
    t.deepEqual(more, [])
    return app.docker.specs.get(found?.id ?? '')
  }
  return { ...app, containers, spec }
}

test(`defect "config of a type is never used": the program gets it with its own as arguments, secrets and token as environment`, async t => {
  const type = { config: [{ key: 'seconds', value: '60' }, { key: 'debug' }] }
  const { call, reach, spec } = await createStage(t, {}, type)
  await call('POST', '/v1/secret', { name: 'vc', secrets: { 'user-name': 'u', password: 'p' } })
  await call('POST', '/v1/event/drivers', body({ config: [{ key: 'seconds', value: '1' }], secrets: ['vc'] }))
  await reach(item, 'READY')
  const { command, env, network, publish, logBytes } = (await spec()) ?? {}
  t.deepEqual(command, ['--seconds=1', '--debug', '--dispatch-api-endpoint=127.0.0.1:8082'])
  const { AUTH_TOKEN, ...rest } = env ?? {}
  t.regex(AUTH_TOKEN ?? '', /^[0-9a-f-]{36}$/)
  t.deepEqual(rest, { HOME: '/tmp', USER_NAME: 'u', PASSWORD: 'p' })
  t.deepEqual([network, publish], ['driver', undefined])
  t.truthy(logBytes)
})

test('its containers are found by the label that scripts know, which is not its token', async t => {
  const { call, reach, containers, spec } = await createStage(t)
  await call('POST', '/v1/event/drivers', body())
  await reach(item, 'READY')
  const [{ labels: found } = { labels: {} as Record<string, string> }] = await containers()
  t.regex(found['dispatch-eventdriver-id'] ?? '', /^[0-9a-f-]{36}$/)
  t.not(found['dispatch-eventdriver-id'], (await spec())?.env.AUTH_TOKEN)
})

test('a driver of a built-in type runs our program in the image of the runtime', async t => {
  const drivers = { ...driverOptions, builtInTypes: programTypes }
  const { call, reach, spec } = await createStage(t, { drivers })
  await call('POST', '/v1/event/drivers', body({ type: 'http', config: [{ key: 'source', value: 'me' }] }))
  t.like((await reach(item, 'READY')).body, { expose: true, url: 'http://127.0.0.1:32768' })
  const { dockerImage, command, mounts } = (await spec()) ?? {}
  t.is(dockerImage, 'dispatch-solo/nodejs:test')
  t.deepEqual(command, [
    ...['/usr/bin/node', '/driver/main.cjs', '--event-type=http.post', '--source=me'],
    '--dispatch-api-endpoint=127.0.0.1:8082',
  ])
  t.deepEqual(mounts, [
    { hostPath: '/programs/http.cjs', path: '/driver/main.cjs', readOnly: true },
    { hostPath: '/node', path: '/usr/bin/node', readOnly: true },
  ])
})

test('an events-gateway that is set is what drivers are told', async t => {
  const drivers = { ...driverOptions, eventsGateway: '10.0.0.1:8080' }
  const { call, reach, spec } = await createStage(t, { drivers })
  await call('POST', '/v1/event/drivers', body())
  await reach(item, 'READY')
  t.deepEqual((await spec())?.command, ['--dispatch-api-endpoint=10.0.0.1:8080'])
})

test('a changed secret, an update and a container that went away give a new container in place of the old one', async t => {
  const { call, reach, containers, spec, docker } = await createStage(t)
  await call('POST', '/v1/secret', { name: 's', secrets: { key: 'old' } })
  await call('POST', '/v1/event/drivers', body({ secrets: ['s'] }))
  await reach(item, 'READY')
  const first = (await spec())?.env.AUTH_TOKEN
  await call('PUT', '/v1/secret/s', { name: 's', secrets: { key: 'new' } })
  await until('the secret is there', async () => (await containers()).length === 1 && (await spec())?.env.KEY === 'new')
  await call('PUT', item, body({ secrets: ['s'] }))
  await reach(item, 'READY')
  t.not((await spec())?.env.AUTH_TOKEN, first)
  const [{ id } = { id: '' }] = await containers()
  docker.endContainer(id)
  await until('there is another', async () => (await containers()).some(container => container.id !== id))
  await reach(item, 'READY')
})

test('a secret that goes takes the container with it', async t => {
  const { call, reach, containers } = await createStage(t)
  await call('POST', '/v1/secret', { name: 's', secrets: { key: 'x' } })
  await call('POST', '/v1/event/drivers', body({ secrets: ['s'] }))
  await reach(item, 'READY')
  await call('DELETE', '/v1/secret/s')
  t.regex((await reach(item, 'ERROR')).body.reason[0], /secret s not found/)
  t.deepEqual(await containers(), [])
})

test('one that ends by itself now and then is started again and READY; what it printed is told without its secrets', async t => {
  const ends: Parameters<Run>[1][] = []
  const runDriver: Run = (_, end) => {
    ends.push(end)
    return () => undefined
  }
  const { call, reach } = await createStage(t, { runDriver })
  await call('POST', '/v1/secret', { name: 's', secrets: { key: 'open-sesame' } })
  await call('POST', '/v1/event/drivers', body({ secrets: ['s'] }))
  await reach(item, 'READY')
  ends[0]?.({ exitCode: 1, printed: ['cannot log in with open-sesame'] })
  const { body: told } = await until('it is told', async () => {
    const answer = await call('GET', item)
    return answer.body.reason !== null && answer
  })
  t.regex(told.reason[0], /ended with code 1: cannot log in with \*\*\*; it is started again$/)
  t.is(told.status, 'READY')
  await until('it runs again', async () => ends.length === 2 && (await call('GET', item)).body.reason === null)
})

test('defect "containers leak": a start that fails leaves none; neither does a deletion, whatever else carries the label', async t => {
  const { call, reach, containers, docker } = await createStage(t)
  const { startContainer } = docker
  docker.startContainer = async () => {
    throw new Error('Docker could not start the container: exec format error')
  }
  await call('POST', '/v1/event/drivers', body())
  t.deepEqual((await reach(item, 'ERROR')).body.reason, [
    'err running driver me/ticker:1: Docker could not start the container: exec format error',
  ])
  t.deepEqual(await containers(), [])
  docker.startContainer = startContainer
  await reach(item, 'READY')
  const [{ id, labels: found } = { id: '', labels: {} }] = await containers()
  const spec = docker.specs.get(id)
  if (spec) await docker.createContainer({ ...spec, name: 'another', labels: found })
  await call('DELETE', item)
  await until('all are gone', async () => (await containers()).length === 0)
})

test('after a crash the container is taken over; those of drivers that are no more go', async t => {
  const store = createMemoryStore()
  const { call, reach, containers, docker } = await createStage(t, { store })
  await call('POST', '/v1/event/drivers', body())
  await reach(item, 'READY')
  const [{ id } = { id: '' }] = await containers()
  const spec = docker.specs.get(id)
  if (spec) {
    const stranger = { ...labels, 'dispatch-eventdriver-id': 'gone' }
    await docker.createContainer({ ...spec, name: 'stranger', labels: stranger })
  }
  const again = await createTestApp(t, {}, { store, fakeDocker: docker })
  await until('the stranger is gone', async () => (await containers()).length === 1)
  await again.reach(item, 'READY')
  t.is((await containers())[0]?.id, id)
})

test('a server that begins takes no driver for READY before it runs', async t => {
  const store = createMemoryStore()
  const { call, reach, app, docker } = await createStage(t, { store })
  await call('POST', '/v1/event/drivers', body())
  await reach(item, 'READY')
  await app.drain()
  const drivers = { ...driverOptions, settleMs: 60_000 }
  const again = await createTestApp(t, {}, { store, fakeDocker: docker, drivers })
  t.is((await again.call('GET', item)).body.status, 'CREATING')
})

test('a stop removes containers and their network', async t => {
  const { call, reach, containers, docker, app } = await createStage(t)
  await call('POST', '/v1/event/drivers', body())
  await reach(item, 'READY')
  t.is(docker.networks.size, 1)
  await app.drain()
  t.deepEqual(await containers(), [])
  t.is(docker.networks.size, 0)
})

test('an exposed one is reached on the port that it had before, if that is free', async t => {
  const drivers = { ...driverOptions, publishAddress: '0.0.0.0', reachableHost: '192.0.2.1' }
  const { call, reach, spec, docker } = await createStage(t, { drivers }, { expose: true })
  await call('POST', '/v1/event/drivers', body())
  const { url } = (await reach(item, 'READY')).body
  t.is(url, 'http://192.0.2.1:32768')
  t.deepEqual((await spec())?.publish, { port: 80, hostAddress: '0.0.0.0', hostPort: 0 })
  await call('PUT', item, body())
  t.is((await reach(item, 'READY')).body.url, url)
  const { startContainer } = docker
  docker.startContainer = async id => {
    if (docker.specs.get(id)?.publish?.hostPort === 32768) throw new Error('port is already allocated')
    await startContainer(id)
  }
  await call('PUT', item, body())
  t.is((await reach(item, 'READY')).body.url, 'http://192.0.2.1:32769')
})

test('where the network cannot be closed towards this machine nothing starts, and why is told until it can', async t => {
  const { call, reach, containers, docker } = await createStage(t)
  docker.openToMachine = true
  await call('POST', '/v1/event/drivers', body())
  const { body: told } = await until('it is told', async () => {
    const answer = await call('GET', item)
    return answer.body.reason !== null && answer
  })
  t.regex(told.reason[0], /cannot be closed towards this machine/)
  t.deepEqual(await containers(), [])
  docker.openToMachine = false
  await reach(item, 'READY')
})
