/** The page of errors and the catalogue say the same, in both directions. */
import type { ErrorObject } from 'ajv'
import test from 'ava'
import { catalogue } from '../../../server/core/errors.ts'
import { violationOf } from '../../../server/core/violations.ts'
import { loadPage, parseTables, unquote } from './pages.ts'

const rows = parseTables(loadPage('docs/reference/errors.md'))

test('every entry of the catalogue has its row, and every row its entry', t => {
  const documented = rows
    .filter(([name = '']) => /^`[A-Z_]+`$/.test(name))
    .map(([name = '', status, blame, text = '', advice = '']) => {
      t.true(advice.length > 0, `${name} does not say what to do`)
      return [unquote(name), { httpStatus: Number(status), blame, text: unquote(text) }] as const
    })
  t.is(new Set(documented.map(([name]) => name)).size, documented.length, 'an entry has two rows')
  t.deepEqual(Object.fromEntries(documented), { ...catalogue })
})

/** Draft 4's assertions and the ones that later drafts added. */
const keywords = [
  ...['type', 'format', 'required', 'minLength', 'maxLength', 'pattern', 'enum', 'multipleOf', 'maximum', 'minimum'],
  ...['uniqueItems', 'maxItems', 'minItems', 'additionalItems', 'minProperties', 'maxProperties', 'not', 'anyOf'],
  ...['additionalProperties', 'allOf', 'oneOf', 'dependencies', 'const', 'contains', 'propertyNames'],
]

const violate = (keyword: string): number => {
  const params = { allowedValues: [], comparison: '<=', missingProperty: 'f', additionalProperty: 'f' }
  const error: ErrorObject = { keyword, params, instancePath: '', schemaPath: '', data: '' }
  return violationOf(error, 'body').ruleCode
}

test('every rule code of validation is documented with its keywords', t => {
  const documented = rows
    .filter(([code = '']) => /^6\d\d$/.test(code))
    .flatMap(([code, names = '']) => names.split(', ').map(name => [unquote(name), Number(code)] as const))
  const coded = keywords.map(name => [name, violate(name)] as const).filter(([, code]) => code !== 422)
  t.deepEqual(Object.fromEntries(documented), Object.fromEntries(coded))
})
