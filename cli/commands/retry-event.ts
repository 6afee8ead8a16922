/** Owns `retry event`: what was given up is tried again. */
import type { ApiClient } from '../client.ts'
import { anyNumber, defineCommand } from '../command.ts'
import { eventPath, pickFlags, planList } from '../events.ts'
import { isConflict, isNotFound, UsageError } from '../failure.ts'
import type { FlagValues } from '../flag.ts'
import { objectsOf, textOf } from '../format/json.ts'

const pageSize = 100n

/** From the newest to the oldest, once each: what dies again meanwhile does not come back. */
async function* listDead(client: ApiClient, flags: FlagValues<typeof pickFlags>): AsyncGenerator<string> {
  for (let before = ''; ; ) {
    const page = objectsOf(await client.request(planList(flags, { limit: pageSize, before })))
    const ids = page.map(({ id }) => textOf(id))
    yield* ids
    const last = ids.at(-1)
    // A page may be short without being the last one.
    if (last === undefined) return
    before = last
  }
}

export const command = defineCommand({
  usage: '(EVENT_ID... | --dead)',
  description: 'Try again, at once, what of an event is dead or waits; what was delivered is not delivered again.',
  examples: ['dispatch retry event 01a20d76-6e31-7986-b2b7-4c460a224a6e', 'dispatch retry events --dead'],
  arity: anyNumber,
  completes: ['events'],
  flags: { ...pickFlags, dead: { kind: 'toggle', summary: 'all events with a delivery that was given up' } },
  async run({ args, flags, session }) {
    if (flags.dead === args.length > 0) throw new UsageError('name events, or all that are dead by --dead')
    const client = await session.client()
    let count = 0
    for await (const id of flags.dead ? listDead(client, flags) : args) {
      try {
        await client.request({ method: 'POST', path: [...eventPath, id, 'retry'] })
      } catch (thrown) {
        // Nothing of it is dead any more, or it is gone.
        if (flags.dead && (isConflict(thrown) || isNotFound(thrown))) continue
        throw thrown
      }
      session.report(`event tried again: ${id}`)
      count += 1
    }
    if (count === 0) session.note('Note: no delivery is dead, so nothing was tried again')
    return 0
  },
})
