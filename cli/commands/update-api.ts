/** Owns `update api`: another function, or other values of single fields, while all else stays as it is. */
import { type ApiFlags, apiFlags, planAdditions, protocolsOf } from '../api-fields.ts'
import { between, defineCommand } from '../command.ts'
import type { JsonObject } from '../format/json.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { retag } from './create-object.ts'
import { updateObject } from './update-object.ts'

/** The fields that each flag decides. */
function planFields(flags: ApiFlags, held: JsonObject): Readonly<Record<string, JsonObject>> {
  return {
    ...planAdditions(flags, held),
    domain: { hosts: [...flags.domain] },
    path: { uris: [...flags.path] },
    method: { methods: [...flags.method] },
    'https-only': { protocols: protocolsOf(flags) },
    disable: { enabled: !flags.disable },
    cors: { cors: flags.cors },
    tls: { tls: flags.tls },
    auth: { authentication: flags.auth },
    application: { tags: retag(held.tags, flags.application) },
  }
}

export const command = defineCommand({
  usage: 'API_NAME [FUNCTION_NAME]',
  description: 'Update an API: another function, other values, or both. What is not given stays as it is.',
  examples: [
    'dispatch update api hello-api --method GET --cors',
    'dispatch update api hello-api bonjour --disable=false',
  ],
  arity: between(1, 2),
  completes: ['API', 'Function'],
  flags: { ...apiFlags, ...waitFlags },
  run(invocation) {
    const { args, flags } = invocation
    const [, functionName] = args
    return updateObject(invocation, {
      resource: resources.api,
      doneText: 'Updated API',
      planFields: held => planFields(flags, held),
      complete: async () => ({ ...(functionName !== undefined && { function: functionName }) }),
    })
  },
})
