/** Runs drivers of built-in types that are parts of the server. */
import type { HostedType } from './built-in-types.ts'
import { type DriverRunner, type DriverState, fingerprintOf, type WantedDriver } from './driver-runner.ts'

export interface HostedRunnerOptions {
  hosted: HostedType
  /** The driver has something new to tell. */
  wake(driver: { org: string; name: string }): void
}

interface Running {
  fingerprint: string
  problem: string | undefined
  stop(): Promise<void>
}

export function createHostedRunner({ hosted, wake }: HostedRunnerOptions): DriverRunner {
  const running = new Map<string, Running>()

  const end = async (driverId: string): Promise<void> => {
    const found = running.get(driverId)
    running.delete(driverId)
    await found?.stop()
  }

  function start({ driver, settings, secrets }: WantedDriver, fingerprint: string): Running {
    const { id, org, name } = driver
    const entry: Running = { fingerprint, problem: undefined, stop: async () => undefined }
    const report = (problem: string | undefined): void => {
      if (entry.problem === problem) return
      entry.problem = problem
      wake({ org, name })
    }
    entry.stop = hosted.start({ id, org, name, settings, secrets, report })
    running.set(id, entry)
    return entry
  }

  return {
    run: async (wanted): Promise<DriverState> => {
      const { driver, settings, secrets } = wanted
      const fault = hosted.findFault(settings)
      const fingerprint = fingerprintOf(driver.org, driver.name, settings, secrets)
      const present = running.get(driver.id)
      if (fault !== undefined || present?.fingerprint !== fingerprint) await end(driver.id)
      if (fault !== undefined) return { is: 'failed', reason: fault }
      const { problem } = running.get(driver.id) ?? start(wanted, fingerprint)
      return problem === undefined ? { is: 'ready' } : { is: 'failed', reason: problem }
    },
    end,
    forget: async driverId => await hosted.forget?.(driverId),
    close: async () => {
      await Promise.all([...running.keys()].map(end))
    },
  }
}
