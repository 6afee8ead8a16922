/** The agent's life: what was given is applied at boot, and from then on the machine is made to fit the state it is in. */
import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../../server/core/errors.ts'
import { troublesOf } from './health.ts'
import type { Tell } from './problems.ts'
import { decideState, type State, type StateFacts } from './state.ts'
import type { Health, StateName } from './status.ts'

/** What a state means for the machine. */
export interface Wanted {
  readonly state: StateName
  readonly isSshOpen: boolean
  /** An authority asks by HTTP whose a domain is. */
  readonly needsHttp: boolean
}

export interface AgentParts {
  /** By what was found the last time. */
  readHealth(before: readonly Health[]): Promise<readonly Health[]>
  isClaimed(): boolean
  /** May somebody log in over SSH, as far as credentials and the switch go? */
  maySsh(): boolean
  /** What a claim brings is being applied: until it counts the machine opens nothing for it. */
  isClaiming(): boolean
  /** Does the server's configuration say that a certificate is ordered? */
  needsHttp(): Promise<boolean>
  /** Firewall, set-up page and SSH as they shall be. Repeatable. */
  enact(wanted: Wanted): Promise<void>
  /** Whether they still are: others, too, stop units and flush rules. */
  isInForce(wanted: Wanted): Promise<boolean>
  /** Settings follow who has a password. */
  followPasswords(): Promise<void>
  /** The certificate follows addresses and time. */
  refreshCertificate(): Promise<void>
  /** The state file and the console. */
  show(): Promise<void>
  /** Since power-on: an agent that is restarted later finds a machine that has long started. */
  uptimeMs(): number
  readonly tell: Tell
}

export interface Agent {
  /** The settings are applied. */
  begin(): void
  /** Looks at everything once; to be called again and again. */
  look(): Promise<void>
  state(): State
  health(): readonly Health[]
}

const isUp = (health: readonly Health[]): boolean =>
  health.every(({ name, ok }) => ok || (name !== 'server' && name !== 'docker'))

/** Between two looks at what others may have changed, which take programs to be run. */
export const inForceMs = 60_000

export function createAgent(parts: AgentParts): Agent {
  let health: readonly Health[] = []
  let hasStarted = false
  let hasBegun = false
  let enacted: Wanted | undefined
  let seenInForceMs = 0

  const facts = (): StateFacts => ({
    isSetUp: hasBegun,
    isClaimed: parts.isClaimed(),
    isResetting: false,
    hasStarted,
    startingMs: parts.uptimeMs(),
    troubles: troublesOf(health),
  })
  const state = (): State => decideState(facts())

  const plan = async (name: StateName): Promise<Wanted> => ({
    state: name,
    isSshOpen: parts.maySsh() && name !== 'booting' && name !== 'resetting',
    needsHttp: await parts.needsHttp(),
  })

  async function isStillSo(wanted: Wanted): Promise<boolean> {
    if (parts.uptimeMs() - seenInForceMs < inForceMs) return true
    seenInForceMs = parts.uptimeMs()
    return parts.isInForce(wanted)
  }

  /** Ready and degraded are one to the firewall, but the console tells them apart. */
  async function enact(): Promise<void> {
    if (parts.isClaiming()) return
    const wanted = await plan(state().name)
    if (isDeepStrictEqual(enacted, wanted) && (await isStillSo(wanted))) return
    // What fails half-way is neither the former nor the wanted one.
    enacted = undefined
    await parts.enact(wanted)
    enacted = wanted
    seenInForceMs = parts.uptimeMs()
  }

  /** What fails is tried again at the next look, and told until it goes well. */
  const attempt = (about: string, work: () => Promise<void>): Promise<void> =>
    work().then(
      () => parts.tell(about, []),
      thrown => parts.tell(about, [`${about}: ${messageOf(thrown)}`]),
    )

  return {
    begin: () => {
      hasBegun = true
    },
    async look() {
      health = await parts.readHealth(health)
      hasStarted ||= isUp(health) || health.some(({ isGivenUp }) => isGivenUp)
      await attempt('passwords', parts.followPasswords)
      await attempt('firewall and units', enact)
      await attempt('certificate', parts.refreshCertificate)
      await attempt('status', parts.show)
    },
    state,
    health: () => health,
  }
}
