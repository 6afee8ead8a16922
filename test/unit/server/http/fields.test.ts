/** Schemas in words, as pages show them. */
import { Type } from '@sinclair/typebox'
import test from 'ava'
import { fieldsOf, typeText } from '../../../../server/http/document/fields.ts'
import { publicSchema } from '../../../../server/http/document/schema.ts'
import { orNull, shown, uuid } from '../../../../server/http/shapes.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

const named = Type.Object({ a: Type.String() }, { title: 'Named' })
const types: [string, Parameters<typeof publicSchema>[0], string][] = [
  ['text', Type.String(), 'text'],
  ['text of bounded length', Type.String({ maxLength: 5 }), 'text of at most 5 characters'],
  ['a number', Type.Integer({ minimum: 1, maximum: 2 }), 'whole number from 1 to 2'],
  ['a format', uuid, 'UUID'],
  ['one of several texts', Type.String({ enum: ['a', 'b'] }), 'a or b'],
  ['a constant', Type.Literal('a'), '"a"'],
  ['anything', Type.Unknown(), 'any JSON'],
  ['null beside another type', shown.reason, 'list of texts, or null'],
  ['a named schema', named, 'Named'],
  ['a list of those', Type.Array(named), 'list of Named'],
  ['what comes alone or as a list', Type.Union([named, Type.Array(named)]), 'Named, or list of Named'],
  ['texts by any key', Type.Unsafe({ type: 'object', additionalProperties: { type: 'string' } }), 'object of texts'],
]
for (const [title, schema, expected] of types) {
  test(`the type of ${title}`, t => {
    t.is(typeText(publicSchema(schema)), expected)
  })
}

test('fields come one below the other, those of objects and of lists of objects too', t => {
  const inner = Type.Object({ b: Type.Optional(Type.String({ description: 'B' })) })
  const schema = Type.Object({ a: inner, list: Type.Array(inner), none: orNull(Type.Array(inner), 'N') })
  const paths = fieldsOf(publicSchema(schema)).map(({ path, required }) => [path, required])
  const expected = [
    ['a', true],
    ['a.b', false],
    ['list', true],
    ['list[].b', false],
    ['none', true],
    ['none[].b', false],
  ]
  t.deepEqual(paths, expected)
})

test('a keyword that documents cannot show is not passed over', t => {
  t.throws(() => publicSchema(Type.String({ contentEncoding: 'base64' })), { message: /contentEncoding/ })
})

test('every field of every body and answer says what it is', async t => {
  const { app } = await createTestApp(t)
  for (const { id, bodySchema, answers } of app.operations) {
    const schemas = [bodySchema, ...Object.values(answers).map(({ schema }) => schema)].filter(
      schema => schema !== undefined,
    )
    for (const { path, description } of schemas.flatMap(schema => fieldsOf(publicSchema(schema))))
      t.not(description, '', `${id}: ${path}`)
  }
})
