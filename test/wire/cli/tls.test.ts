/** TLS: whom the client trusts, and the tunnel through a proxy. The key in the fixtures guards nothing but these tests. */
import { readFileSync } from 'node:fs'
import { createServer as createPlain } from 'node:http'
import { createServer } from 'node:https'
import { connect, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { createStage } from './stage.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/cli/${name}`, import.meta.url))
const certificate = fixture('server.crt')

async function listen(t: ExecutionContext, server: Server): Promise<string> {
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return String(address.port)
}

const startServer = (t: ExecutionContext) => {
  const identity = { key: readFileSync(fixture('server.key')), cert: readFileSync(certificate) }
  const server = createServer(identity, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' })
    response.end('[]')
  })
  return listen(t, server)
}

test('an unknown certificate is refused, SSL_CERT_FILE makes it known, --insecure does not ask', async t => {
  const stage = await createStage(t)
  const words = ['get', 'images', '-o', 'json', '--scheme', 'https', '--port', await startServer(t)]
  const refused = await stage.dispatch(words)
  t.is(refused.code, 1)
  t.regex(
    refused.stderr,
    /certificate signed by unknown authority; name .* in SSL_CERT_FILE, or accept any: --insecure\n$/,
  )
  t.is((await stage.dispatch(words, { env: { SSL_CERT_FILE: certificate } })).stdout, '[]\n')
  const missing = await stage.dispatch(words, { env: { SSL_CERT_FILE: 'missing.pem' } })
  t.regex(missing.stderr, /: SSL_CERT_FILE: open missing\.pem: no such file or directory\n$/)
  const insecure = await stage.dispatch([...words, '--insecure'])
  t.deepEqual(insecure, { code: 0, stdout: '[]\n', stderr: '' })
  const seen = await stage.dispatch([...words, '--insecure'], { stderrIsTerminal: true })
  t.is(seen.stderr, 'Note: TLS certificates are not verified\n')
})

test('a certificate for another host is refused even when it is trusted', async t => {
  const stage = await createStage(t)
  const port = await startServer(t)
  const env = { SSL_CERT_FILE: certificate }
  const words = ['get', 'images', '--scheme', 'https', '--host', '127.0.0.2', '--port', port]
  const { code, stderr } = await stage.dispatch(words, { env })
  t.is(code, 1)
  t.regex(stderr, /127\.0\.0\.2/)
})

test('https to a server that speaks http says so', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [] }))
  t.regex(
    (await stage.dispatch(['get', 'images', '--scheme', 'https'])).stderr,
    /does not speak TLS there; try --scheme http, or an address that begins with http:\/\/\n$/,
  )
})

test('HTTPS_PROXY opens a tunnel; TLS goes through it to the server itself', async t => {
  const port = await startServer(t)
  const tunnels: string[] = []
  const proxy = createPlain().on('connect', (request, client) => {
    tunnels.push(`${request.url}`)
    if (request.url?.startsWith('closed.test')) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const server = connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    server.on('error', () => client.destroy())
    client.on('error', () => server.destroy())
  })
  const env = { HTTPS_PROXY: `http://127.0.0.1:${await listen(t, proxy)}`, SSL_CERT_FILE: certificate }
  const stage = await createStage(t)
  const words = ['get', 'images', '-o', 'json', '--scheme', 'https', '--port', '443', '--host']
  t.deepEqual(await stage.dispatch([...words, 'solo.test'], { env }), { code: 0, stdout: '[]\n', stderr: '' })
  t.regex(
    (await stage.dispatch([...words, 'closed.test'], { env })).stderr,
    /refused the tunnel to closed\.test:443: HTTP 403\n$/,
  )
  t.deepEqual(tunnels, ['solo.test:443', 'closed.test:443'])
})
