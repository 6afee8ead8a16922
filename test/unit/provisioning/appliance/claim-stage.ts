/** Claims with the real keeper, parser and window; machine, disk and server are in memory, and fail where they are told to. */
import { randomBytes } from 'node:crypto'
import type { Administrator } from '../../../../provisioning/appliance/administrator.ts'
import { createClaims } from '../../../../provisioning/appliance/claims.ts'
import { answerMs, createKeeper, trialMs } from '../../../../provisioning/appliance/keeper.ts'
import { createProblems } from '../../../../provisioning/appliance/problems.ts'
import { createSetupWindow } from '../../../../provisioning/appliance/setup-window.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'
import type { Credentials, Values } from '../../../../provisioning/firstboot/settings.ts'
import { createFormerInMemory } from '../../../helpers/former.ts'

export const password = 'winter is coming soon'
export const wanted = { 'dispatch.admin_pwd': password, 'dispatch.organization': 'north' }
export const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILUFrAA1tUMCzYGA3db0AJ69vFbGweh1dM4CU53TwJAR jon@example.com'
export const withKey = { ...wanted, 'appliance.ssh_keys': key }
export const moved = { ...wanted, 'network.ip0': '10.0.0.5/24' }

interface Applied {
  readonly keys: readonly string[]
  readonly credentials: Credentials
  readonly address?: string
}

export function createClaimStage() {
  const timers: { afterMs: number; isCancelled: boolean; work(): Promise<void> }[] = []
  const administrators: Administrator[] = []
  const machine = { stored: {} as Values, applied: [] as Applied[] }
  const former = createFormerInMemory()
  const fails = { server: false, mark: false, storeFrom: Number.POSITIVE_INFINITY }
  let stores = 0
  /** What a power cut in this step would go back to. */
  const waysBack: Record<string, Values | undefined> = {}
  /** At each time that something was applied. */
  const claiming: boolean[] = []
  const problems = createProblems(() => undefined)
  let isClaimed = false
  const clock = { ms: 0 }
  const window = createSetupWindow({ monotonicMs: () => clock.ms, nowMs: () => clock.ms, randomBytes })
  const keeper = createKeeper({
    parse: values => parseValues(values, Date.now()),
    apply: async ({ ssh: { authorizedKeys: keys }, network: { address } }, credentials) => {
      waysBack.apply = await former.read()
      claiming.push(keeper.isClaiming())
      machine.applied.push({ keys, credentials, ...(address && { address: address.address }) })
      return []
    },
    store: async values => {
      stores += 1
      waysBack.store = await former.read()
      if (stores >= fails.storeFrom) throw new Error('read-only file system')
      machine.stored = values
    },
    forgetCertificate: async () => undefined,
    former,
    schedule: (afterMs, work) => {
      const timer = { afterMs, work, isCancelled: false }
      timers.push(timer)
      return { cancel: () => Object.assign(timer, { isCancelled: true }) }
    },
    nowMs: () => 1000,
    tell: problems.tell,
  })
  const claims = createClaims({
    keeper,
    window,
    isClaimed: () => isClaimed,
    markClaimed: async () => {
      waysBack.mark = await former.read()
      if (fails.mark) throw new Error('no space left on device')
      isClaimed = true
    },
    createAdministrator: async administrator => {
      if (fails.server) throw new Error('the server does not answer')
      administrators.push(administrator)
    },
    hosts: () => ['10.0.0.4'],
  })
  /** The network that is tried is there, and its time passes. */
  const expire = async () => {
    for (const ms of [answerMs, trialMs])
      for (const { afterMs, isCancelled, work } of timers) if (afterMs === ms && !isCancelled) await work()
  }
  return {
    keeper,
    claims,
    window,
    clock,
    administrators,
    machine,
    former,
    waysBack,
    claiming,
    problems,
    fails,
    expire,
    isClaimed: () => isClaimed,
  }
}
