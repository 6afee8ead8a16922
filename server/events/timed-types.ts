/** The built-in driver types that emit events at certain times: `cron` and `ticker`. */
import type { Tag } from '../core/entity.ts'
import { messageOf } from '../core/errors.ts'
import { compactText } from '../core/json.ts'
import type { Log } from '../core/ports.ts'
import type { BuiltInType, HostedDriver, HostedType } from './built-in-types.ts'
import type { EmittedEvent } from './bus.ts'
import { renderEmission, renderEventTime } from './emission.ts'
import { createPeriod, parseSchedule } from './schedule.ts'
import { catchUps } from './slots.ts'
import { startTimekeeper, type TimekeeperDependencies, type Timetable } from './timekeeper.ts'

type Settings = Readonly<Record<string, string>>

interface TimedType {
  name: string
  /** Settings of its drivers that do not say otherwise. */
  config: Tag[]
  /** All that its drivers may have. */
  settings: readonly string[]
  /** An Error says what is wrong with them. */
  parse(settings: Settings, log: Log): Timetable
}

interface Sent {
  eventType: string
  source: string
  /** JSON text. */
  dataJson?: string | undefined
}

/** The id of an event is that of its driver and its time: what is emitted again has the same one. */
function renderEvent({ id }: HostedDriver, slotMs: number, { eventType, source, dataJson }: Sent): EmittedEvent {
  const time = new Date(slotMs).toISOString()
  const emission = {
    ...{ cloudEventsVersion: '0.1', eventType, source },
    eventID: `${id}/${time}`,
    eventTime: renderEventTime(time),
    ...(dataJson !== undefined && { contentType: 'application/json' }),
  }
  return { emission, text: renderEmission(emission, dataJson) }
}

function parseDataJson(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  try {
    return compactText(text, JSON.parse(text))
  } catch (thrown) {
    throw new Error(`data is no JSON: ${messageOf(thrown)}; a text has quotes: "hello"`, { cause: thrown })
  }
}

function parseCatchUp(text = ''): Timetable['catchUp'] {
  const found = catchUps.find(each => each === text)
  if (!found) throw new Error(`catch-up is "${text}": it must be ${catchUps.join(', ')}`)
  return found
}

const cron: TimedType = {
  name: 'cron',
  config: [
    { key: 'timezone', value: 'UTC' },
    { key: 'catch-up', value: 'last' },
    { key: 'event-type', value: 'cron.fired' },
  ],
  settings: ['cron', 'timezone', 'catch-up', 'event-type', 'source', 'data'],
  parse: settings => {
    const { cron: expression = '', timezone = '', source, data, 'event-type': eventType = '' } = settings
    const schedule = parseSchedule(expression, timezone)
    if (!/^[\w.-]{1,128}$/.test(eventType))
      throw new Error(`event-type is "${eventType}": up to 128 letters, numbers, dots, dashes and underscores`)
    const dataJson = parseDataJson(data)
    const sentBy = ({ name }: HostedDriver): Sent => ({ eventType, source: source || name, dataJson })
    return {
      schedule,
      scheduleText: `${expression} ${timezone}`,
      catchUp: parseCatchUp(settings['catch-up']),
      render: (driver, slotsMs) => slotsMs.map(slotMs => renderEvent(driver, slotMs, sentBy(driver))),
    }
  },
}

const isOn = (flag: string | undefined): boolean => flag !== undefined && !/^(0|f|false)$/i.test(flag)

/** With the settings of dispatchframework/ticker. */
const ticker: TimedType = {
  name: 'ticker',
  config: [{ key: 'seconds', value: '60' }],
  settings: ['seconds', 'source', 'debug', 'dryrun'],
  parse: ({ seconds = '', source, debug, dryrun }, log) => {
    if (!/^[1-9]\d{0,8}$/.test(seconds)) throw new Error(`seconds is "${seconds}": write a whole number such as 60`)
    return {
      schedule: createPeriod(Number(seconds) * 1000),
      scheduleText: seconds,
      catchUp: 'none',
      render: (driver, slotsMs) => {
        if (isOn(debug) && slotsMs.length > 0)
          log.info({ org: driver.org, driver: driver.name, slotsMs }, 'ticker.tick')
        if (isOn(dryrun)) return []
        return slotsMs.map(slotMs =>
          renderEvent(driver, slotMs, { eventType: 'ticker.tick', source: source || 'ticker' }),
        )
      },
    }
  },
}

function checkKnown(settings: Settings, known: readonly string[]): void {
  const unknown = Object.keys(settings).find(key => !known.includes(key))
  if (unknown !== undefined) throw new Error(`there is no setting ${unknown}: there are ${known.join(', ')}`)
}

function createHosted(type: TimedType, deps: TimedTypeDependencies): HostedType {
  const parse = (settings: Settings): Timetable => {
    checkKnown(settings, type.settings)
    return type.parse(settings, deps.log)
  }
  return {
    findFault: settings => {
      try {
        parse(settings)
        return undefined
      } catch (thrown) {
        return messageOf(thrown)
      }
    },
    start: driver => startTimekeeper(driver, parse(driver.settings), deps),
    nextMs: (settings, nowMs) => parse(settings).schedule.next(nowMs),
    forget: driverId => deps.marks.removeMark(driverId),
  }
}

export interface TimedTypeDependencies extends TimekeeperDependencies {
  log: Log
}

export const createTimedTypes = (deps: TimedTypeDependencies): BuiltInType[] =>
  [cron, ticker].map(type => ({
    name: type.name,
    config: type.config,
    expose: false,
    runs: { hosted: createHosted(type, deps) },
  }))
