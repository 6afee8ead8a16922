/** Durations in the notation of Go. */
import test from 'ava'
import fc from 'fast-check'
import { parseDurationMs } from '../../../../server/config/values.ts'

test('durations that Go accepts', t => {
  const accepted: [string, number][] = [
    ['0', 0],
    ['-0', 0],
    ['20s', 20_000],
    ['1m30s', 90_000],
    ['1h1m1s1ms', 3_661_001],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1000],
    ['+5m', 300_000],
    ['-1.5s', -1500],
    ['1500us', 1.5],
    ['2µs', 0.002],
    ['2μs', 0.002],
    ['1s1s', 2000],
  ]
  for (const [text, ms] of accepted) t.is(parseDurationMs(text), ms, text)
})

test('texts that Go refuses', t => {
  for (const text of [
    '',
    '5',
    '5 s',
    ' 5s',
    '5s ',
    's',
    '.s',
    '1.2.3s',
    '+-5s',
    '1e3s',
    '1S',
    '1d',
    '5s\n',
    'NaNs',
    '3000000h',
  ])
    t.is(parseDurationMs(text), undefined, JSON.stringify(text))
})

test('a sum of whole units is parsed exactly, and any text ends in a number or undefined', t => {
  const parts = fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(100_000))
  fc.assert(
    fc.property(parts, ([hours, seconds, ms]) => {
      t.is(parseDurationMs(`${hours}h${seconds}s${ms}ms`), hours * 3_600_000 + seconds * 1000 + ms)
    }),
  )
  const pieces = fc.constantFrom('1', '0', '.', 's', 'm', 'ms', 'h', '-', '+', 'µs', ' ', '9'.repeat(400))
  fc.assert(
    fc.property(fc.array(pieces), texts => {
      const ms = parseDurationMs(texts.join(''))
      t.true(ms === undefined || Number.isFinite(ms))
    }),
  )
})
