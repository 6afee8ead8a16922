/** Owns `get KIND [NAME]` for every kind of object. */
import type { View } from '../columns.ts'
import { atMost, type Command, defineCommand } from '../command.ts'
import type { OutputFormat } from '../config/settings.ts'
import type { FlagTable, FlagValues } from '../flag.ts'
import { type Json, type JsonObject, objectOf, objectsOf } from '../format/json.ts'
import { renderTable, type Table } from '../format/table.ts'
import { renderObject } from '../output.ts'
import { applicationFlagOf, type Resource } from '../resources.ts'

interface Query {
  readonly resource: Resource
  readonly flags: FlagValues<FlagTable>
}

const carriesApplication = ({ tags }: JsonObject, application: string): boolean =>
  objectsOf(tags).some(({ key, value }) => key === 'Application' && value === application)

function isWanted({ resource: { filter }, flags }: Query, object: JsonObject): boolean {
  const { application } = flags
  if (typeof application === 'string' && application !== '' && !carriesApplication(object, application)) return false
  const wanted = filter && flags[filter.flag]
  return !filter || !wanted || object[filter.key] === wanted
}

const revealsAll = ({ resource: { withheld }, flags }: Query): boolean =>
  withheld !== undefined && flags[withheld.flag] === true

const formatOf = (query: Query, asked: OutputFormat): OutputFormat =>
  revealsAll(query) && query.resource.withheld?.columns === undefined ? 'json' : asked

function planTable(query: Query, objects: readonly Json[], view: View): Table {
  const { columns: ownColumns, ruled = false, withheld } = query.resource
  const isComplete = revealsAll(query)
  const columns = [...ownColumns, ...((isComplete && withheld?.columns) || [])]
  const rows = objects.map(object => columns.map(column => column.cell(objectOf(object), view)))
  return { titles: columns.map(({ title }) => title), rows, ruled }
}

const noteOf = (query: Query): string => (revealsAll(query) ? '' : (query.resource.withheld?.note ?? ''))

/** One object with a name, all of them without; `-a` keeps those of one application. */
export const createGetCommand = (resource: Resource): Command =>
  defineCommand({
    usage: '[NAME]',
    arity: atMost(1),
    flags: { ...applicationFlagOf(resource), ...resource.getFlags },
    async run({ args: [name], flags, session, io }) {
      const settings = await session.settings()
      const client = await session.client()
      const path = name === undefined ? resource.path : [...resource.path, name]
      const answer = await client.request({ method: 'GET', path })
      const query = { resource, flags }
      const found = Array.isArray(answer) ? answer.filter(object => isWanted(query, objectOf(object))) : answer
      const format = formatOf(query, settings.output)
      const objects = Array.isArray(found) ? found : [found]
      if (format === 'table') {
        const table = planTable(query, objects, { ...settings, zone: io.timeZone })
        io.stdout.write(noteOf(query) + renderTable({ ...table, colored: await session.isColored() }))
      } else io.stdout.write(await renderObject(found, resource.model, format))
      return 0
    },
  })
