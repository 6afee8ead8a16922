/** The settings in force: applied at boot, changed on request, and a new network only tried until somebody confirms it. */
import { messageOf } from '../../server/core/errors.ts'
import { createTurns } from '../../server/core/turns.ts'
import type { StepFailure } from '../firstboot/apply.ts'
import {
  type Credentials,
  type Fault,
  noSettings,
  type Parsed,
  type Settings,
  type Values,
} from '../firstboot/settings.ts'
import { describeFailure, findLasting } from './failures.ts'
import { isWithoutCertificate, lastingValues } from './lasting-values.ts'
import type { Tell } from './problems.ts'
import { isReachedAlike, withReachOf } from './reach.ts'
import { refuse } from './refusal.ts'
import type { Booted, Change, Keeper, Request, Trying } from './settings-keeper.ts'
import { createWayBack, type WayBackParts } from './way-back.ts'

export const trialMs = 90_000
/** In which the answer gets to who asked, over the network that is about to go. */
export const answerMs = 1000

export interface KeeperParts {
  /** `isPresent`: they are for the network that the machine is in by now. */
  parse(values: Values, isPresent?: boolean): Parsed
  /** Makes the machine so, and answers with what failed. Repeatable. */
  apply(settings: Settings, credentials: Credentials): Promise<readonly StepFailure[]>
  /** Durable. Nothing secret is among them. */
  store(values: Values): Promise<void>
  /** From now on the appliance makes its own again. */
  forgetCertificate(): Promise<void>
  readonly former: WayBackParts['former']
  /** Calls back once unless it is cancelled. */
  schedule(afterMs: number, work: () => Promise<void>): { cancel(): void }
  nowMs(): number
  readonly tell: Tell
}

interface Trial extends Trying {
  /** The former ones with the network that is tried. */
  readonly settings: Settings
  readonly timer: { cancel(): void }
  keep(): Promise<readonly StepFailure[]>
}

/** Of a claim that failed nobody has a password. */
const planWithdrawal = ({ adminPassword }: Credentials): Credentials =>
  adminPassword === undefined ? {} : { withdrawn: ['admin'] }

/** What goes wrong with it is another matter than settings that cannot be applied. */
const trialName = 'network trial'

const containerKey = 'network.docker_cidr'

const nothing: Parsed = { settings: noSettings, credentials: {}, faults: [] }

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

