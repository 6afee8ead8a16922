/** What can be asked of the settings in force, and what is answered. */
import type { StepFailure } from '../firstboot/apply.ts'
import type { Credentials, Parsed, Values } from '../firstboot/settings.ts'

export interface Trying {
  readonly untilMs: number
  /** Empty where DHCP will say. */
  readonly addresses: readonly string[]
}

/** With what could not be applied; the rest is so. */
export type Change =
  | { readonly outcome: 'changed' | 'unchanged'; readonly failures: readonly StepFailure[] }
  | ({ readonly outcome: 'trial' } & Trying)

/** Both are called at once, or once the network that is tried is confirmed. */
export interface Request {
  readonly values: Values
  /** What the settings need to make sense: nothing is kept unless it resolves. */
  beforeKept?(parsed: Parsed): Promise<void>
  /** What makes them count: unless it resolves, the former ones are back, after a power cut too. */
  onKept?(parsed: Parsed): Promise<void>
}

/** What could be used of what was given, and what of it could not be applied. */
export interface Booted extends Parsed {
  readonly failures: readonly StepFailure[]
}

export interface Keeper {
  /**
   * Applies what can be used of it, and answers with that. Whatever fails is told, and the machine boots.
   * `isCutOff`: a claim was, and is taken back.
   */
  boot(values: Values, isCutOff?: boolean): Promise<Booted>
  /** Throws a refusal when something in it would not be taken. */
  judge(values: Values): Parsed
  change(request: Request): Promise<Change>
  /** Answers with what could not be applied. */
  confirm(): Promise<readonly StepFailure[]>
  /** Sets passwords anew that a claim which failed has taken; throws a refusal while something of that claim is still there. */
  grant(credentials: Credentials): Promise<void>
  /** What the settings depend on has changed, or something is still to be taken back. Leaves a network alone that is being tried: its end applies them too. */
  reapply(): Promise<void>
  /** Of a claim that failed something is still there: until it is gone nobody is to come in by it. */
  isTakingBack(): boolean
  /** What a claim brings is being applied, and it does not count yet. */
  isClaiming(): boolean
  current(): Parsed & { readonly values: Values }
  trying(): Trying | undefined
}
