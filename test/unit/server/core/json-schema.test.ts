/** The lines that a function's schema gives, in the wording that was measured on the original. */
import test from 'ava'
import { createSchemaCache } from '../../../../server/core/json-schema.ts'

const compile = createSchemaCache(99)

const cases: [object, unknown, string[]][] = [
  [{ required: ['name'] }, {}, ['.name in body is required']],
  [{ properties: { o: { required: ['q'] } } }, { o: {} }, ['o.q in body is required']],
  [{ properties: { name: { minLength: 2 } } }, { name: 'x' }, ['name in body should be at least 2 chars long']],
  [{ properties: { name: { maxLength: 3 } } }, { name: 'xxxx' }, ['name in body should be at most 3 chars long']],
  [{ properties: { name: { pattern: '^[a-z]+$' } } }, { name: '1' }, ["name in body should match '^[a-z]+$'"]],
  [{ properties: { n: { minimum: 1 } } }, { n: 0 }, ['n in body should be greater than or equal to 1']],
  [{ properties: { n: { maximum: 5 } } }, { n: 6 }, ['n in body should be less than or equal to 5']],
  [{ properties: { e: { enum: ['a', 'b'] } } }, { e: 'c' }, ['e in body should be one of [a b]']],
  [{ properties: { l: { maxItems: 1 } } }, { l: [1, 2] }, ['l in body should have at most 1 items']],
  [{ properties: {}, additionalProperties: false }, { x: 1 }, ['.x in body is a forbidden property']],
  [{ properties: { n: { type: 'integer' } } }, { n: 'x' }, ['n in body must be of type integer: "string"']],
  [{ type: 'object' }, null, [' in body must be of type object: "null"']],
  [{ properties: { d: { format: 'date-time' } } }, { d: 'no' }, ['d in body must be of type date-time: "no"']],
  [{ properties: { n: { minimum: 1, exclusiveMinimum: true } } }, { n: 1 }, ['n in body should be greater than 1']],
  [{}, 5, []],
  [{ properties: { n: { type: 'number' } } }, { n: 1.5 }, []],
  [{ pattern: '(?i)^ab$' }, 'AB', []],
  [
    { uniqueItems: true },
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [" in body shouldn't contain duplicates"],
  ],
  [{ uniqueItems: true }, [1, '1', [1], { a: 1 }, { a: '1' }, null, 'null'], []],
  [{ uniqueItems: false }, [1, 1], []],
  [{ $schema: 'http://json-schema.org/draft-04/schema#', type: 'string' }, 'x', []],
]
for (const [schema, value, lines] of cases) {
  test(`${JSON.stringify(schema)} on ${JSON.stringify(value)}`, t => {
    t.deepEqual(compile(schema)(value), lines)
  })
}

test('without a schema everything is valid', t => {
  t.deepEqual(compile(null)({ any: 'thing' }), [])
})

test('an unusable schema is refused with the cause', t => {
  t.throws(() => compile({ type: 'nonsense' }), { message: /type/ })
  t.throws(() => compile('text'), { message: 'a JSON schema is an object' })
})

/** Each of these would hold up the server for minutes, or for ever, or fill its memory. */
const doublings = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => {
    const next = { $ref: `#/definitions/${index + 1}` }
    return [index, index === 59 ? { type: 'string' } : { allOf: [next, next] }]
  }),
)
const notChecked = /^the value could not be checked against the schema: /
const slow: [string, object, unknown, RegExp][] = [
  ['a pattern that backtracks', { pattern: '^(a+)+$' }, `${'a'.repeat(100)}!`, /^ in body should match/],
  [
    'a long list without duplicates',
    { uniqueItems: true, maxItems: 1 },
    hundredThousand(index => ({ index })),
    /at most 1/,
  ],
  ['a schema that doubles at each level', { definitions: doublings, $ref: '#/definitions/0' }, 'x', notChecked],
  [
    'a schema without end',
    { definitions: { a: { allOf: [{ $ref: '#/definitions/a' }] } }, $ref: '#/definitions/a' },
    1,
    notChecked,
  ],
  [
    'a value of many faults',
    { items: { type: 'string' } },
    hundredThousand(index => index),
    /^0 in body must be of type string$/,
  ],
]

function hundredThousand<T>(make: (index: number) => T): T[] {
  return Array.from({ length: 100_000 }, (_, index) => make(index))
}

for (const [title, schema, value, expected] of slow)
  test(`holds nobody up: ${title}`, t => {
    const lines = compile(schema)(value)
    t.is(lines.length, 1)
    t.regex(lines.join(), expected)
  })

test('a schema is refused when it is too long, or has a pattern that cannot be matched in linear time', t => {
  t.throws(() => compile({ enum: ['a'.repeat(256 * 1024)] }), { message: 'it is longer than 256 KiB' })
  t.throws(() => compile({ pattern: '(a)\\1' }), { message: /invalid escape sequence/ })
})
