/** Owns `get events --follow`: the events that there are, then each that comes, once, over as many connections as it takes. */
import type { ApiClient } from './client.ts'
import type { Invocation } from './command.ts'
import type { OutputFormat } from './config/settings.ts'
import { followStream, readStream } from './event-stream.ts'
import { eventPath, type pickFlags, planEventTable, planList } from './events.ts'
import { Failure } from './failure.ts'
import type { FlagValues } from './flag.ts'
import { createGrowingTable } from './format/growing-table.ts'
import { type Json, objectOf, objectsOf, parseJson, renderJson, textOf } from './format/json.ts'

/** As many as the server gives in one answer. */
const mostAtOnce = 1000n

export interface EventsFollowed {
  readonly client: ApiClient
  readonly output: OutputFormat
  readonly flags: FlagValues<typeof pickFlags> & { readonly limit: bigint }
}

/** In the order in which they came; ids grow with time. */
function createPrinter({ io }: Pick<Invocation, 'io'>, output: OutputFormat): (events: readonly Json[]) => void {
  const table = createGrowingTable()
  let lastId = ''
  return events => {
    const fresh = events.filter(event => textOf(objectOf(event).id) > lastId)
    lastId = textOf(objectOf(fresh.at(-1)).id) || lastId
    if (output === 'json') io.stdout.write(fresh.map(event => `${renderJson(event)}\n`).join(''))
    else io.stdout.write(table.render(planEventTable(fresh, io.timeZone)))
  }
}

/** A new connection is listened to before it is asked what came in the meantime, so that nothing is missed. */
export async function followEvents(followed: EventsFollowed, { session, io }: Invocation): Promise<void> {
  const { client, output, flags } = followed
  if (output === 'yaml') throw new Failure('events that are followed are shown as a table, or with -o json')
  const print = createPrinter({ io }, output)
  const query = { follow: 'true', ...planList(flags, { limit: 0n, before: '' }).query }
  const read = async (isFirst: boolean) => {
    const chunks = await client.stream({ method: 'GET', path: eventPath, query })
    const page = await client.request(planList(flags, { limit: isFirst ? flags.limit : mostAtOnce, before: '' }))
    print(objectsOf(page).reverse())
    return readStream(chunks, ({ data }) => print([parseJson(data)]))
  }
  await followStream({ io, read, untilEnd: false, note: session.note })
}
