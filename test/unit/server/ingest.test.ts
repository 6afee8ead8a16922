/** The listener for event drivers: it takes in events for a token, and does nothing else. */
import { connect, type Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import type { FastifyInstance } from 'fastify'
import { createIngestListener } from '../../../server/ingest.ts'
import { createTestApp } from '../../helpers/test-app.ts'
import { until } from '../../helpers/wait.ts'

const path = '/v1/event/ingest'
const event = { eventType: 'ticker.tick', cloudEventsVersion: '0.1', source: 'ticker', eventID: '1' }

async function createStage(t: ExecutionContext) {
  const app = await createTestApp(t)
  app.docker.addImage('me/ticker:1')
  await app.call('POST', '/v1/event/drivertypes', { name: 'ticker', image: 'me/ticker:1' })
  await app.call('POST', '/v1/event/drivers', { name: 'tick', type: 'ticker' })
  await app.reach('/v1/event/drivers/tick', 'READY')
  const [spec] = app.docker.specs.values()
  const api = app.app.createIngestApi()
  t.teardown(() => api.close())
  const send = async (method: 'GET' | 'POST' | 'DELETE', url: string, headers = {}, payload: unknown = event) => {
    const sent = { 'content-type': 'application/json', ...headers }
    const content = method === 'POST' ? { payload: JSON.stringify(payload) } : {}
    return (await api.inject({ method, url, headers: sent, ...content })).statusCode
  }
  return { send, token: spec?.env.AUTH_TOKEN ?? '' }
}

test('the token lets events in, from the query or the header, one or a list, with a cookie or without', async t => {
  const { send, token } = await createStage(t)
  t.is(await send('POST', `${path}?authToken=${token}`, { cookie: 'unset' }), 200)
  t.is(await send('POST', `${path}?authToken=${token}`, {}, [event, { ...event, eventID: '2' }]), 200)
  t.is(await send('POST', path, { authorization: `Bearer ${token}` }), 200)
})

test('without the token nothing comes in, whatever else is sent', async t => {
  const { send } = await createStage(t)
  t.is(await send('POST', path, { cookie: 'cookie' }), 422)
  t.is(await send('POST', `${path}?authToken=x`, { cookie: 'cookie' }), 401)
  t.is(await send('POST', path, { authorization: 'Bearer x' }), 401)
})

test('the first thing that a driver asks is answered; nothing but the taking in of events is there', async t => {
  const { send, token } = await createStage(t)
  t.is(await send('GET', path), 405)
  const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch', authorization: `Bearer ${token}` }
  for (const other of [
    '/v1/function',
    '/v1/event',
    '/v1/secret/s',
    '/v1/event/drivers',
    '/healthz',
    '/metrics',
    '/docs',
    '/',
  ])
    for (const method of ['GET', 'POST', 'DELETE'] as const)
      t.true([404, 405].includes(await send(method, other, headers)), `${method} ${other}`)
})

test('it listens on one address at a time, asked for it side by side or again', async t => {
  const asked: string[] = []
  const { app } = await createTestApp(t)
  const listener = createIngestListener({
    create: app.createIngestApi,
    listen: async (_, address) => void asked.push(address),
    port: 8082,
  })
  t.deepEqual(await Promise.all([listener.open('10.0.0.1'), listener.open('10.0.0.1')]), [
    '10.0.0.1:8082',
    '10.0.0.1:8082',
  ])
  t.is(await listener.open('10.0.0.2'), '10.0.0.2:8082')
  t.deepEqual(asked, ['10.0.0.1', '10.0.0.2'])
  await listener.close()
  await listener.open('10.0.0.2')
  t.is(asked.length, 3)
  await listener.close()
})

test('an address that is taken is told with what to do, and tried again', async t => {
  let isTaken = true
  const { app } = await createTestApp(t)
  const listener = createIngestListener({
    create: app.createIngestApi,
    listen: async () => {
      if (isTaken) throw new Error('listen EADDRINUSE')
    },
    port: 8082,
  })
  await t.throwsAsync(listener.open('10.0.0.1'), { message: /10\.0\.0\.1:8082: listen EADDRINUSE; .*--ingest-port/ })
  isTaken = false
  t.is(await listener.open('10.0.0.1'), '10.0.0.1:8082')
  await listener.close()
})

test('a program that opens ever more connections gets no more than so many', async t => {
  const { app } = await createTestApp(t)
  let port = 0
  const listen = async (api: FastifyInstance, host: string) => {
    await api.listen({ host, port: 0 })
    const bound = api.server.address()
    port = typeof bound === 'object' && bound ? bound.port : 0
  }
  const listener = createIngestListener({ create: app.createIngestApi, listen, port: 8082 })
  await listener.open('127.0.0.1')
  t.teardown(() => listener.close())
  const sockets: Socket[] = []
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
  })
  let refused = 0
  for (let count = 0; count < 300; count += 1) {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('close', () => (refused += 1)).on('error', () => undefined)
    sockets.push(socket)
  }
  await until('those above the bound are refused', async () => refused === 300 - 256)
  t.is(sockets.filter(({ destroyed }) => !destroyed).length, 256)
})

test('a large body is read from whom a token names alone', async t => {
  const { send, token } = await createStage(t)
  const large = { ...event, data: 'x'.repeat(100 * 1024) }
  t.is(await send('POST', `${path}?authToken=${token}`, {}, large), 200)
  t.is(await send('POST', `${path}?authToken=x`, {}, { ...large, eventID: '' }), 401)
  t.is(await send('POST', `${path}?authToken=x&authToken=y`, {}, large), 401)
  t.is(await send('POST', path, {}, large), 422)
})
