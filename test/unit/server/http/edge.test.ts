/** What the API tells browsers, and what it takes from them: hosts that are its own, pages that are its own or are let in. */
import test from 'ava'
import fc from 'fast-check'
import { pino } from 'pino'
import { createHostCheck, type EdgeOptions } from '../../../../server/http/edge.ts'
import { operation } from '../../../../server/http/operation.ts'
import { createApi } from '../../../../server/http/server.ts'
import { openGate } from '../../../../server/iam/open-gate.ts'

const operations = (['GET', 'POST'] as const).map(method =>
  operation({
    ...{ id: method, group: '', method, path: '/v1/function', summary: '', answers: {} },
    handle: async () => ({ status: 200, json: '1' }),
  }),
)

async function ask(options: EdgeOptions, sent: Record<string, string>, method: 'GET' | 'POST' | 'OPTIONS' = 'GET') {
  const api = createApi({
    ...{ operations, gate: openGate, logger: pino({ level: 'silent' }), maxBodyBytes: 100, startId: 'start' },
    ...options,
  })
  const headers = { cookie: 'c', 'x-dispatch-org': 'o', ...sent }
  const answer = await api.inject({ method, url: '/v1/function', headers })
  return { status: answer.statusCode, headers: answer.headers, body: answer.body }
}

const isOwn = createHostCheck(['Solo.lan'])

test('addresses, localhost and the configured host are its own, with any port', t => {
  for (const host of [
    'localhost',
    'localhost:8080',
    'a.localhost:1',
    '127.0.0.1',
    '10.0.0.7:80',
    '[::1]:8080',
    '[fd00::1]',
    'SOLO.LAN',
    'solo.lan.:8080',
  ])
    t.true(isOwn(host), host)
})

test('names that others may have lead here are not', t => {
  for (const host of [
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    'notlocalhost',
    '127.0.0.1.evil.example',
    '0x7f.1',
    '[::1].evil',
    '[evil.example]',
    'localhost@evil',
    'localhost:80:80',
    ' ',
  ])
    t.false(isOwn(host), host)
  const labels = fc.array(fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/), { minLength: 2, maxLength: 4 })
  fc.assert(
    fc.property(labels, fc.nat(65_535), (parts, port) => {
      const name = parts.join('.')
      t.is(isOwn(`${name}:${port}`), name.endsWith('.localhost') || name === 'solo.lan', name)
    }),
    { numRuns: 200 },
  )
})

test('a host that is not its own is refused before anything else, where hosts are checked', async t => {
  const refused = await ask({ hosts: [] }, { host: 'evil.example', cookie: '' })
  t.is(refused.status, 421)
  t.regex(refused.body, /asks for host evil\.example, which is not this server/)
  t.is((await ask({ hosts: [] }, { host: '127.0.0.1:8080' })).status, 200)
  t.is((await ask({}, { host: 'any.example' })).status, 200)
  t.is((await ask({ hosts: [], isLocal: () => true }, { host: 'any' })).status, 200)
})

const pages: readonly (readonly [title: string, sent: Record<string, string>, status: number])[] = [
  ['a program', {}, 200],
  ['its own page', { origin: 'http://h:1', host: 'h:1' }, 200],
  ['its own page without a referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }, 200],
  ['its own page behind a proxy', { origin: 'https://solo.example', host: 'h', 'sec-fetch-site': 'same-origin' }, 200],
  ['a page of another site', { origin: 'https://evil.example', host: 'h' }, 403],
  ['a page of another port', { origin: 'http://h:2', host: 'h:1' }, 403],
  ['a page of another site in a frame without an origin', { origin: 'null', host: 'h' }, 403],
  [
    'a page of another site, as the browser says',
    { origin: 'http://h', host: 'h', 'sec-fetch-site': 'cross-site' },
    403,
  ],
  ['a page of a neighbour, as the browser says', { origin: 'http://h', host: 'h', 'sec-fetch-site': 'same-site' }, 403],
  ['a page of a site that is let in', { origin: 'https://ui.example', 'sec-fetch-site': 'cross-site' }, 200],
  ['a page of a site whose name begins the same', { origin: 'https://ui.example.evil.example' }, 403],
]
for (const [title, sent, status] of pages)
  test(`a change that ${title} asks for: ${status}`, async t => {
    t.is((await ask({ origins: ['https://ui.example'] }, sent, 'POST')).status, status)
  })

const shared = (headers: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control')))

test('without configured origins nothing is shared with any', async t => {
  for (const method of ['GET', 'POST', 'OPTIONS'] as const) {
    const sent = { origin: 'https://ui.example', 'access-control-request-method': 'POST' }
    t.deepEqual(shared((await ask({}, sent, method)).headers), {})
  }
})

test('pages of a configured origin may ask, use the API by a token, and read its errors; never by cookies', async t => {
  const options = { origins: ['https://ui.example'] }
  const origin = 'https://ui.example'
  const first = await ask(options, { origin, cookie: '', 'access-control-request-method': 'POST' }, 'OPTIONS')
  t.is(first.status, 204)
  t.deepEqual(shared(first.headers), {
    'access-control-allow-headers': 'authorization, content-type, x-dispatch-org',
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-request-id, link, retry-after, location',
    'access-control-max-age': '600',
  })
  const answers = [await ask(options, { origin }), await ask(options, { origin, cookie: '' }, 'POST')]
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 401],
  )
  for (const { headers } of answers)
    t.deepEqual(shared(headers), {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'x-request-id, link, retry-after, location',
    })
  t.deepEqual(shared((await ask(options, { origin: 'https://evil.example' })).headers), {})
  t.is((await ask(options, { origin }, 'OPTIONS')).status, 405)
})

test('no answer may be kept, guessed at, framed or run, whether it is a refusal or not, and none names a product', async t => {
  const answers = [
    await ask({}, {}),
    await ask({}, { cookie: '' }),
    await ask({}, {}, 'OPTIONS'),
    await ask({ hosts: [] }, { host: 'evil.example' }),
  ]
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 401, 405, 421],
  )
  for (const { headers } of answers) {
    t.like(headers, {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    for (const name of ['server', 'x-powered-by', 'via']) t.is(headers[name], undefined)
  }
})
