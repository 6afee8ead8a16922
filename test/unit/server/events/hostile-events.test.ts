/** Whatever comes in as an event, in any mode, is taken or refused as the fault of the caller. */
import test from 'ava'
import fc from 'fast-check'
import { createTestApp } from '../../../helpers/test-app.ts'

const keys = ['specversion', 'type', 'source', 'id', 'time', 'datacontenttype', 'dataschema', 'subject', 'data']
const moreKeys = ['data_base64', 'cloudEventsVersion', 'eventType', 'eventID', '__proto__', 'constructor', 'Type']
const value = fc.oneof(
  fc.jsonValue(),
  fc.string(),
  fc.constantFrom('1.0', '0.1', 'a.b', '2026-01-01T00:00:00Z', 'YQ=='),
)
const event = fc
  .tuple(fc.dictionary(fc.constantFrom(...keys, ...moreKeys), value), fc.boolean())
  .map(([fields, isValid]) => ({ ...fields, ...(isValid && { specversion: '1.0', type: 'a', source: 's', id: '1' }) }))
const types = [
  ...['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json', 'text/plain'],
  ...['image/png', 'application/cloudevents', 'a/b+json; charset="', 'x', ' '],
]
const headerText = fc.oneof(fc.stringMatching(/^[ -~]*$/), fc.constantFrom('%ff%', '"\\"', '%00', '"', '1.0', ''))
const headerName = fc.constantFrom(...[...keys, ...moreKeys].map(key => `ce-${key.toLowerCase()}`), 'ce-', 'ce-a-b')
const request = fc.record({
  url: fc.constantFrom('/v1/event', '/v1/event/ingest?authToken=x'),
  type: fc.constantFrom(...types),
  isBinary: fc.boolean(),
  headers: fc.dictionary(headerName, headerText),
  body: fc.oneof(
    fc.oneof(event, fc.array(event)).map(sent => Buffer.from(JSON.stringify(sent))),
    fc.uint8Array().map(bytes => Buffer.from(bytes)),
  ),
})
const attributes = { 'ce-specversion': '1.0', 'ce-type': 'a', 'ce-source': 's', 'ce-id': '1' }

test('no event makes the server fail', async t => {
  const { app } = await createTestApp(t)
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(request, async ({ url, type, isBinary, headers, body }) => {
      const sent = { cookie: 'c', 'x-dispatch-org': 'o', 'content-type': type, ...headers, ...(isBinary && attributes) }
      const { statusCode, body: answer } = await app.api.inject({ method: 'POST', url, headers: sent, payload: body })
      statuses.add(statusCode)
      t.true(statusCode < 500, answer)
      t.notThrows(() => JSON.parse(answer))
    }),
    { numRuns: 2000 },
  )
  t.deepEqual([...statuses].toSorted(), [200, 400, 401, 415, 422])
})
