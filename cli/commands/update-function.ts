/** Owns `update function`: new code, or other values of single fields, while all else stays as it is. */
import { between, defineCommand, type Invocation } from '../command.ts'
import type { FlagValues } from '../flag.ts'
import { type Json, type JsonObject, numberOf, objectOf, textOf } from '../format/json.ts'
import { functionFlags, limitsOf, loadSchema } from '../function-fields.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { retag } from './create-object.ts'
import { updateObject } from './update-object.ts'

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
  run: invocation =>
    updateObject(invocation, {
      resource: resources.function,
      doneText: 'Updated function',
      planFields: held => planFields(invocation.flags, held),
      complete: async ({ handler = null }, held) => ({
        schema: await loadSchemas(invocation, held.schema),
        ...(await loadCode(invocation, textOf(handler))),
      }),
    }),
})
