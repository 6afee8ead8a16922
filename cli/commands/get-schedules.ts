/** Owns `get schedules`. */
import { atMost, defineCommand } from '../command.ts'
import { renderTable } from '../format/table.ts'
import { renderObject } from '../output.ts'
import { findSchedule, listSchedules, planScheduleTable, renderSchedule } from '../schedules.ts'

export const command = defineCommand({
  usage: '[NAME]',
  description: 'Show schedules, and when each runs next.',
  examples: ['dispatch get schedules'],
  arity: atMost(1),
  completes: ['schedules'],
  flags: {},
  async run({ args: [name], session, io }) {
    const { output } = await session.settings()
    const client = await session.client()
    const found = name === undefined ? await listSchedules(client) : [await findSchedule(client, name)]
    if (output === 'table') {
      io.stdout.write(renderTable({ ...planScheduleTable(found, io.timeZone), colored: await session.isColored() }))
      return 0
    }
    const shown = found.map(renderSchedule)
    io.stdout.write(await renderObject(name === undefined ? shown : (shown[0] ?? null), {}, output))
    return 0
  },
})
