/** Owns `get events`: events that the server has stored, and with --follow the ones that come. */

import { atMost, defineCommand } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { pickFlags, planEventTable, planList, planOne } from '../events.ts'
import { Failure } from '../failure.ts'
import { storedEvent } from '../format/models.ts'
import { renderTable } from '../format/table.ts'
import { renderObject } from '../output.ts'

export const command = defineCommand({
  usage: '[EVENT_ID]',
  description: 'Show events, the newest first, and how many of their deliveries wait, are done, or are dead.',
  examples: ['dispatch get events', 'dispatch get events --dead', 'dispatch get events --type user.created --follow'],
  arity: atMost(1),
  completes: ['events'],
  waitsForever: true,
  flags: {
    ...pickFlags,
    limit: { kind: 'integer', value: 'COUNT', summary: 'only so many of the newest, up to 1000' },
    before: { kind: 'text', value: 'EVENT_ID', summary: 'only events older than this one' },
    follow: {
      kind: 'toggle',
      short: 'f',
      summary: 'go on printing events that come, the newest last, until interrupted',
    },
  },
  async run(invocation) {
    const {
      args: [id],
      flags,
      session,
      io,
    } = invocation
    const settings = await session.settings()
    const { output } = settings
    const client = await session.client()
    if (flags.follow) {
      if (id !== undefined) throw new Failure('--follow is for the events that come, not for one event')
      const { followEvents } = await import('../follow-events.ts')
      await followEvents({ client, output: formatWithoutNames(settings), flags }, invocation)
      return 0
    }
    const answer = await client.request(id === undefined ? planList(flags, flags) : planOne(id))
    if (output !== 'table') io.stdout.write(await renderObject(answer, storedEvent, output))
    else io.stdout.write(renderTable(planEventTable([answer].flat(), io.timeZone)))
    return 0
  },
})
