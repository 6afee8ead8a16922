/** The table as it is now: swapped as a whole when an API has changed, and never older than the answer to that change. */
import type { ApiReader, ServedApi } from '../core/ports.ts'
import { createTable, type Table } from './table.ts'

export interface LiveTable {
  /** Reads all APIs; to be called once, before the first request. */
  load(): Promise<void>
  /** To be called when the API was written or removed. */
  follow(org: string, name: string): Promise<void>
  /** A promise while a change is being read. */
  current(): Table | Promise<Table>
  /** How many APIs are served. */
  size(): number
}

/** Neither has a slash in it. */
const keyOf = (org: string, name: string): string => `${org}/${name}`
const isSame = (a: ServedApi | undefined, b: ServedApi | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)

export function createLiveTable(apis: ApiReader): LiveTable {
  const served = new Map<string, ServedApi>()
  let table: Table | undefined
  /** Changes are read one after the other, so that the last one of an API wins. */
  let settled: Promise<void> = Promise.resolve()
  let unread = 0

  const keep = (key: string, api: ServedApi | undefined): void => {
    // Most writes only change a status.
    if (isSame(served.get(key), api)) return
    if (api) served.set(key, api)
    else served.delete(key)
    table = undefined
  }

  const current: LiveTable['current'] = () => {
    if (unread > 0) return settled.then(current)
    table ??= createTable([...served.values()])
    return table
  }

  return {
    current,
    size: () => served.size,
    load: async () => {
      for (const api of await apis.list()) keep(keyOf(api.org, api.name), api)
    },
    follow: (org, name) => {
      unread += 1
      const reading = settled.then(async () => keep(keyOf(org, name), await apis.find(org, name)))
      settled = reading
        .catch(() => undefined)
        .then(() => {
          unread -= 1
        })
      return reading
    },
  }
}
