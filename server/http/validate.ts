/** Compiles TypeBox schemas into validators that report the first violation in the order in which fields are declared. */
import type { TSchema } from '@sinclair/typebox'
import { Ajv, type Options } from 'ajv'
import addFormatsModule from 'ajv-formats'
import { type DispatchError, dispatchError, validationError } from '../core/errors.ts'
import { holdsMoreThan } from '../core/size.ts'
import { type Violation, violationOf } from '../core/violations.ts'
import { bodyNameOf } from './body.ts'

/** Line breaks in it count for nothing, as for the original's decoder. No group is repeated: a long text would exhaust the stack. */
const isBase64 = (text: string): boolean => {
  const joined = /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, '') : text
  return joined.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(joined)
}

/** Without the prefix `urn:uuid:`, which ajv's own would take. */
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Our own schemas are not checked against the schema of schemas: compiling that one would cost more than all of them. */
const createAjv = (coerceTypes: boolean | 'array', allErrors: boolean): Ajv => {
  const options: Options = {
    allErrors,
    verbose: true,
    keywords: ['patternText', 'bodyName', 'shownAs'],
    logger: false,
    validateSchema: false,
  }
  const ajv = new Ajv({ ...options, coerceTypes })
  addFormatsModule.default(ajv, ['date-time'])
  ajv.addFormat('uuid', uuid)
  ajv.addFormat('byte', isBase64)
  ajv.addFormat('int64', /^-?\d{1,19}$/)
  return ajv
}

/** `first` ends at the first violation, `all` finds each. */
const createAjvs = (coerceTypes: boolean | 'array') => ({
  first: createAjv(coerceTypes, false),
  all: createAjv(coerceTypes, true),
})

const bodyAjvs = createAjvs(false)
/** What comes in an address is text: numbers and booleans are read from it, and what came once is a list of one. */
const addressAjvs = createAjvs('array')

/** Where there are more values, all violations could fill the memory: the first that is met is told then, whatever its field. */
const maxSortedValues = 10_000

export type Place = 'body' | 'query' | 'path' | 'header'
export type Validator = (value: unknown) => DispatchError | undefined

/** What the original's server met while decoding a body, before any validation: HTTP 400. */
const isUndecodable = ({ keyword, message }: Violation): boolean =>
  keyword === 'type' || (keyword === 'format' && /^\S+ in body must be of type (byte|date-time): /.test(message))

const ownText = (schema: TSchema, violation: Violation): string | undefined => {
  if (violation.keyword !== 'pattern') return undefined
  const text: unknown = schema.properties?.[violation.field]?.patternText
  return typeof text === 'string' ? `${violation.field} ${text}` : undefined
}

const toError = (schema: TSchema, violation: Violation, place: Place): DispatchError => {
  if (place === 'body' && isUndecodable(violation))
    return dispatchError('BODY_NOT_PARSED', {
      bodyName: bodyNameOf(schema),
      cause: violation.message.replace(' in body', ''),
    })
  return validationError(violation.ruleCode, ownText(schema, violation) ?? violation.message)
}

/** Undecodable values come before all violations, as decoding comes before validation; then fields in declared order. */
const rank = (fields: string[], violation: Violation): number => {
  const index = fields.indexOf(violation.field.split('.')[0] ?? '')
  return isUndecodable(violation) ? index - fields.length - 1 : index
}

export function compileValidator(schema: TSchema, place: Place): Validator {
  const { first, all } = place === 'body' ? bodyAjvs : addressAjvs
  const validate = first.compile(schema)
  const fields = Object.keys(schema.properties ?? {})
  const violationsOf = (value: unknown): Violation[] => {
    const validateAll = holdsMoreThan(maxSortedValues, value) ? validate : all.compile(schema)
    validateAll(value)
    return (validateAll.errors ?? []).map(error => violationOf(error, place))
  }
  return value => {
    if (validate(value)) return undefined
    const [earliest] = violationsOf(value).toSorted((a, b) => rank(fields, a) - rank(fields, b))
    return earliest && toError(schema, earliest, place)
  }
}
