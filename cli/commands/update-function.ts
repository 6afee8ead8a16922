/** Owns `update function`: new code, or other values of single fields, while all else stays as it is. */
import { between, defineCommand, type Invocation } from '../command.ts'
import type { FlagValues } from '../flag.ts'
import { type Json, type JsonObject, numberOf, objectOf, textOf } from '../format/json.ts'
import { shape } from '../format/model.ts'
import { functionFlags, limitsOf, loadSchema } from '../function-fields.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { retag, sendObject } from './create-object.ts'

type Flags = FlagValues<typeof functionFlags>

/** The fields that each flag decides; one without a value goes back to what the server decides. */
function planFields(flags: Flags, held: JsonObject): Readonly<Record<string, JsonObject>> {
  const { memory = null, cpu = null, concurrency = null, network = null } = limitsOf(flags)
  return {
    image: { image: flags.image },
    handler: { handler: flags.handler },
    secret: { secrets: [...flags.secret] },
    service: { services: [...flags.service] },
    timeout: { timeout: numberOf(String(flags.timeout)) },
    application: { tags: retag(held.tags, flags.application) },
    memory: { memory },
    cpu: { cpu },
    concurrency: { concurrency },
    network: { network },
  }
}

async function loadSchemas({ flags, given, io }: Invocation, held: Json | undefined): Promise<JsonObject> {
  const schema = { ...objectOf(held) }
  for (const side of ['in', 'out']) {
    const flag = `schema-${side}`
    if (given.has(flag)) schema[side] = await loadSchema(io.cwd, String(flags[flag]))
  }
  return schema
}

/** Without a path the stored code stays. */
async function loadCode({ args, io }: Invocation, handler: string): Promise<JsonObject> {
  const [functionName = '', path] = args
  if (path === undefined) return { keepSource: true }
  const { packSource } = await import('../source/archive.ts')
  return { source: await packSource({ functionName, cwd: io.cwd, path, handler }) }
}

export const command = defineCommand({
  usage: 'NAME [PATH]',
  description:
    'Update a function: with the code of a file or directory, with other values, or both. What is not given stays as it is. The version before goes on answering until the new one is READY.',
  examples: [
    'dispatch update function hello hello.py --wait',
    'dispatch update function hello --timeout 500 --secret mail',
  ],
  arity: between(1, 2),
  completes: ['Function'],
  flags: { ...functionFlags, ...waitFlags },
  async run(invocation) {
    const { args, flags, given, session } = invocation
    const [name = ''] = args
    const resource = resources.function
    const { organization } = await session.settings()
    const client = await session.client()
    const path = [...resource.path, name]
    const held = objectOf(await client.request({ method: 'GET', path }))
    const { editableOf } = await import('../documents/editable.ts')
    const changed = Object.entries(planFields(flags, held)).filter(([flag]) => given.has(flag))
    const fields: JsonObject = {
      ...editableOf(held, { resource, organization }),
      ...Object.fromEntries(changed.flatMap(([, field]) => Object.entries(field))),
      schema: await loadSchemas(invocation, held.schema),
    }
    const code = await loadCode(invocation, textOf(fields.handler))
    const body = { ...shape(resource.model, { ...fields, ...code }, 'json'), name }
    return sendObject(invocation, { resource, method: 'PUT', path, body, doneText: 'Updated function' })
  },
})
