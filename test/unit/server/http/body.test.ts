/** Bodies as existing clients write them, and as a hostile one might. */
import { Type } from '@sinclair/typebox'
import test from 'ava'
import fc from 'fast-check'
import { DispatchError } from '../../../../server/core/errors.ts'
import { normalizeBody, parseFirstJson } from '../../../../server/http/body.ts'

const schema = Type.Object({
  name: Type.Optional(Type.String()),
  dockerUrl: Type.Optional(Type.String()),
  input: Type.Optional(Type.Unknown()),
  tags: Type.Optional(Type.Array(Type.Object({ key: Type.Optional(Type.String()) }))),
})

const normalized: [string, unknown, unknown][] = [
  ['keys in any case', { NAME: 'a', DockerURL: 'b' }, { name: 'a', dockerUrl: 'b' }],
  ['keys in any case inside lists', { Tags: [{ KEY: 'k' }] }, { tags: [{ key: 'k' }] }],
  ['the last of keys that differ in case only', { name: 'a', NAME: 'b' }, { name: 'b' }],
  ['null as absent', { name: null, tags: null }, {}],
  ['null as a value where any value may stand', { input: null }, { input: null }],
  ['what stands in a free value as it is', { input: { NAME: null } }, { input: { NAME: null } }],
  ['unknown keys as they are', { other: null, X: 1 }, { other: null, X: 1 }],
  ['no object as it is', ['name'], ['name']],
]
for (const [title, value, expected] of normalized) {
  test(`takes ${title}`, t => {
    t.deepEqual(normalizeBody(schema, value), expected)
  })
}

test('keys of the language itself are ordinary keys', t => {
  const value = JSON.parse('{"__proto__":{"name":"inherited"},"constructor":null,"toString":1}')
  const body = normalizeBody(schema, value)
  t.deepEqual(Object.keys(Object(body)), ['__proto__', 'constructor', 'toString'])
  t.is(Object.getPrototypeOf(body), Object.prototype)
  t.is(Reflect.get(Object(body), 'name'), undefined)
})

const firsts: [string, unknown, string][] = [
  ['{"a":1} trailing', { a: 1 }, '{"a":1} '],
  ['{"a":1}{"b":2}', { a: 1 }, '{"a":1}'],
  ['[1]]', [1], '[1]'],
  ['1 2 3', 1, '1 '],
]
for (const [text, value, own] of firsts) {
  test(`the first value of ${text}`, t => {
    t.deepEqual(parseFirstJson(text), { value, text: own })
  })
}

for (const text of ['', ' ', '{', '{"a":', 'x after JSON at position 1', "{'a':1}", '\u0000']) {
  test(`no value in ${JSON.stringify(text)}`, t => {
    const thrown = t.throws(() => parseFirstJson(text), { instanceOf: DispatchError })
    t.is(thrown?.httpStatus, 400)
  })
}

test('any text is either read or refused as the fault of the caller', t => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, rest) => {
      try {
        const { value, text } = parseFirstJson(json + rest)
        t.deepEqual(JSON.parse(text), value)
      } catch (thrown) {
        t.true(thrown instanceof DispatchError && thrown.entry === 'BODY_NOT_PARSED')
      }
    }),
  )
})

test('nesting that would exhaust the stack is refused', t => {
  const nested = (levels: number) => `${'[1,'.repeat(levels)}0${']'.repeat(levels)}`
  t.notThrows(() => parseFirstJson(nested(1000)))
  t.throws(() => parseFirstJson(nested(1001)), { message: /nested more than 1000 levels deep/ })
  t.throws(() => parseFirstJson(nested(1_000_000)), { message: /nested/ })
})

test('nesting is looked for before a text is parsed, in its first value alone, and not in its strings', t => {
  t.throws(() => parseFirstJson('['.repeat(1_000_000)), { message: /nested/ })
  const deep = '['.repeat(3000)
  const first = JSON.stringify({ text: deep, [`"${deep}\\`]: [`\\"${deep}`, 1], last: '\\'.repeat(3001) })
  t.deepEqual(parseFirstJson(first + deep).value, JSON.parse(first))
  t.throws(() => parseFirstJson(`{"a":"\\\\","b":${deep}`), { message: /nested/ })
})

test('what is refused is not quoted: a body may hold a secret', t => {
  for (const text of ['{"password": OpenSesame}', 'OpenSesame', '"OpenSesame']) {
    const thrown = t.throws(() => parseFirstJson(text, 'secret'), { instanceOf: DispatchError })
    t.regex(thrown?.message ?? '', /^parsing secret body from "" failed, because \S/)
    t.notRegex(thrown?.message ?? '', /OpenSesame|esame/)
  }
})
