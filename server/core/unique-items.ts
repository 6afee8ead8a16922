/** The keyword uniqueItems of JSON Schema in linear time: ajv compares each item with each, which takes minutes for a long list. */
import type { FuncKeywordDefinition } from 'ajv'

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const inOrder = (value: object): object =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** The same for equal values, in whatever order their keys came. */
const textOf = (value: unknown): string => JSON.stringify(value, (_, each) => (isObject(each) ? inOrder(each) : each))

export const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  validate: (isWanted: boolean, items: unknown[]) => !isWanted || new Set(items.map(textOf)).size === items.length,
}
