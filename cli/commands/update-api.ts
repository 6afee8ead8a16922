/** Owns `update api`: another function, or other values of single fields, while all else stays as it is. */
import { type ApiFlags, additionsOf, apiFlags, protocolsOf } from '../api-fields.ts'
import { between, defineCommand } from '../command.ts'
import { type JsonObject, objectOf } from '../format/json.ts'
import { shape } from '../format/model.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { retag, sendObject } from './create-object.ts'

/** The fields that each flag decides. */
function planFields(flags: ApiFlags, held: JsonObject): Readonly<Record<string, JsonObject>> {
  const { response, 'max-body': maxBodyBytes, timeout } = additionsOf(flags)
  return {
    domain: { hosts: [...flags.domain] },
    path: { uris: [...flags.path] },
    method: { methods: [...flags.method] },
    'https-only': { protocols: protocolsOf(flags) },
    disable: { enabled: !flags.disable },
    cors: { cors: flags.cors },
    response: { response },
    'max-body': { maxBodyBytes },
    timeout: { timeout },
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
  async run(invocation) {
    const { args, flags, given, session } = invocation
    const [name = '', functionName] = args
    const resource = resources.api
    const { organization } = await session.settings()
    const client = await session.client()
    const path = [...resource.path, name]
    const held = objectOf(await client.request({ method: 'GET', path }))
    const { editableOf } = await import('../documents/editable.ts')
    const changed = Object.entries(planFields(flags, held)).filter(([flag]) => given.has(flag))
    const fields: JsonObject = {
      ...editableOf(held, { resource, organization }),
      ...Object.fromEntries(changed.flatMap(([, field]) => Object.entries(field))),
      ...(functionName !== undefined && { function: functionName }),
    }
    const body = { ...shape(resource.model, fields, 'json'), name }
    return sendObject(invocation, { resource, method: 'PUT', path, body, doneText: 'Updated API' })
  },
})
