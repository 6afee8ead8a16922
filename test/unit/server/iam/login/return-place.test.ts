/** A login leads to the command line or the device that it was begun for, and nowhere else. */
import test from 'ava'
import fc from 'fast-check'
import { parseReturnPlace, renderReturnPlace } from '../../../../../server/iam/login/return-place.ts'

const toCatcher = (redirect: string) => `/v1/iam/redirect?redirect=${encodeURIComponent(redirect)}`

for (const target of ['http://127.0.0.1:4000/catcher', 'http://localhost:1/x?a=b', 'http://[::1]:80/'])
  test(`the command line at ${target}`, t => {
    const place = parseReturnPlace(toCatcher(target))
    t.deepEqual(place, { kind: 'command-line', target: new URL(target) })
  })

test('a device', t =>
  t.deepEqual(parseReturnPlace('/v1/iam/device?code=bcdfghjk'), { kind: 'device', code: 'BCDF-GHJK' }))

for (const rd of [
  '',
  '/',
  '/docs',
  '/v1/iam/device?code=your account is blocked',
  '/v1/iam/redirect',
  ...[
    'https://evil.example/',
    'http://evil.example:4000/catcher',
    'http://127.0.0.1.evil.example/',
    'http://127.0.0.1@evil.example/',
    'http://user:password@127.0.0.1:4000/',
    'http://evil.example#@127.0.0.1/',
    'http://evil.example\\@127.0.0.1/',
    '//evil.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '/catcher',
  ].map(toCatcher),
  '//evil.example/v1/iam/device?code=BCDF-GHJK',
  '/\\evil.example/v1/iam/device?code=BCDF-GHJK',
  'https://evil.example/v1/iam/device?code=BCDF-GHJK',
  'v1/iam/device?code=BCDF-GHJK',
])
  test(`nowhere: ${rd}`, t => t.is(parseReturnPlace(rd), undefined))

test('whatever is asked for, what is answered is of this server and means the same again', t => {
  const hosts = fc.constantFrom('127.0.0.1', 'localhost', '[::1]', 'evil.example', '127.0.0.1@evil.example', '')
  const urls = fc
    .tuple(fc.constantFrom('http:', 'https:', ''), hosts, fc.nat(65535), fc.webPath(), fc.webQueryParameters())
    .map(([scheme, host, port, path, query]) => `${scheme}//${host}:${port}${path}?${query}`)
  const devices = fc.string().map(code => `/v1/iam/device?code=${encodeURIComponent(code)}`)
  const texts = fc.oneof(urls, devices, fc.string())
  fc.assert(
    fc.property(texts, fc.boolean(), (text, isTarget) => {
      const place = parseReturnPlace(isTarget ? toCatcher(text) : text)
      const rendered = place && renderReturnPlace(place)
      t.true(rendered === undefined || rendered.startsWith('/v1/iam/'))
      if (place?.kind === 'command-line') t.true(['127.0.0.1', 'localhost', '[::1]'].includes(place.target.hostname))
      if (rendered !== undefined) t.deepEqual(parseReturnPlace(rendered), place)
    }),
    { numRuns: 500 },
  )
})
