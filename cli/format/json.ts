/** Owns JSON without doubles: every number keeps the text it came with, from the server to the screen. */
import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json'

export type Json = null | boolean | string | LosslessNumber | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

/** Throws SyntaxError. */
export const parseJson = (text: string): Json => parse(text) as Json

/** For people with 4 (`version`: 2) spaces, for the wire without. */
export const renderJson = (value: Json, indent?: number): string => stringify(value, null, indent) ?? 'null'

export const isNumber = (value: Json | undefined): value is LosslessNumber => isLosslessNumber(value)
export const numberOf = (text: string): LosslessNumber => new LosslessNumber(text)

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value)

/** `{}` for everything that is not an object. */
export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
export const objectsOf = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.map(objectOf) : [])
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
export const textsOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(textOf) : [])

/** Exact; 0 when there is no whole number. */
export function integerOf(value: Json | undefined): bigint {
  return isNumber(value) && /^-?\d+$/.test(value.value) ? BigInt(value.value) : 0n
}

/** Objects with their keys in byte order, at every depth. */
export function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sortKeys(inner), Buffer.from(key)] as const)
  entries.sort(([, , left], [, , right]) => Buffer.compare(left, right))
  return Object.fromEntries(entries.map(([key, inner]) => [key, inner]))
}
