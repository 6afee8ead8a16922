/** Brings event drivers to what is wanted: their secrets are read, their runner does the rest, the store says how it went. */
import type { Clock } from '../core/clock.ts'
import { isEntry, messageOf } from '../core/errors.ts'
import type { SecretReader } from '../core/ports.ts'
import { parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Collection } from '../store/port.ts'
import { programOf } from './built-in-types.ts'
import { type DriverRunner, type DriverState, settingsOf } from './driver-runner.ts'
import type { DriverRunners } from './driver-runners.ts'
import type { Driver } from './driver-schema.ts'

export interface DriverDependencies {
  drivers: Collection<Driver>
  secrets: SecretReader
  runners: DriverRunners
  clock: Clock
  wakeLater(key: string, ms: number): void
}

export function createDriverReconcile(deps: DriverDependencies): (key: string) => Promise<void> {
  const { drivers, secrets, runners, clock, wakeLater } = deps
  /** Only what the caller can mend is told; the machine's failures are tried again. */
  const readSecrets = ({ org, secrets: names }: Driver) =>
    secrets.read(org, names).then(
      values => ({ values }),
      thrown => {
        if (isEntry(thrown, 'SEAL_BROKEN')) return { failure: messageOf(thrown) }
        if (!isEntry(thrown, 'NOT_FOUND')) throw thrown
        return { failure: `[Code: 404] ${messageOf(thrown)}` }
      },
    )

  async function run(driver: Driver, runner: DriverRunner | undefined): Promise<DriverState> {
    if (!runner)
      return { is: 'failed', reason: `err running driver ${programOf(driver)}: its type is not built in any more` }
    const read = await readSecrets(driver)
    if ('values' in read) return await runner.run({ driver, settings: settingsOf(driver), secrets: read.values })
    await runner.end(driver.id)
    return { is: 'failed', reason: `err getting secrets of driver ${programOf(driver)}: ${read.failure}` }
  }

  return async key => {
    const { org, name } = parseKey(key)
    const found = await drivers.peek(org, name)
    if (!found) return
    // Only what goes away can do without what is secret of it.
    const entity = found.status === 'DELETING' ? found : await drivers.get(org, name)
    if (!entity) return
    const runner = entity.status === 'DELETING' ? undefined : runners.of(entity)
    // An update may have given it another type, with another runner.
    if (entity.status === 'DELETING' || entity.status === 'UPDATING') await runners.endBut(runner, entity.id)
    if (entity.status === 'DELETING') {
      await runners.of(entity)?.forget?.(entity.id)
      return void (await drivers.remove(org, name))
    }
    const state = await run(entity, runner)
    await settle(drivers, clock, { entity, to: outcomeOf(state, entity) })
    if ('againMs' in state && state.againMs !== undefined) wakeLater(key, state.againMs)
  }
}

function outcomeOf(state: DriverState, { status }: Driver): Partial<Driver> {
  if (state.is === 'ready') return { status: 'READY', reason: null, url: state.url ?? null }
  if (state.is === 'failed') return { status: 'ERROR', reason: [state.reason] }
  return { status, reason: state.reason === undefined ? null : [state.reason] }
}
