/** An agent with its own sockets, settings and claims, and commands that ask it; no machine is behind it. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { Administrator } from '../../../provisioning/appliance/administrator.ts'
import { createClaims } from '../../../provisioning/appliance/claims.ts'
import { createKeeper } from '../../../provisioning/appliance/keeper.ts'
import { createPace } from '../../../provisioning/appliance/pace.ts'
import { planControlRoutes, planSetupRoutes, type RouteParts } from '../../../provisioning/appliance/routes.ts'
import { createSetupWindow } from '../../../provisioning/appliance/setup-window.ts'
import { listenAt } from '../../../provisioning/appliance/sockets.ts'
import type { Status } from '../../../provisioning/appliance/status.ts'
import type { StepFailure } from '../../../provisioning/firstboot/apply.ts'
import { parseValues } from '../../../provisioning/firstboot/parse/values.ts'
import type { Settings } from '../../../provisioning/firstboot/settings.ts'
import { createFormerInMemory } from '../../helpers/former.ts'
import { createStage } from './stage.ts'

export const password = 'winter is coming, Jon'
const status: Status = {
  product: 'Dispatch Solo',
  version: '1.2.3',
  state: 'degraded',
  reasons: ['docker: does not answer'],
  hostName: 'solo',
  urls: [{ name: 'API', url: 'https://10.0.0.5:8443/' }],
  addresses: [{ link: 'ens192', address: '10.0.0.5', asked: { matches: true, text: 'matches the properties' } }],
  fingerprints: { tls: 'AA:BB', ssh: 'SHA256:xyz' },
  health: [{ name: 'docker', ok: false, text: 'does not answer' }],
  faults: [{ key: 'network.gateway', problem: 'it is outside of the network', instead: 'DHCP is used' }],
  failures: ['chpasswd (the password of root): chpasswd exited with 1', 'firewall and units: nft exited with 1'],
}

export interface Machine {
  readonly applied: Settings[]
  readonly administrators: Administrator[]
  readonly sshSwitches: boolean[]
  /** What of the settings cannot be applied. */
  readonly failures: StepFailure[]
  readonly code: () => string
  readonly control: string
  readonly setup: string
  dispatch(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }>
  tell(input: string, ...words: string[]): Promise<{ code: number; stdout: string; stderr: string }>
}

export async function createMachine(t: ExecutionContext): Promise<Machine> {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-agent-'))
  const [applied, administrators, sshSwitches]: [Settings[], Administrator[], boolean[]] = [[], [], []]
  const failures: StepFailure[] = []
  let isClaimed = false
  const window = createSetupWindow({
    monotonicMs: () => 0,
    nowMs: () => 0,
    randomBytes: count => new Uint8Array(count),
  })
  const keeper = createKeeper({
    parse: values => parseValues(values, Date.now()),
    apply: async settings => {
      applied.push(settings)
      return failures
    },
    store: async () => undefined,
    ...{ forgetCertificate: async () => undefined, former: createFormerInMemory() },
    schedule: () => ({ cancel: () => undefined }),
    nowMs: () => 0,
    tell: () => undefined,
  })
  const claims = createClaims({
    keeper,
    window,
    isClaimed: () => isClaimed,
    markClaimed: async () => {
      isClaimed = true
    },
    createAdministrator: async administrator => void administrators.push(administrator),
    hosts: () => ['10.0.0.5'],
  })
  const parts: RouteParts = {
    ...{ keeper, claims },
    status: async () => status,
    runningValues: () => ({ values: keeper.current().values, present: {} }),
    reopenSetup: window.reopen,
    paceChecks: createPace({ everyMs: 100, longestWaitMs: 2000, monotonicMs: () => 0, pause: async () => undefined }),
    switchSsh: async isOn => void sshSwitches.push(isOn),
    testNetwork: async () => [{ name: 'gateway', ok: false, text: 'there is none' }],
  }
  const [control, setup] = [join(dir, 'control.sock'), join(dir, 'setup.sock')]
  const groupId = process.getgid?.() ?? 0
  const servers = [
    await listenAt({ path: control, groupId }, planControlRoutes(parts), thrown => t.log(thrown)),
    await listenAt({ path: setup, groupId }, planSetupRoutes(parts), thrown => t.log(thrown)),
  ]
  const stage = await createStage(t)
  t.teardown(async () => {
    for (const server of servers) server.close()
    await rm(dir, { recursive: true, force: true })
  })
  const env = { DISPATCH_APPLIANCE_SOCKET: control }
  return {
    ...{ applied, administrators, sshSwitches, failures, control, setup },
    code: () => window.code() ?? '',
    dispatch: (...words) => stage.dispatch(['appliance', ...words], { env }),
    tell: (input, ...words) => stage.dispatch(['appliance', ...words], { env, readInput: async () => input }),
  }
}
