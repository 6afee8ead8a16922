/** Owns `describe schedule`. */
import { defineCommand, exactly } from '../command.ts'
import type { JsonObject } from '../format/json.ts'
import { textOf } from '../format/json.ts'
import { cleanText } from '../format/terminal.ts'
import { renderYaml } from '../format/yaml.ts'
import { renderObject } from '../output.ts'
import { findSchedule, renderNextRun, renderSchedule, type Schedule } from '../schedules.ts'

const renderPart = (part: JsonObject | undefined): string => (part ? textOf(part.status) : 'not there')

/** Both parts, so that it can be told which of them does not do its work. */
const describe = (schedule: Schedule): JsonObject => ({
  ...renderSchedule(schedule),
  driver: renderPart(schedule.driver),
  subscription: renderPart(schedule.subscription),
})

export const command = defineCommand({
  usage: 'NAME',
  description:
    'Show everything about a schedule: when it runs next, and how its event driver and its subscription are.',
  arity: exactly(1),
  completes: ['schedules'],
  flags: {},
  async run({ args: [name = ''], session, io }) {
    const { output } = await session.settings()
    const described = describe(await findSchedule(await session.client(), name))
    const nextRun = renderNextRun(described.nextRun, io.timeZone)
    const told = Object.entries({ ...described, nextRun }).filter(
      ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
    )
    const isText = output === 'table'
    io.stdout.write(
      isText ? cleanText(renderYaml(Object.fromEntries(told))) : await renderObject(described, {}, output),
    )
    return 0
  },
})
