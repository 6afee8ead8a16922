/** Which units of systemd have failed, looked at now and then: what the server says of itself and of Docker is looked at often enough. */
import type { Run } from '../run.ts'
import { serverUnits } from './health.ts'
import type { Health } from './status.ts'

export interface FailedUnitsParts {
  readonly run: Run
  monotonicMs(): number
}

/** While none has failed; the first time only then, for while the machine starts there is enough to do. */
export const failedUnitsMs = 60_000
const systemdMs = 5000

/** Not those of people who are logged in, nor of `systemd-run`, whose programs are their users' own. */
const ofUsers = /^(user@|user-runtime-dir@|run-)/
const types = 'service,socket,mount,timer'
const listing = ['systemctl', 'list-units', '--state=failed', `--type=${types}`, '--plain', '--no-legend']

async function findFailed(run: Run): Promise<readonly Health[]> {
  const { stdout } = await run(listing, { timeoutMs: systemdMs })
  const units = stdout.split('\n').flatMap(line => line.trim().split(/\s+/)[0] || [])
  const others = units.filter(unit => !Object.values(serverUnits).includes(unit) && !ofUsers.test(unit))
  if (others.length === 0) return []
  const next = `see \`systemctl status ${others[0]}\`; what does no harm is forgotten by \`systemctl reset-failed\``
  return [
    { name: 'units', ok: false, text: `${others.join(', ')} ${others.length > 1 ? 'have' : 'has'} failed: ${next}` },
  ]
}

/** One row while something has failed, none while nothing has. */
export function createFailedUnits({ run, monotonicMs }: FailedUnitsParts): () => Promise<readonly Health[]> {
  let found: readonly Health[] = []
  let nextMs = monotonicMs() + failedUnitsMs
  return async () => {
    if (monotonicMs() < nextMs) return found
    found = await findFailed(run)
    // Whoever mends it wants to see that at once.
    nextMs = found.length > 0 ? 0 : monotonicMs() + failedUnitsMs
    return found
  }
}
