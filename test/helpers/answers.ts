/** Checks answers against what the operations say of them: their schemas, and no field beside those. */
import assert from 'node:assert/strict'
import type { TSchema } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { describe } from '../../server/http/document/describe.ts'
import { mapSchema, publicSchema, type Schema } from '../../server/http/document/schema.ts'
import type { Operation } from '../../server/http/operation.ts'

export interface SentAnswer {
  method: string
  url: string
  status: number
  text: string
  contentType: unknown
}

const ajv = new Ajv({ allErrors: true, strict: false })
addFormats.default(ajv)
ajv.addFormat('int64', { type: 'number', validate: Number.isInteger })

/** An object without known properties is free: an event, a schema. */
const close = (schema: Schema): Schema =>
  schema.properties && Object.keys(schema.properties).length > 0
    ? { additionalProperties: { not: {} }, ...schema }
    : schema

const compile = (schema: TSchema): ValidateFunction => ajv.compile(mapSchema(publicSchema(schema), close))

const pathPattern = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`)

/** Returns the operation that answered, if it was one; throws when the answer is not as it says. */
export function createAnswerCheck(operations: readonly Operation[]): (answer: SentAnswer) => Operation | undefined {
  const validators = new Map<TSchema, ValidateFunction>()
  const entries = operations.map(operation => ({ operation, pattern: pathPattern(operation.path) }))
  return ({ method, url, status, text, contentType }) => {
    const path = new URL(url, 'http://localhost').pathname
    const found = entries.find(({ operation, pattern }) => operation.method === method && pattern.test(path))
    if (!found) return undefined
    const { operation } = found
    const what = `${operation.id} ${status}: ${text.slice(0, 300)}`
    const expected = operation.answers[status]
    if (!expected) {
      const documented = describe(operation).errors.map(error => error.status)
      assert(documented.includes(status), `${what}: no answer with this status is documented`)
      assert.deepEqual(Object.keys(JSON.parse(text)), ['code', 'message'], what)
      return operation
    }
    const { schema, contentType: type = 'application/json' } = expected
    if (!schema) return operation
    assert.equal(contentType, type, what)
    const validate = validators.get(schema) ?? compile(schema)
    validators.set(schema, validate)
    assert(validate(JSON.parse(text)), `${what}: ${ajv.errorsText(validate.errors)}`)
    return operation
  }
}
