import test from 'ava'
import fc from 'fast-check'
import { renderDate, renderMilliseconds, renderNanoseconds } from '../../../../cli/format/dates.ts'

test('dates in the zone of the reader, with its abbreviation where it has one', t => {
  const seconds = 1795489070n
  t.is(renderDate(seconds, 'UTC'), 'Tue Nov 24 02:57:50 UTC 2026')
  t.is(renderDate(seconds, 'America/New_York'), 'Mon Nov 23 21:57:50 EST 2026')
  t.is(renderDate(seconds, 'Europe/Berlin'), 'Tue Nov 24 03:57:50 CET 2026')
  t.is(renderDate(seconds, 'Asia/Kathmandu'), 'Tue Nov 24 08:42:50 +0545 2026')
  t.is(renderDate(0n, 'UTC'), 'Thu Jan  1 00:00:00 UTC 1970')
})

test('run times to the nanosecond, trailing zeros cut; nothing for a run without an end', t => {
  t.is(renderNanoseconds(1795489102586428280n, 'UTC'), '2026-11-24T02:58:22.58642828Z')
  t.is(renderNanoseconds(1795489102000000000n, 'UTC'), '2026-11-24T02:58:22Z')
  t.is(renderNanoseconds(1795489102000000001n, 'Europe/Berlin'), '2026-11-24T03:58:22.000000001+01:00')
  t.deepEqual(
    [0n, -6795364578871345152n].map(time => renderNanoseconds(time, 'UTC')),
    ['', ''],
  )
})

test('no nanosecond is lost on the way to text', t => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), time => {
      const text = renderNanoseconds(time, 'UTC')
      const [, whole = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(text) ?? []
      const back = BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
      t.is(back, time)
    }),
  )
})

test('the time of an event to the millisecond, all three digits', t => {
  const time = new Date('2026-11-24T02:58:17.070Z')
  t.is(renderMilliseconds(time, 'UTC'), '2026-11-24T02:58:17.070Z')
  t.is(renderMilliseconds(time, 'America/New_York'), '2026-11-23T21:58:17.070-05:00')
})

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati']
const zone = fc.constantFrom(...zones)
const latest = 4_102_444_800_000 // the year 2100

test('times with an offset name the same instant in every zone, as Date reads them back', t => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: latest }), zone, (milliseconds, where) => {
      const text = renderMilliseconds(new Date(milliseconds), where)
      t.regex(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/)
      t.is(Date.parse(text), milliseconds)
      const nanoseconds = renderNanoseconds(BigInt(milliseconds) * 1_000_000n, where)
      t.is(Date.parse(nanoseconds), milliseconds)
    }),
    { numRuns: 300 },
  )
})

test('dates of tables have one form in every zone, and show its wall clock', t => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: latest / 1000 }), zone, (seconds, where) => {
      const text = renderDate(BigInt(seconds), where)
      const [, day = '', month = '', date = '', clock = '', year = ''] =
        /^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d) (?:[A-Z]{3,5}|[+-]\d{4}) (\d{4})$/.exec(text) ?? []
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: where,
        weekday: 'short',
        month: 'short',
        day: 'numeric',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
      })
      const expected = Object.fromEntries(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, value]))
      t.deepEqual(
        [day, month, date.trim(), year, clock],
        [
          expected.weekday,
          expected.month,
          expected.day,
          expected.year,
          `${expected.hour}:${expected.minute}:${expected.second}`,
        ],
      )
    }),
    { numRuns: 200 },
  )
})
