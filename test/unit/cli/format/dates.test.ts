import test from 'ava'
import fc from 'fast-check'
import { renderDate, renderNanoseconds } from '../../../../cli/format/dates.ts'

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
