/** Whatever an event holds, it is refused or echoed: times name the same instant. */
import test from 'ava'
import fc from 'fast-check'
import { renderEventTime } from '../../../../server/events/emission.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

const offset = fc.tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
const twoDigits = (value: number): string => String(value).padStart(2, '0')

test('a time names the same instant in the same zone, to the millisecond', t => {
  const range = { min: new Date('0002-01-01'), max: new Date('9998-01-01'), noInvalidDate: true }
  fc.assert(
    fc.property(fc.date(range), offset, fc.integer({ min: 0, max: 9 }), (date, [sign, hours, minutes], digits) => {
      const zone = `${sign}${twoDigits(hours)}:${twoDigits(minutes)}`
      const written = `${date.toISOString().slice(0, 19)}.${date.toISOString().slice(20, 23)}${'9'.repeat(digits)}${zone}`
      const rendered = renderEventTime(written)
      t.is(Date.parse(rendered), Date.parse(`${date.toISOString().slice(0, 23)}${zone}`))
      t.true(rendered.endsWith(hours + minutes === 0 ? 'Z' : zone))
    }),
  )
})

test('no body makes the server fail where events come in', async t => {
  const { call } = await createTestApp(t)
  const field = fc.oneof(fc.jsonValue(), fc.string(), fc.constantFrom('0.1', 'a.b', '2026-01-01T00:00:00Z', '/s'))
  const keys = ['eventType', 'cloudEventsVersion', 'source', 'eventID', 'eventTime', 'schemaURL', 'data', 'tags', 'id']
  const body = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...keys), field))
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom('/v1/event', '/v1/event/ingest?authToken=x'), async (sent, url) => {
      t.true((await call('POST', url, JSON.stringify(sent))).status < 500)
    }),
  )
})
