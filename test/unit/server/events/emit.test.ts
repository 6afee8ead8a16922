/** Emitting: an event is checked and echoed. */
import test from 'ava'
import { createTestApp } from '../../../helpers/test-app.ts'

const url = '/v1/event'
const event = (fields: object = {}) => ({
  eventType: 'my.event',
  cloudEventsVersion: '0.1',
  source: 'dispatch',
  eventID: '1',
  ...fields,
})

test('an event that nobody subscribes to is echoed, completed by what it leaves open', async t => {
  const { call } = await createTestApp(t)
  const { status, body } = await call('POST', url, event({ unknown: 1 }))
  t.is(status, 200)
  t.deepEqual(body, { ...event(), eventTime: '0001-01-01T00:00:00.000Z', data: null })
})

test('every field comes back, numbers of the data to the letter', async t => {
  const { call } = await createTestApp(t)
  const sent = event({
    eventTypeVersion: '2',
    schemaURL: 'http://example.test/s#1',
    contentType: 'application/json',
    extensions: { trace: { a: 1 } },
    eventTime: '2026-01-02T03:04:05.123+02:00',
    id: '00000000-0000-4000-8000-000000000000',
    'emitted-time': 5,
    tags: [{ key: 'k', value: 'v' }],
    data: null,
  })
  t.deepEqual((await call('POST', url, sent)).body, sent)
  const exact = JSON.stringify(event()).replace('{', '{"DATA":{"n":12345678901234567890,"x":1.0},')
  t.true((await call('POST', url, exact)).text.includes('"data":{"n":12345678901234567890,"x":1.0}'))
})

test('a time is told in milliseconds and in its own zone', async t => {
  const { call } = await createTestApp(t)
  const timeOf = async (eventTime: string) => (await call('POST', url, event({ eventTime }))).body.eventTime
  t.is(await timeOf('2026-11-24T02:58:18Z'), '2026-11-24T02:58:18.000Z')
  t.is(await timeOf('2026-11-24T02:58:18.1239999-05:30'), '2026-11-24T02:58:18.123-05:30')
  t.is(await timeOf('2026-11-24T02:58:18.5+00:00'), '2026-11-24T02:58:18.500Z')
})

const fault = (field: string, rule: string): string =>
  `Key: 'CloudEvent.${field}' Error:Field validation for '${field}' failed on the '${rule}' tag`
const invalid: [string, object, string][] = [
  ['no id', { eventID: null }, fault('EventID', 'required')],
  ['another version', { cloudEventsVersion: '0.2' }, fault('CloudEventsVersion', 'eq')],
  ['a schema that is no address', { schemaURL: 'no' }, fault('SchemaURL', 'uri')],
  ['an empty source', { source: '' }, fault('Source', 'required')],
  ['two faults', { eventID: '', schemaURL: 'a b' }, `${fault('EventID', 'required')}\n${fault('SchemaURL', 'uri')}`],
]
for (const [title, fields, text] of invalid) {
  test(`an event with ${title} is not valid`, async t => {
    const { call } = await createTestApp(t)
    const { status, body } = await call('POST', url, event(fields))
    t.deepEqual([status, body], [400, { code: 400, message: `Error validating event: ${text}` }])
  })
}
