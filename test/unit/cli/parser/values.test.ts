import test from 'ava'
import fc from 'fast-check'
import { parseDuration, parseInteger, parseNames } from '../../../../cli/parser/values.ts'

test('every 64-bit number comes back, in decimal and hexadecimal; one more is out of range', t => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), value => {
      t.is(parseInteger(String(value)), value)
      if (value >= 0n) t.is(parseInteger(`0x${value.toString(16)}`), value)
    }),
  )
  t.throws(() => parseInteger(String(2n ** 63n)), { message: /value out of range$/ })
  for (const text of ['', ' 1', '1.0', '1e3', 'abc', '0x'])
    t.throws(() => parseInteger(text), { message: /invalid syntax$/ })
})

test('names written as CSV come back, whatever is in them', t => {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), names => {
      t.deepEqual(parseNames(names.map(quote).join(',')), names)
    }),
  )
  t.deepEqual(parseNames('a,,b'), ['a', '', 'b'])
  t.deepEqual(parseNames(''), [])
  t.throws(() => parseNames('"a'))
})

test('durations add up; a bare number counts seconds', t => {
  t.deepEqual(
    ['30s', '1m30s', '500ms', '2', '0', '1.5h', '2d'].map(parseDuration),
    [30_000, 90_000, 500, 2000, 0, 5_400_000, 172_800_000],
  )
  for (const text of ['', 's', '-1s', '1w', '1s x']) t.throws(() => parseDuration(text))
})
