/** What becomes of a request: an event in CloudEvents 1.0, its body to the letter. */
import test from 'ava'
import fc from 'fast-check'
import { renderEvent } from '../../../../../server/drivers/http/event.ts'
import { loadSettings } from '../../../../../server/drivers/http/settings.ts'

const endpoint = '--dispatch-api-endpoint=h:1'
const base = { target: '/', headers: {}, newId: 'new', time: new Date('2026-11-24T02:58:16Z') }
const render = (received: Partial<Parameters<typeof renderEvent>[0]>, ...argv: string[]) =>
  renderEvent({ ...base, body: Buffer.from(''), ...received }, loadSettings([endpoint, ...argv], {}))
const json = { 'content-type': 'application/json; charset=utf-8' }

test('an empty request says when and where it came', t => {
  t.deepEqual(JSON.parse(render({ target: '/a/b?x=1?&y' })), {
    specversion: '1.0',
    id: 'new',
    source: 'http',
    type: 'http.post',
    subject: '/a/b',
    query: 'x=1?&y',
    time: '2026-11-24T02:58:16.000Z',
  })
})

test('JSON stays as it was written; text is text; what is neither is in base64', t => {
  const exact = '{"n": 12345678901234567890, "f": 1.0}'
  t.true(render({ headers: json, body: Buffer.from(exact) }).endsWith(`,"data":${exact}}`))
  const dataOf = (type: string, body: Buffer) => JSON.parse(render({ headers: { 'content-type': type }, body }))
  t.like(dataOf('text/csv', Buffer.from('a;ä')), { datacontenttype: 'text/csv', data: 'a;ä' })
  t.like(dataOf('', Buffer.from('x')), { datacontenttype: 'application/octet-stream', data: 'x' })
  t.like(dataOf('image/png', Buffer.from([0xff, 0])), { datacontenttype: 'image/png', data_base64: '/wA=' })
  t.like(dataOf('application/json', Buffer.from('{no')), { datacontenttype: 'text/plain', data: '{no' })
  t.like(dataOf('application/vnd.x+json', Buffer.from('[1]')), { data: [1] })
})

test('whatever is sent, an event with its attributes comes out, and nothing in the body can change them', t => {
  const attributes = { specversion: '1.0', id: 'new', source: 'http', type: 'http.post' }
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), (bytes, isJson) => {
      t.like(JSON.parse(render({ body: Buffer.from(bytes), headers: isJson ? json : {} })), attributes)
    }),
    { numRuns: 200 },
  )
  fc.assert(
    fc.property(fc.json(), text => {
      const event = JSON.parse(render({ body: Buffer.from(text), headers: json }))
      t.like(event, attributes)
      t.deepEqual(event.data, JSON.parse(text))
    }),
    { numRuns: 200 },
  )
})

test('type and id may come from headers, in the letters that a type may have', t => {
  const argv = [
    '--event-type=github',
    '--event-type-header=X-GitHub-Event',
    '--id-header=X-GitHub-Delivery',
    '--source=me',
  ]
  const headers = { 'x-github-event': 'pull request/ä', 'x-github-delivery': '72d3162e' }
  t.like(JSON.parse(render({ headers }, ...argv)), { type: 'github.pull-request--', id: '72d3162e', source: 'me' })
  t.like(JSON.parse(render({}, ...argv)), { type: 'github', id: 'new' })
  t.is(JSON.parse(render({ headers: { 'x-github-event': 'x'.repeat(200) } }, ...argv)).type.length, 128)
})

test('settings that cannot be are refused', t => {
  t.throws(() => loadSettings([endpoint, '--event-type=a b'], {}), { message: /^event-type is "a b": / })
  t.throws(() => loadSettings([endpoint, '--id-header=a:b'], {}), { message: /no name of a header/ })
  t.throws(() => loadSettings([], {}), { message: /dispatch-api-endpoint/ })
})
