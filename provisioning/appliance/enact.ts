/** Makes firewall, set-up page and SSH fit a state: the firewall first, so that what is stopped is out of reach before it ends. */

import type { Files } from '../firstboot/files.ts'
import { firewallFile, loadFirewall, renderFirewall } from '../firstboot/plan/firewall.ts'
import { planFile } from '../firstboot/plan/step.ts'
import type { Ran, Run } from '../run.ts'
import type { Wanted } from './agent.ts'

export interface EnactParts {
  readonly run: Run
  readonly files: Files
  /** What the base calls it, which is known once settings were applied. */
  sshUnit(): string
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

const setupWanted = ({ state }: Wanted): boolean => state === 'unclaimed'

const systemdMs = 5000

/** What only starts or ends is on its way; what was not asked to run may have failed. */
const running = ['active', 'activating', 'reloading', 'refreshing']
const resting = ['inactive', 'failed', 'deactivating']

/** Whether the rules are loaded, and each unit runs or rests as it should. */
export function createInForce({
  run,
  sshUnit,
}: Pick<EnactParts, 'run' | 'sshUnit'>): (wanted: Wanted) => Promise<boolean> {
  return async wanted => {
    const { exitCode } = await run(['nft', 'list', 'table', 'inet', 'dispatch'], { timeoutMs: systemdMs })
    const asked = [setupUnit, sshUnit()]
    const { stdout } = await run(['systemctl', 'is-active', ...asked], { timeoutMs: systemdMs })
    const states = stdout.split('\n')
    const isAs = (isWanted: boolean, found = ''): boolean => (isWanted ? running : resting).includes(found)
    return exitCode === 0 && isAs(setupWanted(wanted), states[0]) && isAs(wanted.isSshOpen, states[1])
  }
}

export function createEnact({ run, files, sshUnit }: EnactParts): (wanted: Wanted) => Promise<void> {
  return async wanted => {
    const { state, isSshOpen, needsHttp } = wanted
    const text = renderFirewall(state, { ssh: isSshOpen, http: needsHttp })
    await files.write(planFile({ path: firewallFile, text, why: `what the network reaches in the state ${state}` }))
    const commands = [loadFirewall, planUnit(setupUnit, setupWanted(wanted)), planUnit(sshUnit(), isSshOpen)]
    for (const argv of commands) expectSuccess(argv, await run(argv))
  }
}
