/** Numbers keep the text in which they were written. */
import test from 'ava'
import fc from 'fast-check'
import { joinMembers, memberText } from '../../../../server/core/json.ts'

const inputOf = (text: string) => memberText(text, 'input', JSON.parse(text).input ?? JSON.parse(text).INPUT)

const cases: [string, string | undefined][] = [
  ['{"input":1.0}', '1.0'],
  ['{"input":1e3}', '1e3'],
  ['{"input":{"n":12345678901234567890}}', '{"n":12345678901234567890}'],
  ['{"input":-0}', '-0'],
  ['{"INPUT":1.50}', '1.50'],
  ['{"input":"1.0 stays text"}', '"1.0 stays text"'],
  ['{"blocking":true}', undefined],
]
for (const [text, expected] of cases) {
  test(`the input of ${text}`, t => {
    t.is(inputOf(text), expected)
  })
}

test('any other value comes back as the value it was', t => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = JSON.stringify({ input: value })
      t.deepEqual(JSON.parse(memberText(text, 'input', JSON.parse(text).input) ?? 'null'), JSON.parse(text).input)
    }),
  )
})

test('members join into one object and absent ones are left out', t => {
  t.is(joinMembers({ a: '1.0', b: undefined, c: 'null' }), '{"a":1.0,"c":null}')
})

test('a number keeps its text whatever strings stand beside it', t => {
  const text = fc.oneof(fc.string({ unit: fc.constantFrom('\\', '"', '1.0', 'e', ',', '-0') }), fc.string())
  const number = fc.constantFrom('1.0', '12345678901234567890', '1E5', '-0', '0.10')
  fc.assert(
    fc.property(text, text, number, (before, after, written) => {
      const object = `{${JSON.stringify(`k${before}`)}:${JSON.stringify(after)},"input":[${JSON.stringify(before)},${written}]}`
      t.is(inputOf(object), `[${JSON.stringify(before)},${written}]`)
    }),
    { numRuns: 500 },
  )
})
