/**
 * Turns JSON Schema errors into the texts and rule codes that existing clients know (the vocabulary of Swagger 2.0
 * validation in Go). Used for request bodies and for the schemas of functions alike.
 */
import type { ErrorObject } from 'ajv'

export interface Violation {
  /** 601 type or format, 602 required, 603-605 length and pattern, 606 enum, 607-617 the rest. */
  ruleCode: number
  message: string
  keyword: string
  /** Dotted path of the offending value, '' for the root. */
  field: string
}

interface Rule {
  ruleCode: number
  text: (limit: string, error: ErrorObject) => string
}

/** Draft 4 makes a limit exclusive by a flag beside it; the error then carries the comparison without `=`. */
const orEqual = (error: ErrorObject): string => (String(error.params.comparison).endsWith('=') ? 'or equal to ' : '')

const rules: Record<string, Rule> = {
  maxLength: { ruleCode: 603, text: limit => `should be at most ${limit} chars long` },
  minLength: { ruleCode: 604, text: limit => `should be at least ${limit} chars long` },
  pattern: { ruleCode: 605, text: (_, error) => `should match '${String(error.params.pattern)}'` },
  enum: { ruleCode: 606, text: (_, error) => `should be one of [${error.params.allowedValues.join(' ')}]` },
  multipleOf: { ruleCode: 607, text: (_, error) => `should be a multiple of ${String(error.params.multipleOf)}` },
  maximum: { ruleCode: 608, text: (limit, error) => `should be less than ${orEqual(error)}${limit}` },
  minimum: { ruleCode: 609, text: (limit, error) => `should be greater than ${orEqual(error)}${limit}` },
  uniqueItems: { ruleCode: 610, text: () => "shouldn't contain duplicates" },
  maxItems: { ruleCode: 611, text: limit => `should have at most ${limit} items` },
  minItems: { ruleCode: 612, text: limit => `should have at least ${limit} items` },
  maxProperties: { ruleCode: 614, text: limit => `should have at most ${limit} properties` },
  minProperties: { ruleCode: 615, text: limit => `should have at least ${limit} properties` },
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

const dotted = (pointer: string): string =>
  pointer.slice(1).split('/').join('.').replaceAll('~1', '/').replaceAll('~0', '~')

/** `place` is body, query, path or header. Needs errors made with ajv's `verbose` option, which carries the value. */
export function violationOf(error: ErrorObject, place: string): Violation {
  const field = error.instancePath === '' ? '' : dotted(error.instancePath)
  const { keyword, params } = error
  const make = (ruleCode: number, message: string, at = field): Violation => ({ ruleCode, message, keyword, field: at })
  if (keyword === 'required') {
    const missing = field === '' ? String(params.missingProperty) : `${field}.${String(params.missingProperty)}`
    return make(602, `${missing} in ${place} is required`, missing)
  }
  if (keyword === 'additionalProperties') {
    return make(616, `${field}.${String(params.additionalProperty)} in ${place} is a forbidden property`)
  }
  if (keyword === 'type') {
    const actual = typeof error.data === 'number' ? '' : `: "${typeOf(error.data)}"`
    return make(601, `${field} in ${place} must be of type ${String(params.type)}${actual}`)
  }
  if (keyword === 'format') {
    return make(601, `${field} in ${place} must be of type ${String(params.format)}: ${JSON.stringify(error.data)}`)
  }
  const rule = rules[keyword]
  if (rule) return make(rule.ruleCode, `${field} in ${place} ${rule.text(String(params.limit), error)}`)
  return make(422, `${field} in ${place} ${error.message ?? 'is not valid'}`)
}
