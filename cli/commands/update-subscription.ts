/** Owns `update subscription`: other values of single fields, while all else stays as it is. */
import { between, defineCommand } from '../command.ts'
import { applicationFlag } from '../flag.ts'
import { objectOf } from '../format/json.ts'
import { resources } from '../resources.ts'
import { parseFilters, retryOf, subscriptionFlags } from '../subscription-fields.ts'
import { waitFlags } from '../wait.ts'
import { retag } from './create-object.ts'
import { updateObject } from './update-object.ts'

export const command = defineCommand({
  usage: 'NAME [FUNCTION_NAME]',
  description:
    'Update a subscription: another function, other values, or both. What is not given stays as it is; filters that are given take the place of all before.',
  examples: ['dispatch update subscription greet --retry-tries 10 --retry-within 1h'],
  arity: between(1, 2),
  completes: ['Subscription', 'Function'],
  flags: {
    ...applicationFlag,
    ...subscriptionFlags,
    ...waitFlags,
  },
  run(invocation) {
    const { args, flags } = invocation
    const [, functionName] = args
    return updateObject(invocation, {
      resource: resources.subscription,
      doneText: 'Updated subscription',
      planFields: held => {
        const retry = { retry: { ...objectOf(held.retry), ...retryOf(flags) } }
        return {
          application: { tags: retag(held.tags, flags.application) },
          'event-type': { eventType: flags['event-type'] },
          filter: { filter: parseFilters(flags.filter) },
          'retry-tries': retry,
          'retry-within': retry,
          secret: { secrets: [...flags.secret] },
        }
      },
      complete: async () => ({ ...(functionName !== undefined && { function: functionName }) }),
    })
  },
})
