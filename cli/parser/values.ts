/** Owns the grammar of flag values: text to value, one parser for each kind of flag. */

import { UsageError } from '../failure.ts'
import type { Flag, FlagKinds } from '../flag.ts'

const truths: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'true', 'TRUE', 'True'].map(word => [word, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'false', 'FALSE', 'False'].map(word => [word, false])),
}
const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Throws the cause as text; the caller knows the flag and wraps it. */
function parseToggle(text: string): boolean {
  const value = truths[text]
  if (value === undefined) throw new UsageError(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`)
  return value
}

export function parseInteger(text: string): bigint {
  if (!/^[+-]?(0x[\da-f]+|0b[01]+|0o?[0-7]+|[1-9]\d*|0)$/i.test(text))
    throw new UsageError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  const digits = text.replace(/^[+-]/, '').replace(/^0(?=[0-7])/, '0o')
  const value = text.startsWith('-') ? -BigInt(digits) : BigInt(digits)
  if (BigInt.asIntN(64, value) !== value)
    throw new UsageError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`)
  return value
}

export function parseNumber(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new UsageError(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`)
  return Number(text)
}

/** Milliseconds; a number without a unit counts seconds. `1m30s` adds up; 0 means no limit. */
export function parseDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text))
    throw new UsageError(`not a duration such as 30s, 2m, 12h or 500ms: ${JSON.stringify(text)}`)
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitsMs[unit ?? ''] ?? 0), 0)
}

/** One CSV record: commas separate, double quotes protect them, a doubled quote inside stands for itself. */
export function parseNames(text: string): string[] {
  if (text === '') return []
  const names: string[] = []
  const field = /("(?:[^"]|"")*"|[^,"]*)(,|$)/y
  for (let separator = ','; separator === ','; ) {
    const match = field.exec(text)
    if (match === null) throw new UsageError('bare or unclosed " in a comma-separated list')
    const [, raw = '', next = ''] = match
    names.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    separator = next
  }
  return names
}

const zeros: FlagKinds = { text: '', toggle: false, integer: 0n, number: 0, duration: undefined, names: [], texts: [] }

/** A list given at least once replaces its default, then grows. */
export function parseValue(flag: Flag, text: string, earlier: FlagKinds[keyof FlagKinds] | undefined) {
  const before = Array.isArray(earlier) ? earlier : []
  switch (flag.kind) {
    case 'text':
      return text
    case 'toggle':
      return parseToggle(text)
    case 'integer':
      return parseInteger(text)
    case 'number':
      return parseNumber(text)
    case 'duration':
      return parseDuration(text)
    case 'names':
      return [...before, ...parseNames(text)]
    case 'texts':
      return [...before, text]
  }
}

export const defaultValue = (flag: Flag) =>
  flag.fallback === undefined ? zeros[flag.kind] : parseValue(flag, flag.fallback, undefined)