export function createKeeper(parts: KeeperParts): Keeper {
  let values: Values = {}
  let parsed = nothing
  let failures: readonly StepFailure[] = []
  let trial: Trial | undefined
  let reapplying: Promise<void> | undefined
  const wayBack = createWayBack({ ...parts, apply })
  const turns = createTurns()
  /** Whoever asks, console, page or command: two plans at once would write the same files. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => turns('settings', work)

  /** Never rejects: what fails is told, until it has been applied. */
  async function apply(settings: Settings, credentials: Credentials): Promise<readonly StepFailure[]> {
    const fail = (step: string) => (thrown: unknown) => [{ step, problem: messageOf(thrown) }]
    const forgetting = isWithoutCertificate(values) ? parts.forgetCertificate() : Promise.resolve()
    const unforgotten = await forgetting.then(() => [], fail('the certificate that was taken back'))
    const unapplied = await parts.apply(settings, credentials).catch(fail('settings'))
    const found = [...unforgotten, ...unapplied]
    failures = [...findLasting(failures, credentials), ...found]
    parts.tell('settings', failures.map(describeFailure))
    return found
  }

  /** Stored first: what is applied and not stored would be gone after a reboot. */
  async function keep(wanted: Values, next: Parsed): Promise<readonly StepFailure[]> {
    const lasting = lastingValues(wanted)
    await parts.store(lasting)
    values = lasting
    parsed = { ...next, credentials: {} }
    parts.tell(trialName, [])
    return apply(next.settings, next.credentials)
  }

  const settle = (settings: Settings, credentials: Credentials = {}): Promise<readonly StepFailure[]> =>
    wayBack.settle(values, settings, credentials)

  /** All of it, or nothing that is there after a reboot. */
  async function keepWhole(request: Request, next: Parsed): Promise<readonly StepFailure[]> {
    const { beforeKept, onKept } = request
    const wanted = { ...values, ...request.values }
    await beforeKept?.(next)
    if (!onKept) return keep(wanted, next)
    const former = { values, parsed }
    await wayBack.prepare(values)
    try {
      const failed = await keep(wanted, next)
      await onKept(next)
      await wayBack.close()
      return failed
    } catch (thrown) {
      ;({ values, parsed } = former)
      wayBack.take(planWithdrawal(next.credentials))
      await settle(trial?.settings ?? parsed.settings)
      throw thrown
    }
  }

  /** Faults that were there before are no fault of this change. */
  function judge(changes: Values): Parsed {
    // A network that came later than a container network is no fault of what is changed beside them.
    const next = parts.parse({ ...values, ...changes }, containerKey in changes)
    const isOld = (fault: Fault): boolean => !(fault.key in changes) && parsed.faults.some(old => same(old, fault))
    const faults = next.faults.filter(fault => !isOld(fault))
    if (faults.length > 0) throw refuse('faults', 'nothing was changed: mend what is named', { faults })
    return next
  }

  const later = (afterMs: number, work: () => Promise<void>): { cancel(): void } =>
    parts.schedule(afterMs, () => inTurn(work))

  async function goBack(): Promise<void> {
    trial = undefined
    parts.tell(trialName, ['the network was not confirmed in time: the former one is back'])
    await settle(parsed.settings)
  }

  /** Answered first: over the former address nothing arrives afterwards. */
  function tryOut(next: Parsed, onConfirmed: Trial['keep']): Change {
    parts.tell(trialName, [])
    const settings = withReachOf(next.settings, parsed.settings)
    /** It may have been confirmed while this waited for its turn. */
    const whileTried = (work: () => Promise<void>) => async () => {
      if (trial === own) await work()
    }
    /** The time to confirm begins when the network is there: before it, others may have had their turns. */
    async function begin(): Promise<void> {
      await apply(settings, {})
      own = { ...own, untilMs: parts.nowMs() + trialMs, timer: later(trialMs, whileTried(goBack)) }
      trial = own
    }
    const { address } = next.settings.network
    const addresses = address ? [address.address] : []
    const untilMs = parts.nowMs() + trialMs
    let own: Trial = { untilMs, addresses, settings, timer: later(answerMs, whileTried(begin)), keep: onConfirmed }
    trial = own
    return { outcome: 'trial', untilMs, addresses }
  }

  async function boot(given: Values, isCutOff: boolean): Promise<Booted> {
    values = lastingValues(given)
    const next = parts.parse(given)
    parsed = { ...next, credentials: {} }
    // A password that is given now takes the place of that of the claim.
    if (isCutOff) wayBack.take(next.credentials.adminPassword === undefined ? { withdrawn: ['admin'] } : {})
    return { ...next, failures: await settle(next.settings, next.credentials) }
  }

  async function change(request: Request): Promise<Change> {
    if (trial)
      throw refuse('claim-under-way', 'another network is being tried: confirm it, or wait until it has gone back')
    const next = judge(request.values)
    const finish = () => keepWhole(request, next)
    if (!isReachedAlike(next.settings, parsed.settings)) return tryOut(next, finish)
    const isChange = !same(next.settings, parsed.settings) || !same(next.credentials, {})
    return { outcome: isChange ? 'changed' : 'unchanged', failures: await finish() }
  }

  async function confirm(): Promise<readonly StepFailure[]> {
    if (!trial) throw refuse('no-trial', 'no network is being tried, or it has gone back to the former one already')
    // Should it fail, the network is still a tried one: it may be confirmed again, or goes back in time.
    const failed = await trial.keep()
    trial.timer.cancel()
    trial = undefined
    return failed
  }

  async function grant(credentials: Credentials): Promise<void> {
    if (wayBack.isTaken()) await settle(parsed.settings)
    if (wayBack.isTaken()) throw refuse('claim-under-way', 'a claim that failed is still being taken back')
    await apply(parsed.settings, credentials)
  }

  return {
    boot: (given, isCutOff = false) => inTurn(() => boot(given, isCutOff)),
    judge,
    change: request => inTurn(() => change(request)),
    confirm: () => inTurn(confirm),
    grant: credentials => inTurn(() => grant(credentials)),
    reapply: () => {
      reapplying ??= inTurn(async () => {
        reapplying = undefined
        if (!trial) await settle(parsed.settings)
      })
      return reapplying
    },
    isTakingBack: wayBack.isTaken,
    isClaiming: wayBack.isOpen,
    current: () => ({ ...parsed, values }),
    trying: () => trial && { untilMs: trial.untilMs, addresses: trial.addresses },
  }
}
