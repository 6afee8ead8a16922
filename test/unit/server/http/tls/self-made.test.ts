/** The certificate that the server makes for itself: what it says, when another one is made, and what stays then. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import test, { type ExecutionContext } from 'ava'
import { array, assert, asyncProperty, constantFrom, domain, ipV4, ipV6, oneof } from 'fast-check'
import { readCertificate } from '../../../../../server/http/tls/identity.ts'
import { createEcKey, issueCertificate } from '../../../../../server/http/tls/issue.ts'
import { isName } from '../../../../../server/http/tls/names.ts'
import { createSelfMade } from '../../../../../server/http/tls/self-made.ts'
import { dayMs, makePair, openTlsStage } from '../../../../helpers/tls-stage.ts'

const certificateName = 'dispatch_self_signed_cert.pem'
const keyName = 'dispatch_private_key.pem'

async function openSelfMade(t: ExecutionContext) {
  const stage = await openTlsStage(t)
  const now = { ms: Date.now() }
  const names = { wanted: ['solo.example', '10.0.0.7', '::1'] }
  const { log, directory } = stage
  const source = createSelfMade({ directory, log, names: () => names.wanted, nowMs: () => now.ms })
  const reasons = () => stage.lines.map(line => line.fields.reason)
  return { ...stage, now, source, reasons, names }
}

test('it is of P-256, for all names, no authority, and for less than 398 days; its key is for its owner alone', async t => {
  const { source, fileOf } = await openSelfMade(t)
  const { cert, key } = await source.load()
  t.is(await readFile(fileOf(certificateName), 'utf8'), cert)
  t.is(await readFile(fileOf(keyName), 'utf8'), key)
  t.is((await stat(fileOf(keyName))).mode & 0o777, 0o600)
  t.regex(key, /^-----BEGIN EC PRIVATE KEY-----\n/)
  const made = new X509Certificate(cert)
  t.is(made.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  t.is(made.subject, 'O=Dispatch\nCN=solo.example')
  t.is(made.subjectAltName, 'DNS:solo.example, IP Address:10.0.0.7, IP Address:0:0:0:0:0:0:0:1')
  t.false(made.ca)
  const days = (Date.parse(made.validTo) - Date.parse(made.validFrom)) / dayMs
  t.true(days > 390 && days <= 398, String(days))
})

test('who trusts it by its file accepts it, even by the strictest rules', async t => {
  const { source, fileOf } = await openSelfMade(t)
  await source.load()
  const file = fileOf(certificateName)
  const args = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'solo.example', '-CAfile', file, file]
  t.regex(execFileSync('openssl', ['verify', ...args], { encoding: 'utf8' }), /: OK\n$/)
})

test('it stays while it will do', async t => {
  const { source, now, reasons } = await openSelfMade(t)
  const first = await source.load()
  now.ms += 360 * dayMs
  t.deepEqual(await source.load(), first)
  t.deepEqual(reasons(), ['there was none'])
})

test('before its end, for a new name and for a clock that was wrong another is made, with the same key', async t => {
  const { source, now, names, reasons } = await openSelfMade(t)
  const first = await source.load()
  names.wanted = ['solo.example', 'other.example']
  const second = await source.load()
  now.ms += 370 * dayMs
  const third = await source.load()
  now.ms -= 370 * dayMs
  const fourth = await source.load()
  t.is(new Set([first, second, third, fourth].map(({ cert }) => cert)).size, 4)
  t.is(new Set([first, second, third, fourth].map(({ key }) => key)).size, 1)
  t.deepEqual(reasons(), ['there was none', 'it is not for other.example', 'its end is near', 'it is not valid yet'])
})

test('a name that has gone is no reason for another', async t => {
  const { source, names } = await openSelfMade(t)
  const first = await source.load()
  names.wanted = ['solo.example']
  t.deepEqual(await source.load(), first)
})

test('a certificate that is broken, or of another key, is made anew; one that lost its key is left alone', async t => {
  const { source, fileOf, reasons } = await openSelfMade(t)
  await source.load()
  for (const cert of ['-----BEGIN', (await makePair('solo.example')).cert]) {
    await writeFile(fileOf(certificateName), cert)
    t.not((await source.load()).cert, cert)
  }
  t.deepEqual(reasons().slice(1), ['it does not fit its key', 'it does not fit its key'])
  await rm(fileOf(keyName))
  await t.throwsAsync(source.load(), {
    message: /^TLS: .*_cert\.pem is there without .*_key\.pem: bring the key back, or/,
  })
})

test('a key alone, as a crash at the first start may leave it, gets its certificate; one that is none is told', async t => {
  const { source, fileOf } = await openSelfMade(t)
  const { key } = await makePair('x')
  await writeFile(fileOf(keyName), key)
  t.is((await source.load()).key, key)
  await rm(fileOf(certificateName))
  await writeFile(fileOf(keyName), 'none')
  await t.throwsAsync(source.load(), { message: /^TLS: no certificate can be made with the key in .*; remove it/ })
})

test('whatever names it is made for, it is found to be for them: else it would be made again and again', async t => {
  const name = oneof(domain(), ipV4(), ipV6(), constantFrom('box', 'my_box', 'A.b', '_x', 'a--b.c')).filter(isName)
  const property = asyncProperty(array(name, { minLength: 1, maxLength: 5 }), async names => {
    const fromMs = Date.now() - dayMs
    const cert = await issueCertificate({ key: createEcKey(), names, fromMs, untilMs: Date.now() + 90 * dayMs })
    return names.every(readCertificate(cert).isFor)
  })
  await assert(property, { numRuns: 100 })
  t.pass()
})
