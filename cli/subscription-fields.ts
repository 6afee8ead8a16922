/** Owns what the flags of `create subscription` and `update subscription` say, and the fields that they become. */
import { Failure } from './failure.ts'
import type { FlagTable, FlagValues } from './flag.ts'
import { type JsonObject, numberOf } from './format/json.ts'

export const subscriptionFlags = {
  'event-type': {
    kind: 'text',
    value: 'TYPE',
    summary: 'type of the events, e.g. user.created; user.* for all below',
  },
  filter: {
    kind: 'texts',
    value: 'KEY=VALUE',
    summary: 'only events with that source, subject or extension attribute, exactly; repeatable',
  },
  'retry-tries': { kind: 'integer', value: 'N', summary: 'how often its function is run for an event that fails' },
  'retry-within': { kind: 'duration', value: 'DURATION', summary: 'from the first try to the last one' },
  secret: {
    kind: 'names',
    value: 'NAMES',
    completes: 'Secret',
    summary: 'secrets that its runs get; repeatable or comma-separated',
  },
} as const satisfies FlagTable

type Flags = FlagValues<typeof subscriptionFlags>

function parseFilter(text: string): [string, string] {
  const [key = '', ...rest] = text.split('=')
  if (key === '' || rest.length === 0) throw new Failure(`--filter is KEY=VALUE, not ${JSON.stringify(text)}`)
  return [key, rest.join('=')]
}

export const parseFilters = (texts: readonly string[]): JsonObject => Object.fromEntries(texts.map(parseFilter))

/** What is not given is not sent: the server decides. */
export const retryOf = (flags: Pick<Flags, 'retry-tries' | 'retry-within'>): JsonObject => {
  const { 'retry-tries': tries, 'retry-within': withinMs } = flags
  return {
    ...(tries !== 0n && { tries: numberOf(String(tries)) }),
    ...(withinMs !== undefined && { withinSeconds: numberOf(String(Math.round(withinMs / 1000))) }),
  }
}
