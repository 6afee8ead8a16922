/** Schemas are compiled when an operation is first called: a fault in one must be seen before. */
import { Type } from '@sinclair/typebox'
import test from 'ava'
import { createParameterReader } from '../../../../server/http/parameters.ts'
import { compileValidator } from '../../../../server/http/validate.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

test('the schemas of every operation compile', async t => {
  const { app } = await createTestApp(t)
  for (const operation of app.operations) t.notThrows(() => createParameterReader(operation), operation.id)
})

test('the example of every body is valid', async t => {
  const { app } = await createTestApp(t)
  for (const { id, bodySchema } of app.operations) {
    if (!bodySchema) continue
    t.is(bodySchema.examples?.length, 1, id)
    t.is(compileValidator(bodySchema, 'body')(bodySchema.examples[0]), undefined, id)
  }
})

test('a schema with a keyword or a format that nobody knows does not compile', t => {
  t.throws(() => compileValidator(Type.Object({ a: Type.String({ colour: 'red' }) }), 'body'), { message: /colour/ })
  t.throws(() => compileValidator(Type.Object({ a: Type.String({ format: 'shape' }) }), 'body'), { message: /shape/ })
})
