/** Owns `get KIND [NAME] --watch`: the table, then what changes in it. */
import { findChanges, type Listing, listingOf, type Seen } from '../changes.ts'
import type { ApiClient, ApiRequest } from '../client.ts'
import type { Invocation } from '../command.ts'
import { Failure, isNotFound } from '../failure.ts'
import { createGrowingTable } from '../format/growing-table.ts'
import { type Json, objectOf, renderJson } from '../format/json.ts'
import { shape } from '../format/model.ts'
import { formatOf, isWanted, noteOf, planTable, type Query, requestOf } from '../listing.ts'

const periodMs = 1000

interface Watch {
  readonly query: Query
  readonly request: ApiRequest
  readonly client: ApiClient
}

/** One that is watched by its name may go, and come again. */
async function loadListing({ query, request, client }: Watch, mayBeGone: boolean): Promise<Listing> {
  const isOne = request.path.length > query.resource.path.length
  let answer: Json = []
  try {
    answer = await client.request(request)
  } catch (thrown) {
    if (!(isOne && mayBeGone && isNotFound(thrown))) throw thrown
  }
  const objects = (Array.isArray(answer) ? answer : [answer]).map(objectOf)
  return listingOf(isOne ? objects : objects.filter(object => isWanted(query, object)))
}

const asLines = (news: readonly Seen[], { resource }: Query): string =>
  news
    .map(({ change, object }) => `${renderJson({ change, object: shape(resource.model, object, 'json') })}\n`)
    .join('')

/** Prints what is given to it; the first time even when that is nothing. */
async function createPrinter(query: Query, { session, io }: Invocation): Promise<(news: readonly Seen[]) => void> {
  const settings = await session.settings()
  const format = formatOf(query, settings.output)
  if (format === 'yaml') throw new Failure('objects are watched as a table, or with -o json')
  if (format === 'json') return news => void io.stdout.write(asLines(news, query))
  const growing = createGrowingTable()
  const colored = await session.isColored()
  io.stdout.write(noteOf(query, settings))
  return news => {
    const objects = news.map(({ object }) => object)
    const { titles, rows, ruled } = planTable(query, objects, { ...settings, zone: io.timeZone })
    const changes = news.map(({ change }) => (change === 'present' ? '' : change))
    const withChange = rows.map((row, index) => [...row, changes[index] ?? ''])
    io.stdout.write(growing.render({ titles: [...titles, 'CHANGE'], rows: withChange, ruled: ruled === true, colored }))
  }
}

/** Ends by an interruption only, and then with 1, as --follow does. */
export async function watchResource(query: Query, path: readonly string[], invocation: Invocation): Promise<number> {
  const { session, io } = invocation
  const print = await createPrinter(query, invocation)
  const { output } = await session.settings()
  const watch = { query, request: requestOf(query, path, formatOf(query, output)), client: await session.client() }
  let before: Listing | undefined
  try {
    while (!io.interrupted.aborted) {
      const after = await loadListing(watch, before !== undefined)
      const news = findChanges(before, after)
      if (before === undefined || news.length > 0) print(news)
      before = after
      await io.pause(periodMs)
    }
  } catch (thrown) {
    if (!io.interrupted.aborted) throw thrown
  }
  return 1
}
