/** Schedules: the times that an expression stands for, in five or six fields of cron, as @hourly, or as @every 5s. Pure. */
import { Cron } from 'croner'
import { messageOf } from '../core/errors.ts'

/** All times are Unix milliseconds. */
export interface Schedule {
  /** The first time later than that; undefined when none comes. */
  next(afterMs: number): number | undefined
  /** At most `limit` times before that, oldest first. */
  before(beforeMs: number, limit: number): number[]
}

const examples =
  'write for example "30 6 * * 1-5" (minute, hour, day of the month, month, day of the week), "@hourly" or "@every 5s"'
const secondMs = 1000
const unitMs = { h: 3_600_000, m: 60_000, s: secondMs }
const duration = /^(?:(\d{1,5})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?$/

/** Milliseconds of a text such as 1h30m; 0 for any other. */
function parseDurationMs(text: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] = duration.exec(text) ?? []
  return Number(hours) * unitMs.h + Number(minutes) * unitMs.m + Number(seconds) * unitMs.s
}

/** At the multiples of the period since 1970, so that a restart changes nothing. */
export const createPeriod = (periodMs: number): Schedule => ({
  next: afterMs => (Math.floor(afterMs / periodMs) + 1) * periodMs,
  before: (beforeMs, limit) => {
    const last = Math.ceil(beforeMs / periodMs) - 1
    return Array.from({ length: limit }, (_, index) => (last - limit + 1 + index) * periodMs)
  },
})

function createCron(expression: string, timeZone: string): Schedule {
  const cron = new Cron(expression, { timezone: timeZone, paused: true, mode: '5-or-6-parts' })
  return {
    next: afterMs => cron.nextRun(new Date(afterMs))?.getTime(),
    // Croner looks at whole seconds, and takes the one that has begun for passed.
    before: (beforeMs, limit) => {
      const found = cron.previousRuns(limit, new Date(beforeMs)).map(date => date.getTime())
      return found.filter(ms => ms < beforeMs).reverse()
    },
  }
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw new Error(
      `timezone is "${timeZone}", which is none; write for example Europe/Berlin, America/New_York or UTC`,
    )
  }
}

function parseText(expression: string, timeZone: string): Schedule {
  const [, every] = /^@every\s+(\S+)$/.exec(expression) ?? []
  if (every === undefined) {
    const fields = expression.split(/\s+/).length
    if (!expression.startsWith('@') && (fields < 5 || fields > 6))
      throw new Error(`it has ${fields} field${fields === 1 ? '' : 's'}, not 5 or 6`)
    return createCron(expression, timeZone)
  }
  const periodMs = parseDurationMs(every)
  if (periodMs === 0) throw new Error(`"${every}" is no time such as 5s, 10m or 1h30m`)
  return createPeriod(periodMs)
}

/** An Error says what is wrong with either, and shows what is right. */
export function parseSchedule(expression: string, timeZone: string): Schedule {
  checkTimeZone(timeZone)
  try {
    const schedule = parseText(expression.trim(), timeZone)
    if (schedule.next(0) === undefined) throw new Error('no date is like that')
    return schedule
  } catch (thrown) {
    const cause = messageOf(thrown).replace(/^CronPattern: /, '')
    throw new Error(`cron is "${expression}", which is no schedule: ${cause}; ${examples}`, { cause: thrown })
  }
}
