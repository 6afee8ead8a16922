/** The lines that a function's schema gives, in the wording that was measured on the original. */
import test from 'ava'
import { compileJsonSchema } from '../../../../server/core/json-schema.ts'

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
  [{ $schema: 'http://json-schema.org/draft-04/schema#', type: 'string' }, 'x', []],
]
for (const [schema, value, lines] of cases) {
  test(`${JSON.stringify(schema)} on ${JSON.stringify(value)}`, t => {
    t.deepEqual(compileJsonSchema(schema)(value), lines)
  })
}

test('without a schema everything is valid', t => {
  t.deepEqual(compileJsonSchema(null)({ any: 'thing' }), [])
})

test('an unusable schema is refused with the cause', t => {
  t.throws(() => compileJsonSchema({ type: 'nonsense' }), { message: /type/ })
  t.throws(() => compileJsonSchema('text'), { message: 'a JSON schema is an object' })
})
