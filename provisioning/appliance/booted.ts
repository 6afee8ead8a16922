/** What a power-on works with, and what has become of what was given by the time that the settings are applied. */
import { messageOf } from '../../server/core/errors.ts'
import type { ValuePlan } from '../firstboot/plan-values.ts'
import type { Fault, Parsed } from '../firstboot/settings.ts'
import type { Sourced } from '../firstboot/sources/sourced.ts'
import type { Run } from '../run.ts'
import type { Appliance } from './appliance.ts'
import type { Places } from './places.ts'
import type { Problems } from './problems.ts'

export interface BootParts {
  readonly appliance: Pick<Appliance, 'keeper' | 'claims' | 'claimed' | 'certificate' | 'former'>
  readonly places: Pick<Places, 'state' | 'runtime' | 'blockDevices' | 'devices'>
  readonly run: Run
  readonly problems: Problems
  /** Before a certificate that was not taken is tried again: a minute, but for tests. */
  readonly certificateRetryMs?: number
}

export interface Booted {
  readonly sourced: Sourced
  readonly plan: ValuePlan
  readonly parsed: Parsed
  /** Of passwords that could not be set, and of a pair that was not taken: they are still needed where they came from. */
  readonly unused: readonly string[]
  /** The administrator's pair in force by now. */
  readonly pair: string | undefined
  /** Before anything was applied. */
  readonly wasClaimed: boolean
  /** The values are on disk. */
  readonly isRemembered: boolean
  /** Of the sources, and of what is not even looked at. */
  readonly faults: readonly Fault[]
}

export const tellForgotten = ({ tell }: Problems, thrown: unknown): void =>
  tell('given', [`what was given cannot be remembered: ${messageOf(thrown)}`])
