/** How often a client may call an API of the gateway: by its address, or as who it is. */
import { BlockList } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import type { AppOptions } from '../../server/app-options.ts'
import { answer } from '../helpers/fake-execution.ts'
import { openGateway } from '../helpers/gateway.ts'
import { createMovingClock } from '../helpers/moving-clock.ts'

async function openLimited(t: ExecutionContext, fields: object, options: Partial<AppOptions> = {}) {
  const clock = createMovingClock()
  const gateway = await openGateway(t, { f: ({ contextJson }) => answer(contextJson) }, { clock, ...options })
  await gateway.createFunction('f')
  await gateway.createApi({ name: 'a', function: 'f', uris: ['/x'], ...fields })
  const ask = (headers: Record<string, string> = {}) => gateway.send('GET', '/dispatch/x', { headers })
  const statusesOf = async (count: number, headers?: Record<string, string>) => {
    const statuses: number[] = []
    for (let request = 0; request < count; request += 1) statuses.push((await ask(headers)).status)
    return statuses
  }
  return { clock, gateway, ask, statusesOf }
}

const limitHeaders = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after']

test('a client may make so many requests at once, and is told when it may make the next', async t => {
  const { clock, gateway, ask, statusesOf } = await openLimited(t, {
    ...{ rateLimit: { requests: 2, perSeconds: 10, burst: 3 }, cors: true },
  })
  const told = async () => {
    const { status, headers, text } = await ask()
    return [status, ...limitHeaders.map(name => headers[name]), status === 200 ? '' : text]
  }
  t.deepEqual(await told(), [200, '3', '2', '5', undefined, ''])
  t.deepEqual(await statusesOf(2), [200, 200])
  const message = 'API a lets a client make 2 requests in 10 s; try again in 5 s'
  t.deepEqual(await told(), [429, '3', '0', '15', '5', `{"message":"${message}"}\n`])
  t.is((await ask()).headers['access-control-allow-origin'], '*')
  clock.advance(4999)
  t.deepEqual(await told(), [429, '3', '0', '11', '1', `{"message":"${message.replace('5 s', '1 s')}"}\n`])
  clock.advance(1)
  t.deepEqual(await statusesOf(2), [200, 429])
  clock.advance(3_600_000)
  t.deepEqual(await statusesOf(4), [200, 200, 200, 429])
  t.like(await gateway.send('OPTIONS', '/dispatch/x'), { status: 200 })
  t.is(gateway.execution.invocations.length, 7)
})

test('each API has limits of its own, a changed one begins anew, and one without has none', async t => {
  const { gateway, statusesOf } = await openLimited(t, { rateLimit: { requests: 1 } })
  await gateway.createApi({ name: 'b', function: 'f', uris: ['/y'], rateLimit: { requests: 1 } })
  t.deepEqual(await statusesOf(2), [200, 429])
  t.is((await gateway.send('GET', '/dispatch/y')).status, 200)
  const change = (fields: object) =>
    gateway.call('PUT', '/v1/api/a', { name: 'a', function: 'f', enabled: true, uris: ['/x'], ...fields })
  const { body } = await change({ rateLimit: { requests: 2 } })
  t.deepEqual(body.rateLimit, { requests: 2, perSeconds: 1, burst: 2 })
  t.deepEqual(await statusesOf(3), [200, 200, 429])
  await change({})
  t.deepEqual(await statusesOf(5), [200, 200, 200, 200, 200])
})

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

test('who authenticates has a limit of their own; who guesses is not listened to any more, and holds up nobody else', async t => {
  const authenticated = {
    authentication: 'basic',
    authenticationSecret: 'users',
    rateLimit: { requests: 2, perSeconds: 60 },
  }
  const trustedProxies = new BlockList()
  trustedProxies.addAddress('127.0.0.1')
  const { clock, gateway, statusesOf } = await openLimited(t, authenticated, { trustedProxies })
  await gateway.call('POST', '/v1/secret', { name: 'users', secrets: { jon: '1', arya: '2' } })
  const from = (address: string, user: string, password: string) => ({
    ...{ ...basic(user, password), 'x-forwarded-for': address },
  })
  t.deepEqual(await statusesOf(3, from('192.0.2.1', 'jon', '1')), [200, 200, 429])
  t.deepEqual(await statusesOf(1, from('192.0.2.2', 'jon', '1')), [429])
  t.deepEqual(await statusesOf(1, from('192.0.2.1', 'arya', '2')), [200])
  t.deepEqual(await statusesOf(3, from('192.0.2.3', 'arya', '1')), [401, 401, 429])
  t.deepEqual(await statusesOf(1, from('192.0.2.3', 'arya', '2')), [429])
  t.deepEqual(await statusesOf(1, from('192.0.2.1', 'arya', '2')), [200])
  clock.advance(60_000)
  t.deepEqual(await statusesOf(1, from('192.0.2.3', 'arya', '2')), [200])
})

test('X-Forwarded-For counts from trusted proxies alone, and only what the last of them was told', async t => {
  const limited = { rateLimit: { requests: 1, perSeconds: 60 } }
  const forwarded = (addresses: string) => ({ 'x-forwarded-for': addresses })
  const { ask, statusesOf } = await openLimited(t, limited)
  t.is(JSON.parse((await ask(forwarded('192.0.2.1'))).text).httpContext.remote_addr, '127.0.0.1')
  t.deepEqual(await statusesOf(1, forwarded('192.0.2.2')), [429])

  const trustedProxies = new BlockList()
  for (const network of ['127.0.0.0', '10.1.0.0']) trustedProxies.addSubnet(network, 16)
  const behind = await openLimited(t, limited, { trustedProxies })
  const clientOf = async (addresses: string) => {
    const { status, text } = await behind.ask(forwarded(addresses))
    return status === 200 ? JSON.parse(text).httpContext.remote_addr : status
  }
  t.is(await clientOf('192.0.2.1'), '192.0.2.1')
  t.is(await clientOf('192.0.2.9, 192.0.2.1'), 429)
  t.is(await clientOf('192.0.2.1, 192.0.2.2,10.1.2.3'), '192.0.2.2')
  t.is(await clientOf('nonsense, 10.1.2.3'), '10.1.2.3')
  t.is(await clientOf('nonsense'), '127.0.0.1')
  t.is(await clientOf(''), 429)
  t.is(await clientOf('2001:db8::1'), '2001:db8::1')
  t.is(await clientOf('2001:DB8:0:0:ffff::2'), 429, 'one network of 64 bits is one client')
  t.is(await clientOf('2001:db8:0:1::1'), '2001:db8:0:1::1')
})
