/** One try to deliver an event to a subscription: a run of its function, and what became of it on disk. */
import { setTimeout as pause } from 'node:timers/promises'
import { planRetryMs } from '../core/backoff.ts'
import { type Clock, msOf } from '../core/clock.ts'
import { DispatchError, type ErrorName, messageOf } from '../core/errors.ts'
import type { RunErrorType } from '../core/execution.ts'
import { memberText } from '../core/json.ts'
import type { CallEnd, Invoker, Log } from '../core/ports.ts'
import type { DeliveryProgress, EventStore, WaitingDelivery } from '../store/event-port.ts'
import type { Attempt } from './lane.ts'
import { planProgress, usualRetry } from './retry.ts'
import type { Subscription } from './schema.ts'
import type { EventTally } from './tally.ts'

export interface DeliverDependencies {
  events: Pick<EventStore, 'get' | 'settle'>
  invoker: Pick<Invoker, 'call'>
  clock: Clock
  log: Log
  tally: Pick<EventTally, 'countTry'>
  /** Then nothing is worth waiting for: what is on disk is delivered after the next start. */
  isStopping(): boolean
}

/** No run was begun, and none of another event would be: the delivery keeps its tries. */
const holding = new Set<string>(['NOT_FOUND', 'NOT_READY', 'BUSY', 'DRAINING', 'DISK_FULL'] satisfies ErrorName[])

const isHolding = (thrown: unknown): thrown is DispatchError =>
  thrown instanceof DispatchError && holding.has(thrown.entry)

/** The data is the function's input; null is none. */
function planInput(body: string): { inputJson: string | undefined; event: object } {
  const { data, id: _, tags: __, 'emitted-time': ___, ...event } = JSON.parse(body)
  const inputJson = data === null ? undefined : memberText(body, 'data', data)
  return { inputJson, event: { ...event, data: null } }
}

/** A defect of ours, which counts as a try: it may come with each run of this event. */
const failedBy = (thrown: unknown): Omit<CallEnd, 'runName'> & { runName: null } => ({
  runName: null,
  outcome: {
    ok: false,
    error: { type: 'SystemError' satisfies RunErrorType, message: messageOf(thrown), stacktrace: null },
    logs: { stdout: null, stderr: null },
  },
})

/** `onEnded` is called when the run has ended, before what became of it is on disk. */
export type Deliver = (subscription: Subscription, delivery: WaitingDelivery, onEnded: () => void) => Promise<Attempt>

export function createDeliver({ events, invoker, clock, log, tally, isStopping }: DeliverDependencies): Deliver {
  /** The run has ended: what became of it is kept until there is room for it. */
  const settle = async (key: { eventId: string; subscriptionId: string }, progress: DeliveryProgress) => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await events.settle(key, progress)
      } catch (thrown) {
        if (!isHolding(thrown) || isStopping()) throw thrown
        log.error({ event: key.eventId, cause: messageOf(thrown) }, 'a delivery that has ended could not be recorded')
        await pause(planRetryMs(failures), undefined, { ref: false })
      }
    }
  }

  return async ({ org, id: subscriptionId, functionName, secrets, retry }, { eventId, tries }, onEnded) => {
    const event = await events.get(org, eventId)
    if (!event) return { end: 'over' }
    let end: CallEnd | ReturnType<typeof failedBy>
    try {
      end = await invoker.call({ org, functionName, ...planInput(event.body), ...(secrets.length > 0 && { secrets }) })
    } catch (thrown) {
      if (isHolding(thrown)) {
        const { retryAfterSeconds } = thrown
        const pauseMs = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000
        return { end: 'held', reason: thrown.message, pauseMs }
      }
      log.error({ event: eventId, err: thrown }, 'an event could not be delivered')
      end = failedBy(thrown)
    }
    onEnded()
    const nowNs = clock.nowNs()
    const progress = planProgress(end, { retry: { ...usualRetry, ...retry }, tries, nowMs: msOf(nowNs) })
    await settle({ eventId, subscriptionId }, progress)
    tally.countTry(progress.state, Number(nowNs - event.emittedNs) / 1e9)
    return progress.state === 'waiting' ? { end: 'later', dueMs: progress.dueMs } : { end: 'over' }
  }
}
