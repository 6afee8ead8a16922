/** Owns `delete schedule`. */
import { defineCommand, exactly } from '../command.ts'
import { isNotFound } from '../failure.ts'
import { renderObject } from '../output.ts'
import { resources } from '../resources.ts'
import { findSchedule, renderSchedule } from '../schedules.ts'
import { goneFlags, startPatience, waitUntilGone } from '../wait.ts'

export const command = defineCommand({
  usage: 'NAME',
  description: 'Delete a schedule: its event driver and its subscription, as far as they are there.',
  arity: exactly(1),
  completes: ['schedules'],
  flags: goneFlags,
  async run({ args: [name = ''], flags, session, io }) {
    const { output } = await session.settings()
    const client = await session.client()
    const patience = startPatience(flags, io)
    const schedule = await findSchedule(client, name)
    const parts = [
      ...(schedule.driver ? [resources.driver] : []),
      ...(schedule.subscription ? [resources.subscription] : []),
    ]
    for (const { path } of parts)
      await client.request({ method: 'DELETE', path: [...path, name] }).catch(thrown => {
        if (!isNotFound(thrown)) throw thrown
      })
    if (output === 'table') session.report(`Deleted schedule: ${name}`)
    for (const resource of parts) if (patience) await waitUntilGone({ session, io, resource, name, patience })
    if (output !== 'table') io.stdout.write(await renderObject(renderSchedule(schedule), {}, output))
    return 0
  },
})
