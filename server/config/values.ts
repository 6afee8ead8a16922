/** Parses the value of one key, from whichever source, by the schema of the key. */
import { maxTimerMs } from '../core/clock.ts'
import { ConfigError } from './error.ts'
import type { Key } from './keys.ts'

/** A value as some source gave it: text from flags and environment, anything from a file. */
export interface Setting {
  value: unknown
  /** Names the source for errors and for the printed configuration, such as `flag --port`. */
  origin: string
}

const largestInt64 = 2n ** 63n - 1n

const msPerUnit = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/**
 * Milliseconds of a duration in the notation of Go (`1m30s`, `-1.5h`, `0`); undefined when it is none,
 * or when it does not fit Go's 64 bits of nanoseconds.
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDurationMs(text: string): number | undefined {
  const [, sign, rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (rest === '0') return 0
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined
  let totalMs = 0
  for (const [, count = '', unit = ''] of rest.matchAll(/([\d.]+)([^\d.]+)/g))
    totalMs += Number(count) * (msPerUnit.get(unit) ?? 0)
  if (totalMs * 1e6 > Number(largestInt64)) return undefined
  return sign === '-' && totalMs !== 0 ? -totalMs : totalMs
}

/** The notations of Go's strconv.ParseBool. */
const booleans = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map(text => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map(text => [text, false] as const),
])

/** Throws a ConfigError that names key, value, source, and what is allowed. */
export function parseValue(key: Key, { value, origin }: Setting): unknown {
  const parsed = parsers[key.type](key, value)
  if (parsed !== undefined) return parsed
  const shown = key.secret ? 'the value' : JSON.stringify(value)
  throw new ConfigError(`${key.name}: ${shown} from ${origin} is not allowed; it must be ${describeAllowed(key)}`)
}

const parsers: Record<Key['type'], (key: Key, value: unknown) => unknown> = {
  text: ({ minLength = 0 }, value) => (typeof value === 'string' && value.length >= minLength ? value : undefined),
  number: ({ minimum = -Infinity, maximum = Infinity }, value) => {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
    const isAllowed = Number.isSafeInteger(number) && Number(number) >= minimum && Number(number) <= maximum
    return isAllowed ? number : undefined
  },
  boolean: (_, value) => (typeof value === 'string' ? booleans.get(value) : isBoolean(value) ? value : undefined),
  duration: ({ minimum = 0, maximum = maxTimerMs }, value) => {
    const ms = typeof value === 'string' ? parseDurationMs(value) : undefined
    return ms !== undefined && ms >= minimum && ms <= maximum ? value : undefined
  },
  any: (_, value) => value,
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean'

const hoursOf = (ms: number): number => Math.floor(ms / 3_600_000)

function describeAllowed({ type, minLength, minimum, maximum }: Key): string {
  switch (type) {
    case 'text':
      return minLength ? 'text that is not empty (in quotes if it looks like a number)' : 'text, in quotes if need be'
    case 'number':
      return `a whole number from ${minimum} to ${maximum}`
    case 'boolean':
      return 'true or false'
    case 'duration':
      return `a duration such as 20s or 1m30s, ${minimum ? `at least ${minimum}ms` : 'not negative'} and at most ${hoursOf(maximum ?? maxTimerMs)}h`
    case 'any':
      return 'anything'
  }
}
