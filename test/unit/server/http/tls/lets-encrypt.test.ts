/** A certificate of an authority: when it is ordered, what is shown meanwhile, and how long a failure makes it wait. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import test, { type ExecutionContext } from 'ava'
import type { Challenges } from '../../../../../server/http/tls/challenges.ts'
import { createLetsEncrypt, planPauseMs } from '../../../../../server/http/tls/lets-encrypt.ts'
import type { Order } from '../../../../../server/http/tls/order.ts'
import { dayMs, makePair, openTlsStage, pkcs8Of } from '../../../../helpers/tls-stage.ts'
import { until } from '../../../../helpers/wait.ts'

const domain = 'solo.example'
const challenges: Challenges = {
  wrap: () => () => undefined,
  during: work => work(),
  add: () => undefined,
  remove: () => undefined,
}

async function openAuthority(t: ExecutionContext) {
  const stage = await openTlsStage(t)
  const directory = stage.fileOf('lets_encrypt')
  const now = { ms: Date.now() }
  const orders: Order[] = []
  const fallback = await makePair('fallback')
  const changes = { count: 0 }
  const server = { isListening: true }
  /** What the authority gives next; undefined: nothing. */
  const given: { text: string | undefined } = { text: undefined }
  const source = createLetsEncrypt({
    ...{ domain, directory, challenges, directoryUrl: 'https://ca.example/directory' },
    ...{ log: stage.log, nowMs: () => now.ms, onChange: () => (changes.count += 1) },
    fallback: { load: async () => fallback },
    isListening: () => server.isListening,
    order: async order => {
      orders.push(order)
      if (given.text === undefined) throw new Error('the authority is away')
      return given.text
    },
  })
  const settled = (count: number) =>
    until(`${count} orders have ended`, async () => stage.lines.length + changes.count === count)
  return { ...stage, directory, source, orders, fallback, given, now, changes, settled, server }
}

test('until there is one the server shows its own; then it is kept, and nobody asked again', async t => {
  const { source, given, fallback, orders, settled, directory } = await openAuthority(t)
  const pair = await makePair(domain, 90)
  given.text = `${pair.key}${pair.cert}`
  t.is(await source.load(), fallback)
  await settled(1)
  const kept = await source.load()
  t.deepEqual([kept.cert, kept.key], [pair.cert, pair.key])
  t.is(orders.length, 1)
  t.like(orders[0], { domain, directoryUrl: 'https://ca.example/directory' })
  for (const name of [domain, 'acme_account+key']) t.is((await stat(`${directory}/${name}`)).mode & 0o777, 0o600)
  t.is(orders[0]?.accountKey, await readFile(`${directory}/acme_account+key`, 'utf8'))
})

test('in the last third of its life another is ordered, by the same account, and shown once it is there', async t => {
  const { source, given, orders, settled, now } = await openAuthority(t)
  const [first, second] = [await makePair(domain, 90), await makePair(domain, 180)]
  given.text = `${first.key}${first.cert}`
  await source.load()
  await settled(1)
  now.ms += 59 * dayMs
  t.is((await source.load()).cert, first.cert)
  t.is(orders.length, 1)
  given.text = `${second.key}${second.cert}`
  now.ms += 2 * dayMs
  t.is((await source.load()).cert, first.cert)
  await settled(2)
  t.is((await source.load()).cert, second.cert)
  t.is(orders[1]?.accountKey, orders[0]?.accountKey)
})

test('after a failure it waits, longer each time, and tells when it tries again', async t => {
  const { source, orders, settled, now, lines } = await openAuthority(t)
  await source.load()
  await settled(1)
  await source.load()
  t.is(orders.length, 1)
  now.ms += planPauseMs(1)
  await source.load()
  await settled(2)
  now.ms += planPauseMs(1)
  await source.load()
  t.is(orders.length, 2)
  t.like(lines[1], { level: 'error', fields: { domain, cause: 'the authority is away' } })
  t.true(Date.parse(String(lines[1]?.fields.nextTry)) > now.ms)
})

test('one that is due as soon as it is there makes it wait too: a clock may be wrong', async t => {
  const { source, given, orders, settled, now, lines } = await openAuthority(t)
  const pair = await makePair(domain, 90)
  given.text = `${pair.key}${pair.cert}`
  now.ms += 70 * dayMs
  await source.load()
  await settled(2)
  t.is((await source.load()).cert, pair.cert)
  t.is(orders.length, 1)
  t.regex(String(lines[0]?.fields.cause), /is the clock of this machine right\?$/)
})

test('the first failure is tried again after a minute; from then on pauses double from a quarter of an hour to a day', t => {
  t.deepEqual(
    [1, 2, 3, 4, 8, 9, 1000].map(planPauseMs),
    [1, 15, 30, 60, 960, 1440, 1440].map(minutes => minutes * 60_000),
  )
})

test('what the authority gives is kept only if it is a certificate for the key', async t => {
  const { source, given, fallback, settled, lines } = await openAuthority(t)
  given.text = `${(await makePair(domain)).key}${(await makePair(domain)).cert}`
  await source.load()
  await settled(1)
  t.is(await source.load(), fallback)
  t.regex(String(lines[0]?.fields.cause), /no certificate for the key/)
})

test('one that has ended is not shown any more', async t => {
  const { source, given, fallback, settled, now } = await openAuthority(t)
  const pair = await makePair(domain, 90)
  given.text = `${pair.key}${pair.cert}`
  await source.load()
  await settled(1)
  given.text = undefined
  now.ms += 91 * dayMs
  t.is(await source.load(), fallback)
  await settled(2)
})

test('what the original kept goes on being used', async t => {
  const { source, directory, orders } = await openAuthority(t)
  const [own, issuer] = [await makePair(domain, 90), await makePair('issuer', 900)]
  await mkdir(directory)
  await writeFile(`${directory}/${domain}`, `${pkcs8Of(own.key)}${own.cert}${issuer.cert}`)
  t.is((await source.load()).cert, `${own.cert}${issuer.cert}`)
  t.is(orders.length, 0)
})

test('nothing is ordered before the server listens', async t => {
  const { source, given, fallback, orders, settled, server } = await openAuthority(t)
  const pair = await makePair(domain, 90)
  given.text = `${pair.key}${pair.cert}`
  server.isListening = false
  t.is(await source.load(), fallback)
  t.deepEqual([orders.length, source.problem?.()], [0, undefined])
  server.isListening = true
  await source.load()
  await settled(1)
  t.is((await source.load()).cert, pair.cert)
})

test('what was not obtained is a problem until it is', async t => {
  const { source, given, settled, now } = await openAuthority(t)
  await source.load()
  await settled(1)
  t.regex(
    source.problem?.() ?? '',
    /^no certificate for solo\.example was obtained, .* at 20\S+Z: the authority is away$/,
  )
  const pair = await makePair(domain, 90)
  given.text = `${pair.key}${pair.cert}`
  now.ms += planPauseMs(1)
  await source.load()
  await settled(2)
  t.is(source.problem?.(), undefined)
})
