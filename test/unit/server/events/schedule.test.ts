/** Expressions, and the times that they stand for: in zones, at both changes of the clock. */
import test from 'ava'
import fc from 'fast-check'
import { messageOf } from '../../../../server/core/errors.ts'
import { parseSchedule } from '../../../../server/events/schedule.ts'

const msOf = (time: string): number => Date.parse(time)
const timeOf = (ms: number | undefined): string =>
  ms === undefined ? 'never' : new Date(ms).toISOString().replace(':00.000Z', 'Z')

/** So many times from then on. */
function timesOf(expression: string, zone: string, from: string, count: number): string[] {
  const schedule = parseSchedule(expression, zone)
  const times: string[] = []
  let ms: number | undefined = msOf(from) - 1
  while (times.length < count && ms !== undefined) {
    ms = schedule.next(ms)
    times.push(timeOf(ms))
  }
  return times
}

/** Expression, zone, the time from which, the times that come. */
const cases: [string, string, string, string[]][] = [
  ['*/15 * * * *', 'UTC', '2026-01-31T23:40:00Z', ['2026-01-31T23:45Z', '2026-02-01T00:00Z']],
  ['30 0 0 1 1 *', 'UTC', '2026-01-01T00:00:30Z', ['2026-01-01T00:00:30.000Z', '2027-01-01T00:00:30.000Z']],
  ['0 9 * * MON-FRI', 'UTC', '2026-11-27T10:00:00Z', ['2026-11-30T09:00Z', '2026-12-01T09:00Z']],
  ['0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
  ['@hourly', 'UTC', '2026-01-01T00:00:00Z', ['2026-01-01T00:00Z', '2026-01-01T01:00Z']],
  ['@daily', 'Asia/Kolkata', '2026-01-01T00:00:00Z', ['2026-01-01T18:30Z']],
  ['@every 90m', 'UTC', '2026-01-01T00:00:00Z', ['2026-01-01T00:00Z', '2026-01-01T01:30Z']],
  ['@every 5s', 'UTC', '2026-01-01T00:00:01Z', ['2026-01-01T00:00:05.000Z', '2026-01-01T00:00:10.000Z']],
  ['30 6 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', ['2026-03-28T05:30Z', '2026-03-29T04:30Z']],
  // The hour from 2 to 3 is not there: what has its place in it comes at its end, once.
  [
    '30 2 * * *',
    'Europe/Berlin',
    '2026-03-28T00:00:00Z',
    ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ],
  [
    '30 2 * * *',
    'America/New_York',
    '2026-03-07T00:00:00Z',
    ['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z'],
  ],
  [
    '0 * * * *',
    'Europe/Berlin',
    '2026-03-29T00:00:00Z',
    ['2026-03-29T00:00Z', '2026-03-29T01:00Z', '2026-03-29T02:00Z'],
  ],
  // It is there twice: a time of the day comes once, an interval goes on.
  [
    '30 2 * * *',
    'Europe/Berlin',
    '2026-10-24T00:00:00Z',
    ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    '30 1 * * *',
    'America/New_York',
    '2026-10-31T00:00:00Z',
    ['2026-10-31T05:30Z', '2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  ],
  [
    '*/30 * * * *',
    'Europe/Berlin',
    '2026-10-25T00:00:00Z',
    ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z'],
  ],
  [
    '0 * * * *',
    'America/New_York',
    '2026-11-01T05:00:00Z',
    ['2026-11-01T05:00Z', '2026-11-01T06:00Z', '2026-11-01T07:00Z'],
  ],
]
for (const [expression, zone, from, wanted] of cases)
  test(`"${expression}" in ${zone} from ${from}`, t => {
    t.deepEqual(timesOf(expression, zone, from, wanted.length), wanted)
  })

const faults: [string, string, RegExp][] = [
  [
    '61 * * * *',
    'UTC',
    /^cron is "61 \* \* \* \*", which is no schedule: Invalid value for minute: 61; write for example "30 6/,
  ],
  ['', 'UTC', /^cron is "", .*; write for example/],
  ['0 0 * *', 'UTC', /: it has 4 fields, not 5 or 6;/],
  ['* * * * * * *', 'UTC', /: it has 7 fields, not 5 or 6;/],
  ['2026-01-01T00:00:00', 'UTC', /: it has 1 field, not 5 or 6;/],
  ['0 0 30 2 *', 'UTC', /: no date is like that;/],
  ['@reboot', 'UTC', /: @reboot is not supported/],
  ['@every 0s', 'UTC', /: "0s" is no time such as 5s, 10m or 1h30m;/],
  ['@every soon', 'UTC', /: "soon" is no time/],
  ['@every', 'UTC', /which is no schedule/],
  ['* * * * *', 'Mars/Olympus', /^timezone is "Mars\/Olympus", which is none; write for example Europe\/Berlin/],
]
for (const [expression, zone, message] of faults)
  test(`"${expression}" in ${zone} is refused with an example`, t => {
    t.throws(() => parseSchedule(expression, zone), { message })
  })

const field = fc.constantFrom('*', '*/7', '0', '3', '5,7', '1-6', 'L', '?', '99', 'x', '1-', '*/0', 'MON')
const expression = fc.oneof(
  fc.array(field, { minLength: 4, maxLength: 7 }).map(fields => fields.join(' ')),
  fc.string(),
  fc.string().map(text => `@every ${text}`),
)
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu')

test('any text is a schedule or refused; what comes next is later, and found again when it is looked back at', t => {
  const ms = fc.integer({ min: msOf('1970-01-02T00:00:00Z'), max: msOf('2060-01-01T00:00:00Z') })
  const property = fc.property(expression, zone, ms, (text, timeZone, afterMs) => {
    let schedule: ReturnType<typeof parseSchedule>
    try {
      schedule = parseSchedule(text, timeZone)
    } catch (thrown) {
      return messageOf(thrown).includes('write for example')
    }
    const nextMs = schedule.next(afterMs)
    if (nextMs === undefined) return false
    const [last] = schedule.before(nextMs + 1, 1)
    return nextMs > afterMs && last === nextMs && schedule.before(nextMs, 3).every(each => each <= afterMs)
  })
  t.notThrows(() => fc.assert(property, { numRuns: 300 }))
})
