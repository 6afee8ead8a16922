/** Events in both versions of CloudEvents: one is told as the other and back without loss, and what functions get of both. */
import test from 'ava'
import fc from 'fast-check'
import {
  type CloudEvent,
  eventContext,
  noTime,
  renderCloudEvent,
  toEmission,
} from '../../../../server/core/emission.ts'
import { renderEmission } from '../../../../server/events/emission.ts'

const filled = fc.string({ minLength: 1, unit: 'binary' })
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
/** What CloudEvents 1.0 has places of its own for, and the one name that means something to us. */
const own = [
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'datacontenttype',
  'dataschema',
  'data',
  'datacontentencoding',
]
const extensionName = fc.stringMatching(/^[a-z0-9]{1,20}$/).filter(name => !own.includes(name))
const extensions = fc.dictionary(
  fc.oneof(extensionName, fc.constantFrom('subject', 'eventtypeversion', 'constructor', 'partitionkey')),
  fc.oneof(filled, fc.boolean(), int32),
)
const attributes = fc.record(
  {
    id: filled,
    source: filled,
    type: fc.stringMatching(/^[\w.-]{1,128}$/),
    time: fc.constantFrom('2026-01-02T03:04:05Z', '2026-01-02T03:04:05.123456+02:00'),
    datacontenttype: fc.constantFrom('application/json', 'text/plain; charset=utf-8'),
    dataschema: fc.webUrl(),
  },
  { requiredKeys: ['id', 'source', 'type'] },
)
const data = fc.oneof(
  fc.json().map(dataJson => ({ dataJson, isBase64: false })),
  fc.base64String().map(text => ({ dataJson: JSON.stringify(text), isBase64: true })),
  fc.constantFrom('12345678901234567890', '1.0', '1e3', '-0').map(dataJson => ({ dataJson, isBase64: false })),
)

test('an event of 1.0 is the same when it has been stored, numbers of its data to the letter', t => {
  fc.assert(
    fc.property(attributes, extensions, data, (known, extra, { dataJson, isBase64 }) => {
      const event: CloudEvent = { ...extra, ...known }
      const emission = toEmission(event, { isBase64 })
      const stored = renderEmission(emission, dataJson)
      const rendered = renderCloudEvent(JSON.parse(stored), dataJson)
      const { data: shown, data_base64, specversion, ...rest } = JSON.parse(rendered)
      t.is(specversion, '1.0')
      t.deepEqual(rest, event)
      t.deepEqual(isBase64 ? data_base64 : (shown ?? null), JSON.parse(dataJson))
      if (dataJson !== 'null') t.true(rendered.endsWith(`:${dataJson}}`))
    }),
    { numRuns: 500 },
  )
})

const anyExtensions = fc.dictionary(fc.string(), fc.jsonValue())

test('whatever an event of 0.1 holds beside, it is an event of 1.0 too', t => {
  fc.assert(
    fc.property(anyExtensions, fc.json(), (given, dataJson) => {
      const emission = { eventType: 'a', cloudEventsVersion: '0.1', source: 's', eventID: '1', extensions: given }
      const { data: _, data_base64: __, ...event } = JSON.parse(renderCloudEvent(emission, dataJson))
      t.like(event, { specversion: '1.0', type: 'a', source: 's', id: '1' })
      for (const [name, value] of Object.entries(event)) {
        t.regex(name, /^[a-z0-9]+$/)
        t.true(
          ['string', 'boolean'].includes(typeof value) || (Number.isInteger(value) && Number(value) >> 0 === value),
        )
      }
    }),
    { numRuns: 500 },
  )
})

const told: [string, object, object][] = [
  ['its version of the type', { eventTypeVersion: '2' }, { eventtypeversion: '2' }],
  ['no time when it has none', { eventTime: noTime }, {}],
  ['its subject', { extensions: { subject: 'a' } }, { subject: 'a' }],
  ['no empty subject', { extensions: { subject: '' } }, {}],
  ['extensions under names that 1.0 allows', { extensions: { 'X-Trace_Id': 'a' } }, { xtraceid: 'a' }],
  ['of names that become one the first', { extensions: { a_b: 1, ab: 2 } }, { ab: 1 }],
  ['no extension in place of an attribute', { extensions: { Type: 'b', data: 1, ID: 2 } }, {}],
  ['objects as their text', { extensions: { o: { a: 1 }, big: 2 ** 31 } }, { o: '{"a":1}', big: '2147483648' }],
  [
    'an encoding without bytes as it is',
    { extensions: { datacontentencoding: 'base64' } },
    { datacontentencoding: 'base64' },
  ],
]
for (const [title, fields, expected] of told) {
  test(`1.0 tells of an event of 0.1 ${title}`, t => {
    const required = { eventType: 't', cloudEventsVersion: '0.1', source: 's', eventID: '1' }
    const rendered = renderCloudEvent({ ...required, ...fields })
    t.deepEqual(JSON.parse(rendered), { specversion: '1.0', id: '1', source: 's', type: 't', ...expected })
  })
}

test('functions get the event in both versions, with the data of their input', t => {
  const event = { eventType: 't', cloudEventsVersion: '0.1', source: 's', eventID: '1', eventTime: noTime, data: null }
  const { event: old, cloudEvent } = eventContext(event, '{"n":12345678901234567890}')
  t.true(old.endsWith(',"data":{"n":12345678901234567890}}'))
  t.like(JSON.parse(old), { eventType: 't', eventTime: '0001-01-01T00:00:00Z' })
  t.is(cloudEvent, '{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"n":12345678901234567890}}')
})

test('data that an event has of its own are kept, and what is no event stays as it was', t => {
  const event = { eventType: 't', cloudEventsVersion: '0.1', source: 's', eventID: '1', data: { own: 1 } }
  t.deepEqual(JSON.parse(eventContext(event, '2').event), event)
  t.deepEqual(eventContext({ '"': 1, cloudEventsVersion: '0.1' }, '2'), {
    event: '{"\\"":1,"cloudEventsVersion":"0.1"}',
  })
})
