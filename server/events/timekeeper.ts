/** Keeps a schedule: emits an event for each of its times, and remembers with them how far it has come. */
import type { WallClock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { EventStore } from '../store/event-port.ts'
import type { HostedDriver } from './built-in-types.ts'
import type { Bus, EmittedEvent } from './bus.ts'
import type { Schedule } from './schedule.ts'
import { type CatchUp, planSlots } from './slots.ts'

/** What the settings of a driver ask for. */
export interface Timetable {
  schedule: Schedule
  /** Text of the schedule: with another one, times begin anew. */
  scheduleText: string
  catchUp: CatchUp
  /** The events of the times, which are Unix milliseconds. */
  render(driver: HostedDriver, slotsMs: readonly number[]): EmittedEvent[]
}

export interface TimekeeperDependencies {
  wall: WallClock
  emit: Bus['emit']
  marks: Pick<EventStore, 'mark' | 'removeMark'>
}

/** That the clock was set shows only to who looks at it; and timers know no more than 24 days. */
const maxPauseMs = 30_000
const retryMs = 10_000

/** Returns what ends it. */
export function startTimekeeper(driver: HostedDriver, timetable: Timetable, deps: TimekeeperDependencies) {
  const { wall, emit, marks } = deps
  const { schedule, scheduleText, catchUp } = timetable
  let settledMs: number | undefined
  let hasEnded = false
  let cancel = (): void => undefined

  /** All in one write: a crash neither loses a time nor repeats it. */
  const settle = async (slotsMs: readonly number[], upToMs: number): Promise<void> => {
    const mark = { key: driver.id, value: JSON.stringify([scheduleText, upToMs]) }
    await emit(driver.org, timetable.render(driver, slotsMs), mark)
    settledMs = upToMs
  }

  async function begin(): Promise<number> {
    const [text, upToMs] = JSON.parse((await marks.mark(driver.id)) ?? '[]')
    if (text === scheduleText) return Number(upToMs)
    const nowMs = wall.nowMs()
    await settle([], nowMs)
    return nowMs
  }

  /** Returns how long there is nothing to do. */
  async function look(): Promise<number> {
    settledMs ??= await begin()
    const plan = planSlots(schedule, catchUp, { settledMs, nowMs: wall.nowMs() })
    if (plan.settledMs !== settledMs) await settle(plan.due, plan.settledMs)
    const leftMs = (plan.nextMs ?? Number.POSITIVE_INFINITY) - wall.nowMs()
    return Math.min(Math.max(leftMs, 0), maxPauseMs)
  }

  async function turn(): Promise<void> {
    let pauseMs = retryMs
    try {
      pauseMs = await look()
      driver.report(undefined)
    } catch (thrown) {
      driver.report(`its events cannot be emitted: ${messageOf(thrown)}; it is tried again`)
    }
    if (hasEnded) return
    cancel = wall.ring(pauseMs, () => {
      work = turn()
    })
  }

  let work = turn()
  return async (): Promise<void> => {
    hasEnded = true
    cancel()
    await work
  }
}
