/** Owns `create subscription`. */
import { defineCommand, exactly } from '../command.ts'
import { applicationFlag } from '../flag.ts'
import { pickName } from '../random-name.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject, tagsOrNull } from './create-object.ts'

export const command = defineCommand({
  usage: 'FUNCTION_NAME',
  description: 'Create a subscription: a function that is called for each event of a type.',
  examples: ['dispatch create subscription hello --name greet --event-type user.created'],
  arity: exactly(1),
  completes: ['Function'],
  flags: {
    ...applicationFlag,
    name: { kind: 'text', value: 'NAME', summary: 'name of the subscription; without, one is made up' },
    'event-type': { kind: 'text', value: 'TYPE', summary: 'type of the events, exactly, e.g. user.created' },
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
      function: args[0] ?? '',
      name: flags.name || pickName(io),
      secrets: [...flags.secret],
      tags: tagsOrNull(flags.application),
    })
  },
})
