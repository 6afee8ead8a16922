/** Owns `get KIND [NAME]` for every kind of object. */
import { atMost, type Command, defineCommand, type Invocation } from '../command.ts'
import type { FlagTable } from '../flag.ts'
import { objectOf } from '../format/json.ts'
import { renderTable } from '../format/table.ts'
import { formatOf, isWanted, noteOf, planTable, type Query, requestOf } from '../listing.ts'
import { renderObject } from '../output.ts'
import { applicationFlagOf, type Resource } from '../resources.ts'

const watchFlag = {
  watch: { kind: 'toggle', summary: 'go on printing what is added, changed or deleted, until interrupted' },
} as const satisfies FlagTable

async function show(query: Query, path: readonly string[], { session, io }: Invocation): Promise<void> {
  const settings = await session.settings()
  const format = formatOf(query, settings.output)
  const client = await session.client()
  const answer = await client.request(requestOf(query, path, format))
  const found = Array.isArray(answer) ? answer.filter(object => isWanted(query, objectOf(object))) : answer
  if (format !== 'table') {
    io.stdout.write(await renderObject(found, query.resource.model, format))
    return
  }
  const objects = (Array.isArray(found) ? found : [found]).map(objectOf)
  const table = planTable(query, objects, { ...settings, zone: io.timeZone })
  io.stdout.write(noteOf(query, settings) + renderTable({ ...table, colored: await session.isColored() }))
}

/** One object with a name, all of them without; `-a` keeps those of one application. */
export const createGetCommand = (resource: Resource): Command =>
  defineCommand({
    usage: '[NAME]',
    arity: atMost(1),
    completes: [resource.kind],
    flags: { ...applicationFlagOf(resource), ...resource.getFlags, ...watchFlag },
    async run(invocation) {
      const { args, flags } = invocation
      const [name] = args
      const query = { resource, flags }
      const path = name === undefined ? resource.path : [...resource.path, name]
      if (flags.watch) return (await import('./watch-resource.ts')).watchResource(query, path, invocation)
      await show(query, path, invocation)
      return 0
    },
  })
