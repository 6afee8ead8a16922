/** Decides which times of a schedule have come, and which of those that were missed still count. Pure. */
import type { Schedule } from './schedule.ts'

/** What becomes of times that passed while nobody looked: none counts, the last one does, or all do. */
export const catchUps = ['none', 'last', 'all'] as const
export type CatchUp = (typeof catchUps)[number]

/** Unix milliseconds. */
export interface Moment {
  /** Up to then everything is settled. */
  settledMs: number
  nowMs: number
}

export interface SlotPlan {
  /** Oldest first. */
  due: number[]
  /** What is settled once they are. */
  settledMs: number
  /** When the next one comes. */
  nextMs: number | undefined
}

/** A clock that was set back by less only stands still for a while; by more, the time before was wrong. */
const wrongMs = 3 * 3_600_000
/** What is looked at so late was not missed. */
const onTimeMs = 10_000
/** Of those that were missed, the last ones. */
export const maxCaughtUp = 100

/** `nextMs`: the first that has come. */
function pickDue(schedule: Schedule, catchUp: CatchUp, { nextMs, nowMs }: { nextMs: number; nowMs: number }): number[] {
  const passed = schedule.before(nowMs + 1, catchUp === 'all' ? maxCaughtUp : 1).filter(ms => ms >= nextMs)
  if (catchUp !== 'none') return passed
  return passed.filter(ms => nowMs - ms <= onTimeMs)
}

export function planSlots(schedule: Schedule, catchUp: CatchUp, { settledMs, nowMs }: Moment): SlotPlan {
  const sinceMs = settledMs - nowMs > wrongMs ? nowMs : settledMs
  const nextMs = schedule.next(sinceMs)
  if (nextMs === undefined || nextMs > nowMs) return { due: [], settledMs: sinceMs, nextMs }
  const due = pickDue(schedule, catchUp, { nextMs, nowMs })
  return { due, settledMs: due.at(-1) ?? sinceMs, nextMs: schedule.next(nowMs) }
}
