/** Removes events that are too old or too many, but none that waits for a subscription, and gives up what waits behind too many. */
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'
import { batchLength, createSweeping, type RetentionLimits, type Sweeping, type SweepRound } from '../core/sweeping.ts'
import type { EventAge, EventStore } from '../store/event-port.ts'

export interface EventSweeperDependencies {
  events: Pick<EventStore, 'nextOrg' | 'nextSubscription' | 'ages' | 'idBehind' | 'giveUp' | 'remove'>
  /** Done first. */
  resync(): Promise<void>
  clock: Clock
  log: Log
  /** `count` is of each organization. */
  retention: RetentionLimits
  /** How many deliveries may wait for one subscription. */
  maxWaiting: number
  /** Between two looks at all events. */
  periodMs: number
}

/** However old, so many of an organization's newest events stay: a clock that once jumps ahead does not empty the history. */
const keptWhateverAge = 100

/** What is before these goes; undefined: nothing goes because of it. */
interface Cutoff {
  /** Id of the last event that the count keeps. */
  byCount: string | undefined
  byAge: { id: string; emittedNs: bigint } | undefined
}

const isBefore = ({ id, emittedNs }: EventAge, { byCount, byAge }: Cutoff): boolean =>
  (byCount !== undefined && id < byCount) || (byAge !== undefined && id < byAge.id && emittedNs < byAge.emittedNs)

export function createEventSweeper(deps: EventSweeperDependencies): Sweeping {
  const { events, resync, clock, log, retention, maxWaiting, periodMs } = deps
  const { ageMs, count } = retention

  const planCutoff = async (org: string): Promise<Cutoff> => {
    const newestBut = (skip: number) => events.idBehind(org, skip)
    const id = ageMs > 0 ? await newestBut(keptWhateverAge - 1) : undefined
    return {
      byCount: count > 0 ? await newestBut(count - 1) : undefined,
      byAge: id === undefined ? undefined : { id, emittedNs: clock.nowNs() - BigInt(ageMs) * 1_000_000n },
    }
  }

  const giveUpReason = `given up: ${maxWaiting} later deliveries wait for the subscription; retry it once they are done`

  const bound = async (subscriptionId: string, { inBatches }: SweepRound): Promise<void> => {
    const excess = { keep: maxWaiting, limit: batchLength, reason: giveUpReason }
    let count = 0
    await inBatches(async () => {
      const givenUp = await events.giveUp(subscriptionId, excess)
      count += givenUp
      return givenUp === batchLength
    })
    if (count > 0)
      log.warn(
        { subscription: subscriptionId, count },
        'more waits for a subscription than may: the oldest is given up',
      )
  }

  /** From the oldest on, past what waits, up to the first that stays. */
  const retain = async (org: string, { inBatches }: SweepRound): Promise<void> => {
    const cutoff = await planCutoff(org)
    let after = ''
    await inBatches(async () => {
      const page = await events.ages(org, { after, limit: batchLength })
      const old = page.filter(age => isBefore(age, cutoff))
      const gone = old.filter(({ waits }) => !waits).map(({ id }) => id)
      if (gone.length > 0) await events.remove(gone)
      after = page.at(-1)?.id ?? after
      return old.length === batchLength
    })
  }

  return createSweeping({
    sweep: async round => {
      await resync()
      for (let id = await events.nextSubscription(); id && !round.isEnding(); id = await events.nextSubscription(id))
        await bound(id, round)
      if (ageMs === 0 && count === 0) return
      for (let org = await events.nextOrg(); org !== undefined && !round.isEnding(); org = await events.nextOrg(org))
        await retain(org, round)
    },
    onError: thrown => log.warn({ cause: messageOf(thrown) }, 'old events could not be removed; it is tried again'),
    periodMs,
  })
}
