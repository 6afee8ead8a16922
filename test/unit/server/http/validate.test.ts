/** Which of several violations a caller is told, and by which code. */
import { Type } from '@sinclair/typebox'
import test from 'ava'
import fc from 'fast-check'
import { functionBody } from '../../../../server/functions/schema.ts'
import { tagFilter } from '../../../../server/http/filter.ts'
import { compileValidator } from '../../../../server/http/validate.ts'
import { baseImageBody } from '../../../../server/images/schema.ts'
import { runBody } from '../../../../server/runs/schema.ts'

const schema = Type.Object({
  first: Type.String({ minLength: 2 }),
  second: Type.Integer({ maximum: 5 }),
  third: Type.Optional(Type.String({ format: 'uuid' })),
  fourth: Type.Optional(Type.String({ format: 'date-time' })),
})
const validate = compileValidator(schema, 'body')
const told = (value: unknown): [number, number, string] | undefined => {
  const error = validate(value)
  return error && [error.httpStatus, error.code, error.message]
}

const cases: [string, unknown, ReturnType<typeof told>][] = [
  ['nothing of a valid value', { first: 'ab', second: 5, extra: 1 }, undefined],
  ['the first missing field in declared order', {}, [422, 602, 'first in body is required']],
  [
    'the field that is declared first',
    { first: 'a', second: 6 },
    [422, 604, 'first in body should be at least 2 chars long'],
  ],
  ['a limit', { first: 'ab', second: 6 }, [422, 608, 'second in body should be less than or equal to 5']],
  ['a format', { first: 'ab', second: 5, third: 'x' }, [422, 601, 'third in body must be of type uuid: "x"']],
  [
    'an undecodable value before all else',
    { third: 1 },
    [400, 400, 'parsing body body from "" failed, because third must be of type string'],
  ],
  [
    'an undecodable time before all else',
    { fourth: 'zzz' },
    [400, 400, 'parsing body body from "" failed, because fourth must be of type date-time: "zzz"'],
  ],
]
for (const [title, value, expected] of cases) {
  test(`tells ${title}`, t => {
    t.deepEqual(told(value), expected)
  })
}

test('a UUID is a UUID alone', t => {
  const id = '01A20D76-6e31-7986-b2b7-4c460a224a6e'
  t.is(told({ first: 'ab', second: 5, third: id }), undefined)
  t.is(told({ first: 'ab', second: 5, third: `urn:uuid:${id}` })?.[1], 601)
})

const code = Type.Object({ source: Type.String({ format: 'byte' }) })
const isCode = (source: string): boolean => compileValidator(code, 'body')({ source }) === undefined

test('code may be long, and wrapped into lines', t => {
  const long = 'A'.repeat(32 * 1024 * 1024)
  t.true(isCode(long))
  t.false(isCode(`${long}!AAA`))
  t.true(isCode('YWJj\r\nZGVm\nZw==\n'))
})

test('base64 is what decodes to the bytes that it was made from', t => {
  fc.assert(fc.property(fc.uint8Array(), bytes => t.true(isCode(Buffer.from(bytes).toString('base64')))))
  for (const text of ['A', 'AA', 'AAA', 'AA=', 'A===', '=', '====', 'AA==AA==', 'AA-_', 'AA A', 'AAAA='])
    t.false(isCode(text), text)
})

test('numbers in a query may be text, in a body not', t => {
  const query = Type.Object({ limit: Type.Integer() })
  t.is(compileValidator(query, 'query')({ limit: '5' }), undefined)
  t.is(compileValidator(query, 'body')({ limit: '5' })?.httpStatus, 400)
})

test('what a query holds once or several times is a list', t => {
  const check = compileValidator(Type.Object({ tags: tagFilter }), 'query')
  for (const tags of ['a', ['a', 'b'], undefined]) t.is(check({ tags }), undefined)
  t.is(compileValidator(Type.Object({ name: Type.String() }), 'query')({ name: ['a', 'b'] })?.code, 601)
})

test('whatever a body is, it is accepted or refused as the fault of the caller', t => {
  for (const each of [functionBody, baseImageBody, runBody]) {
    const check = compileValidator(each, 'body')
    const names = fc.constantFrom(...Object.keys(each.properties), 'other')
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue())), value => {
        const error = check(value)
        t.true(error === undefined || (error.blame === 'caller' && error.message.length > 0))
      }),
    )
  }
})
