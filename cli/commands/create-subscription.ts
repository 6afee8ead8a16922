/** Owns `create subscription`. */
import { defineCommand, exactly } from '../command.ts'
import { applicationFlag } from '../flag.ts'
import { pickName } from '../random-name.ts'
import { resources } from '../resources.ts'
import { parseFilters, retryOf, subscriptionFlags } from '../subscription-fields.ts'
import { waitFlags } from '../wait.ts'
import { createObject, tagsOrNull } from './create-object.ts'

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
    ...subscriptionFlags,
    ...waitFlags,
  },
  run(invocation) {
    const { args, flags, io } = invocation
    const retry = retryOf(flags)
    return createObject(invocation, resources.subscription, {
      eventType: flags['event-type'],
      ...(flags.filter.length > 0 && { filter: parseFilters(flags.filter) }),
      function: args[0] ?? '',
      name: flags.name || pickName(io),
      ...(Object.keys(retry).length > 0 && { retry }),
      secrets: [...flags.secret],
      tags: tagsOrNull(flags.application),
    })
  },
})
