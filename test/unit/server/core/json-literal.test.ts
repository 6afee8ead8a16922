/** Texts taken apart are those that JSON.parse reads, with their numbers as they were written. */
import test from 'ava'
import fc from 'fast-check'
import { compactLiteral, cutMember } from '../../../../server/core/json-literal.ts'

/** Each as others might write it: with blanks, and with every sign of strings escaped. */
function spread(value: unknown): string {
  if (typeof value === 'string')
    return `"${[...value].map(sign => (sign < '~' && sign > ' ' ? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}` : JSON.stringify(sign).slice(1, -1))).join('')}"`
  if (Array.isArray(value)) return `[ ${value.map(spread).join(' ,\t')}\n]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, member]) => `${spread(key)} :\r\n${spread(member)}`)
  return ` { ${members.join(' , ')} } `
}

/** As JSON.parse reads them. */
const values = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))
const writers = fc.constantFrom(spread, (value: unknown) => JSON.stringify(value, undefined, 2), JSON.stringify)

test('a member that is cut out is the one that JSON.parse finds, and the rest is what is beside it', t => {
  const objects = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('payload', 'context')), values)
  const property = fc.property(objects, writers, (object, write) => {
    const text = write(object)
    const { rest, member } = cutMember(text, 'payload')
    const parsed = JSON.parse(text)
    t.deepEqual(member === undefined ? undefined : JSON.parse(member), parsed.payload)
    t.deepEqual(JSON.parse(rest), member === undefined ? parsed : { ...parsed, payload: null })
  })
  t.notThrows(() => fc.assert(property, { numRuns: 500 }))
})

test('a compact text is what JSON.stringify makes of the value', t => {
  const property = fc.property(values, writers, (value, write) => {
    t.is(compactLiteral(write(value)), JSON.stringify(value))
  })
  t.notThrows(() => fc.assert(property, { numRuns: 500 }))
})

test('any text is JSON only if both parts of it are', t => {
  const pieces = fc.constantFrom('{', '}', '[', ']', '"payload"', '"a"', '"', '\\', ':', ',', ' ', '1', 'null', 'x')
  const isJson = (read: () => unknown): boolean => {
    try {
      read()
      return true
    } catch {
      return false
    }
  }
  const broken = (text: string): void => {
    const parts = () => {
      const { rest, member = 'null' } = cutMember(text, 'payload')
      return [rest, member].map(part => JSON.parse(part))
    }
    t.is(
      isJson(parts),
      isJson(() => JSON.parse(text)),
      text,
    )
  }
  const texts = fc.array(pieces, { maxLength: 8 }).map(parts => parts.join(''))
  const property = fc.property(texts, text => [text, `{"payload":${text}`, `{"payload":${text}}`].forEach(broken))
  t.notThrows(() => fc.assert(property, { numRuns: 2000 }))
})

test('numbers are as they were written, of several members the last counts, whatever its key is written like', t => {
  const numbers = '[12345678901234567890.10,-0,1E+2,0.10]'
  t.is(cutMember(`{"a":{"payload":1},"payload":2,"p\\u0061yload":${numbers},"b":3}`, 'payload').member, numbers)
  t.is(compactLiteral(numbers), numbers)
})
