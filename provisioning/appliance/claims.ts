/** Claiming an appliance: one winner, whatever comes at the same moment, and nothing is claimed by halves. */
import type { StepFailure } from '../firstboot/apply.ts'
import type { Credentials, Fault, Parsed, Settings, Values } from '../firstboot/settings.ts'
import type { Administrator } from './administrator.ts'
import type { ClaimAnswer, Claimed, ConfirmAnswer } from './control.ts'
import { trialMs } from './keeper.ts'
import { refuse } from './refusal.ts'
import type { Keeper } from './settings-keeper.ts'
import type { SetupWindow } from './setup-window.ts'

export interface ClaimParts {
  readonly keeper: Pick<Keeper, 'change' | 'confirm' | 'grant' | 'judge' | 'trying'>
  readonly window: Pick<SetupWindow, 'judge' | 'hold'>
  isClaimed(): boolean
  /** Durable. Comes last: whatever was cut off before is done again. */
  markClaimed(): Promise<void>
  createAdministrator(administrator: Administrator): Promise<void>
  /** The FQDN, where there is one, then addresses. */
  hosts(): readonly string[]
}

export interface TypedCode {
  readonly code: string
  /** Who has typed it, as far as the set-up page tells peers apart. */
  readonly from: string
}

export interface Claims {
  /** `typed` undefined: who asks is root. */
  claim(values: Values, typed: TypedCode | undefined): Promise<ClaimAnswer>
  confirm(typed: TypedCode | undefined): Promise<ConfirmAnswer>
  /** By credentials that came with an import. */
  claimBy(credentials: Credentials, organization: string): Promise<void>
}

const passwordKey = 'dispatch.admin_pwd'
const noPassword: Fault = {
  key: passwordKey,
  problem: 'it is needed: with it the administrator logs in',
  instead: 'nothing is claimed',
}

const seconds = (ms: number): number => Math.ceil(ms / 1000)

export function createClaims(parts: ClaimParts): Claims {
  const { keeper, window } = parts
  let isUnderWay = false
  /** Of the claim that won, which may have waited until its network was confirmed; its password is nobody's any more. */
  let won: Settings | undefined
  /** Since the boot, which gave the account the password of an import: the claim may have taken it back. */
  let hasFailed = false

  function checkCode({ code, from }: TypedCode): void {
    const verdict = window.judge(code, from)
    switch (verdict.kind) {
      case 'right':
        return
      case 'wrong':
        throw refuse('wrong-code', `this is not the code on the console; ${verdict.left} more tries before a pause`)
      case 'wait': {
        const waitSeconds = seconds(verdict.waitMs)
        const text = `too many wrong codes: wait ${waitSeconds} seconds and try again`
        throw refuse('too-many-codes', text, { waitSeconds })
      }
      case 'over':
        throw refuse(
          'window-over',
          'the time for the set-up is over: re-open it on the console, or restart the machine',
        )
    }
  }

  function checkOpen(): void {
    if (parts.isClaimed()) throw refuse('claimed', 'this appliance is claimed already: log in with what was set then')
  }

  /** Whoever comes second is told so, though the first may still fail. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    if (isUnderWay) throw refuse('claim-under-way', 'another claim is under way: look again in a moment')
    isUnderWay = true
    try {
      return await work()
    } finally {
      isUnderWay = false
    }
  }

  /** What it has applied by then is taken back, the password of the account too. */
  function fail(thrown: unknown): never {
    hasFailed = true
    throw thrown
  }

  /** The server first: of all that a claim does it is what fails, and it opens nothing yet. */
  async function createAdministrator({ settings: { organization }, credentials }: Parsed): Promise<void> {
    await parts.createAdministrator({ organization, password: credentials.adminPassword ?? '' })
  }

  async function finish({ settings }: Parsed): Promise<void> {
    await parts.markClaimed()
    won = settings
  }

  function answer(settings: Settings, failures: readonly StepFailure[]): Claimed {
    const sshLogin = settings.ssh.authorizedKeys.length > 0 ? 'both' : 'password'
    return { outcome: 'claimed', organization: settings.organization, hosts: parts.hosts(), sshLogin, failures }
  }

  async function claim(values: Values): Promise<ClaimAnswer> {
    const parsed = keeper.judge(values)
    if (parsed.credentials.adminPassword === undefined)
      throw refuse('faults', 'nothing was claimed: mend what is named', { faults: [noPassword] })
    const change = await keeper.change({ values, beforeKept: createAdministrator, onKept: finish }).catch(fail)
    return change.outcome === 'trial' ? change : answer(parsed.settings, change.failures)
  }

  return {
    claim: (values, typed) =>
      alone(async () => {
        checkOpen()
        if (typed !== undefined) checkCode(typed)
        const answer = await claim(values)
        // Whoever has begun in time can also confirm in time, which begins when the network is there.
        if (answer.outcome === 'trial') window.hold(2 * trialMs)
        return answer
      }),
    confirm: typed =>
      alone(async () => {
        if (typed !== undefined) checkCode(typed)
        const wonBefore = won
        const failures = await keeper.confirm().catch(fail)
        return won && won !== wonBefore ? answer(won, failures) : { outcome: 'kept', failures }
      }),
    claimBy: ({ adminPassword: password }, organization) =>
      alone(async () => {
        if (parts.isClaimed() || password === undefined) return
        // A claim may be waiting for it.
        if (keeper.trying())
          throw refuse('claim-under-way', 'a network is being tried: it is confirmed first, or goes back')
        await parts.createAdministrator({ organization, password })
        // A change would be judged without what came with it, whose faults are to stay.
        if (hasFailed) await keeper.grant({ adminPassword: password })
        await parts.markClaimed()
      }),
  }
}
