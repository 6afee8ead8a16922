/** Makes firewall, set-up page and SSH fit a state: the firewall first, so that what is stopped is out of reach before it ends. */

import type { Files } from '../firstboot/files.ts'
import { firewallFile, loadFirewall, renderFirewall } from '../firstboot/plan/firewall.ts'
import { planFile } from '../firstboot/plan/step.ts'
import type { Ran, Run } from '../run.ts'
import type { Wanted } from './agent.ts'

export interface EnactParts {
  readonly run: Run
  readonly files: Files
  /** `ssh.service`, or what the base calls it. */
  readonly sshUnit: string
}

const setupUnit = 'dispatch-setup.service'

function expectSuccess(argv: readonly string[], { exitCode, stderr }: Ran): void {
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} exited with ${exitCode}: ${stderr.trim()}`)
}

/** Jobs are only queued: what they wait for may wait for the agent. */
const planUnit = (unit: string, isWanted: boolean): readonly string[] => [
  ...['systemctl', '--no-block', isWanted ? 'start' : 'stop'],
  unit,
]

export function createEnact({ run, files, sshUnit }: EnactParts): (wanted: Wanted) => Promise<void> {
  return async ({ state, isSshOpen, needsHttp }) => {
    const text = renderFirewall(state, { ssh: isSshOpen, http: needsHttp })
    await files.write(planFile({ path: firewallFile, text, why: `what the network reaches in the state ${state}` }))
    const commands = [loadFirewall, planUnit(setupUnit, state === 'unclaimed'), planUnit(sshUnit, isSshOpen)]
    for (const argv of commands) expectSuccess(argv, await run(argv))
  }
}
