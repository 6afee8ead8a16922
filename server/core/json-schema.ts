/** The schemas of functions: draft-4 JSON Schema, with violations in the wording of the original's validator. */
import ajvDraft04 from 'ajv-draft-04'
import addFormats from 'ajv-formats'
import { violationOf } from './violations.ts'

/** Lines that say what is wrong with a value; empty when it is valid. */
export type SchemaCheck = (value: unknown) => string[]

const line = (field: string, keyword: string, message: string): string =>
  keyword === 'required' && !field.includes('.') ? `.${message}` : message

const isSchema = (schema: unknown): schema is Record<string, unknown> =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema)

/** Throws an Error whose message says why the schema cannot be used. A null or absent schema accepts everything. */
export function compileJsonSchema(schema: unknown): SchemaCheck {
  if (schema === null || schema === undefined) return () => []
  if (!isSchema(schema)) throw new Error('a JSON schema is an object')
  const ajv = new ajvDraft04.default({ allErrors: true, verbose: true, strict: false, logger: false })
  addFormats.default(ajv)
  // An asynchronous schema would answer with a promise, which no caller here waits for.
  const { $schema: _, $async: __, ...plain } = schema
  const validate = ajv.compile(plain)
  return value => {
    if (validate(value)) return []
    const violations = (validate.errors ?? []).map(error => violationOf(error, 'body'))
    return [...new Set(violations.map(({ field, keyword, message }) => line(field, keyword, message)))]
  }
}

/** Compiled once per schema text: calls of the same function share it. The oldest goes when `maxEntries` is reached. */
export function createSchemaCache(maxEntries: number): (schema: unknown) => SchemaCheck {
  const checks = new Map<string, SchemaCheck>()
  return schema => {
    if (schema === null || schema === undefined) return () => []
    const key = JSON.stringify(schema)
    const known = checks.get(key)
    if (known) return known
    const check = compileJsonSchema(schema)
    const [oldest] = checks.keys()
    if (checks.size >= maxEntries && oldest !== undefined) checks.delete(oldest)
    checks.set(key, check)
    return check
  }
}
