/** What the listeners speak over TLS, asked by OpenSSL itself: old protocols and weak suites find nobody. */
import { execFileSync, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { fixedIdentity, type TlsIdentity } from '../../server/http/tls/identity.ts'
import { createTestApp } from '../helpers/test-app.ts'
import { listenForTls, makePair } from '../helpers/tls-stage.ts'

/** By the kind of key; a suite of another kind is out of the question anyway. */
const kinds = ['ECDSA', 'RSA'] as const
const listeners = kinds.flatMap(kind => [`API with ${kind}`, `gateway with ${kind}`])
const ports = new Map<string, number>()
const ends: (() => unknown)[] = []

function makeRsaPair(): TlsIdentity {
  const args = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '30',
    '-subj',
    '/CN=solo.example',
    '-keyout',
    '-',
  ]
  const both = execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return { cert: both, key: both }
}

test.before(async t => {
  // The listeners are there for all tests of this file.
  const lasting: Pick<ExecutionContext, 'teardown'> = { teardown: end => void ends.unshift(end) }
  for (const kind of kinds) {
    const pair = kind === 'RSA' ? makeRsaPair() : await makePair('solo.example')
    const { app } = await createTestApp(lasting, {}, { tls: fixedIdentity(pair) })
    await app.api.ready()
    const servers = { API: app.apiOverTls, gateway: app.gateway.servers.https }
    for (const [name, server] of Object.entries(servers))
      if (server) ports.set(`${name} with ${kind}`, await listenForTls(lasting, server))
  }
  t.deepEqual([...ports.keys()], listeners)
})

test.after.always(async () => {
  for (const end of ends) await end()
})

interface Shaken {
  /** As OpenSSL names them; undefined: there was no handshake. */
  protocol: string | undefined
  suite: string | undefined
  output: string
}

/** Level 0 offers also what OpenSSL itself does not think good any more. */
async function shake(listener: string, offered: string[], typed = ''): Promise<Shaken> {
  const address = `127.0.0.1:${ports.get(listener)}`
  const child = spawn('openssl', ['s_client', '-connect', address, '-servername', 'solo.example', ...offered])
  child.stdin.end(typed)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [, protocol, suite = '(NONE)'] = /^New, (\S+), Cipher is (.+)$/m.exec(out) ?? []
  const isDone = suite !== '(NONE)'
  return { protocol: isDone ? protocol : undefined, suite: isDone ? suite : undefined, output: out + err }
}

const good13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256']
const good12 = ['AES256-GCM-SHA384', 'CHACHA20-POLY1305', 'AES128-GCM-SHA256'].map(suite => `ECDHE-KIND-${suite}`)
const weak12 = [
  ...['ECDHE-KIND-AES128-SHA', 'ECDHE-KIND-AES256-SHA384', 'ECDHE-KIND-NULL-SHA', 'ECDHE-ECDSA-AES128-CCM'],
  ...['AES128-GCM-SHA256', 'AES256-SHA', 'DHE-RSA-AES128-GCM-SHA256', 'ADH-AES128-SHA'],
]

for (const listener of listeners) {
  const ofKind = (suite: string): string => suite.replace('KIND', listener.endsWith('RSA') ? 'RSA' : 'ECDSA')
  const [good, weak] = [good12.map(ofKind), weak12.map(ofKind)]

  for (const old of ['-tls1', '-tls1_1'])
    test(`${listener}: ${old} is refused`, async t => {
      const { protocol, output } = await shake(listener, [old, '-cipher', 'ALL@SECLEVEL=0'])
      t.is(protocol, undefined)
      t.regex(output, /alert protocol version/)
    })

  for (const suite of good)
    test(`${listener}: TLS 1.2 by ${suite}`, async t => {
      t.is((await shake(listener, ['-tls1_2', '-cipher', suite])).suite, suite)
    })

  for (const suite of good13)
    test(`${listener}: TLS 1.3 by ${suite}`, async t => {
      t.like(await shake(listener, ['-tls1_3', '-ciphersuites', suite]), { protocol: 'TLSv1.3', suite })
    })

  for (const suite of weak)
    test(`${listener}: ${suite} is refused`, async t => {
      const { protocol, output } = await shake(listener, ['-tls1_2', '-cipher', `${suite}@SECLEVEL=0`])
      t.is(protocol, undefined)
      t.regex(output, /alert handshake failure/)
    })

  test(`${listener}: who offers all is given TLS 1.3, and who offers all of 1.2 the strongest`, async t => {
    t.is((await shake(listener, [])).protocol, 'TLSv1.3')
    const offered = ['-tls1_2', '-cipher', `${[...weak, ...good.toReversed()].join(':')}@SECLEVEL=0`]
    t.is((await shake(listener, offered)).suite, good[0])
  })

  test(`${listener}: curves X25519, P-256 and P-384, and no other`, async t => {
    for (const curve of ['X25519', 'P-256', 'P-384'])
      t.is((await shake(listener, ['-groups', curve])).protocol, 'TLSv1.3', curve)
    for (const curve of ['P-521', 'X448']) t.is((await shake(listener, ['-groups', curve])).protocol, undefined, curve)
  })

  test(`${listener}: nothing is negotiated anew within a connection, nor compressed`, async t => {
    const { output } = await shake(listener, ['-tls1_2'], 'R\n')
    t.regex(output, /no renegotiation/)
    t.regex(output, /Compression: NONE/)
  })
}
