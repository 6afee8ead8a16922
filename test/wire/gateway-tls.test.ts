/** The gateway over TLS: which certificate a client is shown, and what its function is told. The keys guard nothing but these tests. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import test, { type ExecutionContext } from 'ava'
import { fixedIdentity } from '../../server/http/tls/identity.ts'
import { answer } from '../helpers/fake-execution.ts'
import { type OpenGateway, openGateway } from '../helpers/gateway.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
const tls = fixedIdentity({ cert: fixture('cli/server.crt'), key: fixture('cli/server.key') })
const shop = { certificate: fixture('gateway/shop.crt'), key: fixture('gateway/shop.key') }

async function openShop(t: ExecutionContext): Promise<OpenGateway> {
  const gateway = await openGateway(t, { f: ({ contextJson }) => answer(contextJson) }, { tls })
  await gateway.createFunction('f')
  await gateway.createApi({ name: 'shop', function: 'f', hosts: ['shop.example'], uris: ['/x'], tls: 'shop-tls' })
  await gateway.createApi({ name: 'open', function: 'f', uris: ['/x'], protocols: ['https'], cors: true })
  return gateway
}

test('captures 082, 089, 146 and 147: an API answers over TLS too, by the certificate of the server; what is not there does not', async t => {
  const { send } = await openShop(t)
  const got = await send('GET', '/dispatch/x', { overTls: 'localhost' })
  t.like(got, { status: 200, shown: 'localhost', headers: { 'access-control-allow-origin': '*' } })
  t.is(JSON.parse(got.text).httpContext.scheme, 'https')
  const refused = await send('GET', '/dispatch/x')
  t.like(refused, { status: 400, text: '{"message":"Please use HTTPS protocol"}\n' })
  t.is((await send('POST', '/x', { overTls: 'localhost' })).text, '{"message":"no API found with those values"}\n')
})

test('a host whose API names a secret is shown the certificate in it, from the moment it is there until it is not', async t => {
  const { send, call } = await openShop(t)
  const ask = async () => {
    const { status, shown } = await send('GET', '/x', { overTls: 'shop.example', headers: { host: 'shop.example' } })
    return [status, shown]
  }
  t.deepEqual(await ask(), [200, 'localhost'])
  await call('POST', '/v1/secret', { name: 'shop-tls', secrets: shop })
  t.deepEqual(await ask(), [200, 'shop.example'])
  t.is((await send('GET', '/dispatch/x', { overTls: 'other.example' })).shown, 'localhost')
  await call('PUT', '/v1/secret/shop-tls', { name: 'shop-tls', secrets: { certificate: 'x', key: 'y' } })
  t.deepEqual(await ask(), [200, 'localhost'])
  await call('PUT', '/v1/secret/shop-tls', { name: 'shop-tls', secrets: shop })
  t.deepEqual(await ask(), [200, 'shop.example'])
  await call('DELETE', '/v1/secret/shop-tls')
  t.deepEqual(await ask(), [200, 'localhost'])
})

test('nothing older than TLS 1.2 is spoken, and HTTP 1.1 alone', async t => {
  const { tlsPort } = await openShop(t)
  const shake = (options: object) =>
    new Promise<string | false | null>((resolve, reject) => {
      const common = { host: '127.0.0.1', port: tlsPort, rejectUnauthorized: false }
      const socket = connect({ ...common, ALPNProtocols: ['h2', 'http/1.1'], ...options }, () => {
        resolve(socket.alpnProtocol)
        socket.destroy()
      })
      socket.once('error', reject)
    })
  t.is(await shake({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }), 'http/1.1')
  await t.throwsAsync(shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }))
})
