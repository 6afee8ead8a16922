/**
 * The schemas of functions: draft-4 JSON Schema, with violations in the wording of the original's validator. Both schemas and
 * values come from strangers, and are checked in the thread that serves everybody: nothing may take it for long.
 */
import type { ErrorObject, ValidateFunction } from 'ajv'
import ajvDraft04 from 'ajv-draft-04'
import addFormats from 'ajv-formats'
import { RE2JS } from 're2js'
import { holdsMoreThan } from './size.ts'
import { createTimeLimit, TimeLimitError } from './time-limit.ts'
import { uniqueItems } from './unique-items.ts'
import { violationOf } from './violations.ts'

/** Lines that say what is wrong with a value; empty when it is valid. */
export type SchemaCheck = (value: unknown) => string[]
/** Throws an Error whose message says why the schema cannot be used. A null or absent schema accepts everything. */
export type SchemaCompiler = (schema: unknown) => SchemaCheck

/** In characters: longer ones take seconds to compile. */
const maxLength = 256 * 1024
/** Characters of the schema times values of the value: beyond, each violation of all could fill the memory. */
const maxWork = 1_000_000
const limitMs = 2000
/** Keywords by which a small schema takes long for a small value: what refers to itself twice, a pattern on a long text. */
const mayBeSlow = /"(?:\$ref|pattern)/

const line = (field: string, keyword: string, message: string): string =>
  keyword === 'required' && !field.includes('.') ? `.${message}` : message

const isSchema = (schema: unknown): schema is Record<string, unknown> =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema)

/** The original's dialect of patterns, matched in linear time: one that backtracks could take for ever. */
const regExp = Object.assign((pattern: string) => RE2JS.compile(pattern), { code: 'RE2JS.compile' })

function createAjv(allErrors: boolean) {
  const ajv = new ajvDraft04.default({ allErrors, verbose: true, strict: false, logger: false, code: { regExp } })
  addFormats.default(ajv)
  // A pattern that is none is told by its own compiler, with the place.
  ajv.addFormat('regex', true)
  ajv.removeKeyword('uniqueItems')
  return ajv.addKeyword(uniqueItems)
}

const linesOf = (errors: ErrorObject[] | null | undefined): string[] => {
  const violations = (errors ?? []).map(error => violationOf(error, 'body'))
  return [...new Set(violations.map(({ field, keyword, message }) => line(field, keyword, message)))]
}

/** Why there is no verdict; defects of ours are thrown on. */
function notChecked(thrown: unknown): string[] {
  if (thrown instanceof TimeLimitError || thrown instanceof RangeError)
    return [`the value could not be checked against the schema: ${thrown.message}`]
  throw thrown
}

export function createSchemaCompiler(): SchemaCompiler {
  const withinLimit = createTimeLimit(limitMs)
  const compile = (schema: object, allErrors: boolean): ValidateFunction =>
    withinLimit(() => createAjv(allErrors).compile(schema))
  return schema => {
    if (schema === null || schema === undefined) return () => []
    if (!isSchema(schema)) throw new Error('a JSON schema is an object')
    // An asynchronous schema would answer with a promise, which no caller here waits for.
    const { $schema: _, $async: __, ...plain } = schema
    const text = JSON.stringify(plain)
    if (text.length > maxLength) throw new Error(`it is longer than ${maxLength / 1024} KiB`)
    const all = compile(plain, true)
    let first: ValidateFunction | undefined
    const validatorFor = (isMuch: boolean): ValidateFunction => {
      if (!isMuch) return all
      first ??= compile(plain, false)
      return first
    }
    return value => {
      const isMuch = holdsMoreThan(maxWork / text.length, value)
      try {
        const validate = validatorFor(isMuch)
        const check = () => (validate(value) ? [] : linesOf(validate.errors))
        return isMuch || mayBeSlow.test(text) ? withinLimit(check) : check()
      } catch (thrown) {
        return notChecked(thrown)
      }
    }
  }
}

/** Compiled once per schema text: calls of the same function share it. The oldest goes when `maxEntries` is reached. */
export function createSchemaCache(maxEntries: number): SchemaCompiler {
  const compile = createSchemaCompiler()
  const checks = new Map<string, SchemaCheck>()
  return schema => {
    if (schema === null || schema === undefined) return () => []
    const key = JSON.stringify(schema)
    const known = checks.get(key)
    if (known) return known
    const check = compile(schema)
    const [oldest] = checks.keys()
    if (checks.size >= maxEntries && oldest !== undefined) checks.delete(oldest)
    checks.set(key, check)
    return check
  }
}
