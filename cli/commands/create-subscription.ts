/** Owns `create subscription`. */
import { defineCommand, exactly } from '../command.ts'
import { Failure } from '../failure.ts'
import { applicationFlag } from '../flag.ts'
import { type JsonObject, numberOf } from '../format/json.ts'
import { pickName } from '../random-name.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject, tagsOrNull } from './create-object.ts'

function parseFilter(text: string): [string, string] {
  const [key = '', ...rest] = text.split('=')
  if (key === '' || rest.length === 0) throw new Failure(`--filter is KEY=VALUE, not ${JSON.stringify(text)}`)
  return [key, rest.join('=')]
}

interface RetryFlags {
  readonly 'retry-tries': bigint
  readonly 'retry-within': number | undefined
}

/** What is not given is not sent: the server decides. */
function retryOf({ 'retry-tries': tries, 'retry-within': withinMs }: RetryFlags): JsonObject {
  const retry = {
    ...(tries !== 0n && { tries: numberOf(String(tries)) }),
    ...(withinMs !== undefined && { withinSeconds: numberOf(String(Math.round(withinMs / 1000))) }),
  }
  return Object.keys(retry).length === 0 ? {} : { retry }
}

export const command = defineCommand({
  usage: 'FUNCTION_NAME',
  description: 'Create a subscription: a function that is called for each event of a type, and again when that fails.',
  examples: [
    'dispatch create subscription hello --name greet --event-type user.created',
    'dispatch create subscription audit --event-type user.* --filter source=/sign-up --retry-tries 10 --retry-within 1h',
  ],
  arity: exactly(1),
  completes: ['Function'],
  flags: {
    ...applicationFlag,
    name: { kind: 'text', value: 'NAME', summary: 'name of the subscription; without, one is made up' },
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
    ...waitFlags,
  },
  run(invocation) {
    const { args, flags, io } = invocation
    return createObject(invocation, resources.subscription, {
      eventType: flags['event-type'],
      ...(flags.filter.length > 0 && { filter: Object.fromEntries(flags.filter.map(parseFilter)) }),
      function: args[0] ?? '',
      name: flags.name || pickName(io),
      ...retryOf(flags),
      secrets: [...flags.secret],
      tags: tagsOrNull(flags.application),
    })
  },
})
