/** The agent's life: what was given is applied at boot, and from then on the machine is made to fit the state it is in. */

import { troublesOf } from './health.ts'
import { decideState, type State, type StateFacts } from './state.ts'
import type { Health, StateName } from './status.ts'

/** What a state means for the machine. */
export interface Wanted {
  readonly state: StateName
  readonly isSshOpen: boolean
}

export interface AgentParts {
  readHealth(): Promise<readonly Health[]>
  isClaimed(): boolean
  /** May somebody log in over SSH, as far as credentials and the switch go? */
  maySsh(): boolean
  /** Firewall, set-up page and SSH as they shall be. Repeatable. */
  enact(wanted: Wanted): Promise<void>
  /** The certificate follows addresses and time. */
  refreshCertificate(): Promise<void>
  /** The state file and the console. */
  show(): Promise<void>
  /** Since power-on: an agent that is restarted later finds a machine that has long started. */
  uptimeMs(): number
  onProblem(problem: string): void
}

export interface Agent {
  /** The settings are applied. */
  begin(): void
  /** Looks at everything once; to be called again and again. */
  look(): Promise<void>
  state(): State
  health(): readonly Health[]
}

export function createAgent(parts: AgentParts): Agent {
  let health: readonly Health[] = []
  let hasServed = false
  let hasBegun = false
  let enacted: Wanted | undefined

  const facts = (): StateFacts => ({
    isSetUp: hasBegun,
    isClaimed: parts.isClaimed(),
    isResetting: false,
    hasServed,
    startingMs: parts.uptimeMs(),
    troubles: troublesOf(health),
  })
  const state = (): State => decideState(facts())

  const plan = (name: StateName): Wanted => ({
    state: name,
    isSshOpen: parts.maySsh() && name !== 'booting' && name !== 'resetting',
  })

  /** Ready and degraded are one to the firewall, but the console tells them apart. */
  async function enact(): Promise<void> {
    const wanted = plan(state().name)
    if (enacted?.state === wanted.state && enacted.isSshOpen === wanted.isSshOpen) return
    await parts.enact(wanted)
    enacted = wanted
  }

  /** What fails once is tried again at the next look. */
  const attempt = (work: () => Promise<void>): Promise<void> =>
    work().catch(thrown => parts.onProblem(thrown instanceof Error ? thrown.message : String(thrown)))

  return {
    begin: () => {
      hasBegun = true
    },
    async look() {
      health = await parts.readHealth()
      hasServed ||= health.every(({ name, ok }) => ok || (name !== 'server' && name !== 'docker'))
      await attempt(enact)
      await attempt(parts.refreshCertificate)
      await attempt(parts.show)
    },
    state,
    health: () => health,
  }
}
