/** Owns `describe event`: an event, and what became of each of its deliveries. */
import type { ApiClient } from '../client.ts'
import { atMost, defineCommand } from '../command.ts'
import { pickFlags, planList, planOne, renderDelivery } from '../events.ts'
import { Failure } from '../failure.ts'
import type { FlagValues } from '../flag.ts'
import { renderNanoseconds, type Zone } from '../format/dates.ts'
import { integerOf, type JsonObject, objectOf, objectsOf, textOf } from '../format/json.ts'
import { storedEvent } from '../format/models.ts'
import { cleanText } from '../format/terminal.ts'
import { renderYaml } from '../format/yaml.ts'
import { renderObject } from '../output.ts'

async function findNewest(client: ApiClient, flags: FlagValues<typeof pickFlags>): Promise<string> {
  const [newest] = objectsOf(await client.request(planList(flags, { limit: 1n, before: '' })))
  if (!newest) throw new Failure('there is no such event')
  return textOf(newest.id)
}

function renderText({ emittedTime = null, counts: _, deliveries, ...rest }: JsonObject, zone: Zone): string {
  const told = objectsOf(deliveries).map(each => [textOf(each.subscription), renderDelivery(each, zone)] as const)
  const emitted = renderNanoseconds(integerOf(emittedTime), zone)
  const outcome = told.length > 0 ? Object.fromEntries(told) : 'none, for no subscription matched it'
  return cleanText(renderYaml({ ...rest, emittedTime: emitted, deliveries: outcome }))
}

export const command = defineCommand({
  usage: '[EVENT_ID]',
  description:
    'Show everything about an event, the newest one without an id: its fields, and for each subscription what became of it, and why.',
  examples: ['dispatch describe event', 'dispatch describe event --dead'],
  arity: atMost(1),
  completes: ['events'],
  flags: pickFlags,
  async run({ args: [id], flags, session, io }) {
    const { output } = await session.settings()
    const client = await session.client()
    const answer = await client.request(planOne(id ?? (await findNewest(client, flags))))
    const isText = output === 'table'
    io.stdout.write(
      isText ? renderText(objectOf(answer), io.timeZone) : await renderObject(answer, storedEvent, output),
    )
    return 0
  },
})
