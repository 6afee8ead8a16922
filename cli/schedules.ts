/** Owns what a schedule is: a driver of the type cron and a subscription, both of its name, and an event type of its own. */
import type { ApiClient } from './client.ts'
import { Failure } from './failure.ts'
import { renderDate, type Zone } from './format/dates.ts'
import { integerOf, type Json, type JsonObject, objectsOf, parseJson, textOf, textsOf } from './format/json.ts'
import type { Table } from './format/table.ts'
import { resources } from './resources.ts'

/** One of both may be missing, which delete mends. */
export interface Schedule {
  readonly name: string
  readonly driver: JsonObject | undefined
  readonly subscription: JsonObject | undefined
}

export const eventTypeOf = (name: string): string => `schedule.${name}`

const settingOf = ({ config }: JsonObject, key: string): string =>
  textOf(objectsOf(config).find(setting => setting.key === key)?.value)

const isDriver = (object: JsonObject): boolean =>
  object.type === 'cron' && settingOf(object, 'event-type') === eventTypeOf(textOf(object.name))
const isSubscription = ({ name, eventType }: JsonObject): boolean => eventType === eventTypeOf(textOf(name))

/** By name. */
export async function listSchedules(client: ApiClient): Promise<Schedule[]> {
  const list = async ({ path }: { path: readonly string[] }) => objectsOf(await client.request({ method: 'GET', path }))
  const drivers = new Map((await list(resources.driver)).filter(isDriver).map(it => [textOf(it.name), it]))
  const subscriptions = new Map(
    (await list(resources.subscription)).filter(isSubscription).map(it => [textOf(it.name), it]),
  )
  const names = [...new Set([...drivers.keys(), ...subscriptions.keys()])].sort()
  return names.map(name => ({ name, driver: drivers.get(name), subscription: subscriptions.get(name) }))
}

/** Throws Failure when neither part is there. */
export async function findSchedule(client: ApiClient, name: string): Promise<Schedule> {
  const found = (await listSchedules(client)).find(schedule => schedule.name === name)
  if (!found) throw new Failure(`[Code: 404] schedule ${name} not found`)
  return found
}

function readInput(driver: JsonObject): Json {
  const text = settingOf(driver, 'data')
  try {
    return text === '' ? null : parseJson(text)
  } catch {
    return text
  }
}

function reasonsOf({ driver, subscription }: Schedule): string[] {
  const missing = [driver ? '' : 'its event driver is missing', subscription ? '' : 'its subscription is missing']
  return [...missing, ...textsOf(driver?.reason), ...textsOf(subscription?.reason)].filter(Boolean)
}

/** The first that is not READY tells how the whole is. */
function statusOf({ driver, subscription }: Schedule): string {
  if (!driver || !subscription) return 'ERROR'
  return [driver, subscription].map(({ status }) => textOf(status)).find(status => status !== 'READY') ?? 'READY'
}

/** For other programs. */
export function renderSchedule(schedule: Schedule): JsonObject {
  const { name, driver = {}, subscription = {} } = schedule
  return {
    name,
    kind: 'Schedule',
    status: statusOf(schedule),
    reason: reasonsOf(schedule),
    cron: settingOf(driver, 'cron'),
    timezone: settingOf(driver, 'timezone') || 'UTC',
    catchUp: settingOf(driver, 'catch-up') || 'last',
    function: subscription.function ?? '',
    input: readInput(driver),
    nextRun: driver.nextRun ?? null,
  }
}

/** Empty while none is known. */
export const renderNextRun = (nextRun: Json | undefined, zone: Zone): string =>
  nextRun ? renderDate(integerOf(nextRun), zone) : ''

type Cell = (schedule: JsonObject, zone: Zone) => string
const cells: Readonly<Record<string, Cell>> = {
  NAME: ({ name }) => textOf(name),
  CRON: ({ cron }) => textOf(cron),
  'TIME ZONE': ({ timezone }) => textOf(timezone),
  FUNCTION: schedule => textOf(schedule.function),
  STATUS: ({ status }) => textOf(status),
  'NEXT RUN': ({ nextRun }, zone) => renderNextRun(nextRun, zone),
  REASON: ({ reason }) => textsOf(reason).join(', '),
}

export const planScheduleTable = (schedules: readonly Schedule[], zone: Zone): Table => ({
  titles: Object.keys(cells),
  rows: schedules.map(renderSchedule).map(schedule => Object.values(cells).map(cell => cell(schedule, zone))),
})
