/** A certificate that is replaced while the server listens: what new connections see, what old ones keep, and what is told. */
import { generateKeyPairSync } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import test, { type ExecutionContext } from 'ava'
import { connectionLimits, createListener } from '../../../../../server/http/connections.ts'
import { openCertificates } from '../../../../../server/http/tls/certificates.ts'
import { findFault, type TlsIdentity } from '../../../../../server/http/tls/identity.ts'
import { createFileSource } from '../../../../../server/http/tls/source.ts'
import { dayMs, listenForTls, makePair, openTlsStage, shake, shownBy } from '../../../../helpers/tls-stage.ts'
import { until } from '../../../../helpers/wait.ts'

async function openFiles(t: ExecutionContext, periodMs?: number) {
  const stage = await openTlsStage(t)
  const [certificateFile, keyFile] = [stage.fileOf('c.pem'), stage.fileOf('k.pem')]
  const write = async ({ cert, key }: TlsIdentity): Promise<void> => {
    await writeFile(certificateFile, cert)
    await writeFile(keyFile, key)
  }
  await write(await makePair('first'))
  const now = { ms: Date.now() }
  const certificates = await openCertificates({
    source: createFileSource(certificateFile, keyFile),
    nowMs: () => now.ms,
    log: stage.log,
    ...(periodMs !== undefined && { periodMs }),
  })
  certificates.start()
  t.teardown(certificates.stop)
  const common = { limits: connectionLimits, nextRequestId: () => 'r' }
  const handle = (_: unknown, response: { end(text: string): void }) => response.end('ok')
  const port = await listenForTls(t, createListener({ ...common, handle, tls: { identity: certificates } }))
  return { ...stage, certificates, write, now, port, keyFile }
}

test('a pair that is replaced is shown to the next client, and who is connected stays so', async t => {
  const { port, write } = await openFiles(t, 20)
  const before = await shake(port)
  t.teardown(() => before.destroy())
  await write(await makePair('second'))
  await until('the other one is shown', async () => (await shownBy(port)) === 'second')
  const answer = new Promise(resolve => before.once('data', resolve))
  before.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  t.regex(String(await answer), /^HTTP\/1\.1 200 /)
})

test('whoever does not want to wait says so', async t => {
  const { port, write, certificates } = await openFiles(t, 3_600_000)
  await write(await makePair('second'))
  certificates.reload()
  t.true(await until('the other one is shown', async () => (await shownBy(port)) === 'second'))
})

test('files that are no pair are told once, and what was shown stays until they are', async t => {
  const { port, write, certificates, lines, keyFile } = await openFiles(t, 10)
  await rm(keyFile)
  await until('it is told', async () => lines.length === 1)
  await write({ ...(await makePair('second')), key: (await makePair('third')).key })
  const other = /^TLS: .* are no certificate and its key: /
  await until('the other fault is told', async () => lines.some(({ fields }) => other.test(String(fields.cause))))
  certificates.reload()
  t.is(await shownBy(port), 'first')
  t.regex(certificates.problem() ?? '', /are no certificate and its key/)
  await write(await makePair('fourth'))
  await until('it is mended', async () => (await shownBy(port)) === 'fourth')
  t.is(certificates.problem(), undefined)
  t.regex(String(lines[0]?.fields.cause), /^TLS: ENOENT/)
  t.is(lines.at(-1)?.level, 'info')
  // Two files that are written one after the other are seen in between too, each time with a cause of its own.
  const told = lines.map(({ level, fields }) => `${level} ${fields.cause}`)
  t.deepEqual(
    told.filter((line, at) => line === told[at - 1]),
    [],
  )
})

test('a key of another kind is not taken for that of the certificate', async t => {
  const { cert } = await makePair('one')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  t.is(findFault({ cert, key }), 'the key is not that of the certificate')
})

test('a certificate that nobody replaces is complained of in its last two weeks, once a day', async t => {
  const { certificates, lines, now } = await openFiles(t, 10)
  now.ms += 352 * dayMs
  await until('it is told', async () => lines.length === 1)
  now.ms += dayMs
  await until('it is told again', async () => lines.length === 2)
  await certificates.stop()
  t.true(lines.every(line => line.level === 'warn' && /ends soon/.test(line.message)))
})
