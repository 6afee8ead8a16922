/** Owns what `get` shows of objects: which of them, and their table. */
import type { ApiRequest } from './client.ts'
import type { View } from './columns.ts'
import type { ObjectFormat } from './config/settings.ts'
import type { FlagTable, FlagValues } from './flag.ts'
import { type JsonObject, objectsOf } from './format/json.ts'
import type { Table } from './format/table.ts'
import type { Resource } from './resources.ts'

export interface Query {
  readonly resource: Resource
  readonly flags: FlagValues<FlagTable>
}

const carriesApplication = ({ tags }: JsonObject, application: string): boolean =>
  objectsOf(tags).some(({ key, value }) => key === 'Application' && value === application)

export function isWanted({ resource: { filter }, flags }: Query, object: JsonObject): boolean {
  const { application } = flags
  if (typeof application === 'string' && application !== '' && !carriesApplication(object, application)) return false
  const wanted = filter && flags[filter.flag]
  return !filter || !wanted || object[filter.key] === wanted
}

const revealsAll = ({ resource: { withheld }, flags }: Query): boolean =>
  withheld !== undefined && flags[withheld.flag] === true

export const formatOf = (query: Query, asked: ObjectFormat): ObjectFormat =>
  revealsAll(query) && query.resource.withheld?.columns === undefined ? 'json' : asked

/** A list as `get` asks for it. */
export const requestOf = (query: Query, path: readonly string[], format: ObjectFormat): ApiRequest => {
  const { path: collection, tableQuery } = query.resource
  const isTable = path.length === collection.length && format === 'table'
  return { method: 'GET', path, ...(isTable && tableQuery && { query: tableQuery }) }
}

export function planTable(query: Query, objects: readonly JsonObject[], view: View): Table {
  const { columns: ownColumns, wideColumns = [], ruled = false, withheld } = query.resource
  const shown = view.isWide ? [...ownColumns, ...wideColumns] : ownColumns
  const columns = [...shown, ...(((revealsAll(query) || view.isWide) && withheld?.columns) || [])]
  const rows = objects.map(object => columns.map(column => column.cell(object, view)))
  return { titles: columns.map(({ title }) => title), rows, ruled }
}

/** Of what the table withholds. */
export function noteOf(query: Query, { isWide }: Pick<View, 'isWide'>): string {
  const { withheld } = query.resource
  const isShown = revealsAll(query) || (isWide && withheld?.columns !== undefined)
  return isShown ? '' : (withheld?.note ?? '')
}
