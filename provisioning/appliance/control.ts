/**
 * What the agent is asked over its local sockets: JSON over HTTP. `/run/dispatch-appliance/control.sock` is for root and
 * members of group dispatch-admin, who by it are as good as root; `/run/dispatch-appliance/setup.sock` for the set-up page alone, which must bring the code.
 */
import type { StepFailure } from '../firstboot/apply.ts'
import type { Fault, Values } from '../firstboot/settings.ts'

export const controlSocket = '/run/dispatch-appliance/control.sock'
export const setupSocket = '/run/dispatch-appliance/setup.sock'

/** `POST /v1/check`: what of these would not be taken. Both sockets; needs no code, for it tells nothing of the appliance, but has its pace. */
export interface CheckRequest {
  readonly values: Values
}
export interface CheckAnswer {
  readonly faults: readonly Fault[]
}

/** `POST /v1/claim`. Nothing is claimed while there are faults; 422 with them. */
export interface ClaimRequest {
  /** As shown on the console, whatever its case, blanks and dashes; on the control socket it is not asked for. */
  readonly code?: string
  /** Who has typed it, as the set-up page sees: of IPv6 the network of 64 bits. Wrong codes cost others nothing. */
  readonly from?: string
  /** Keys as in an import, `dispatch.admin_pwd` among them. */
  readonly values: Values
}
export interface Claimed {
  readonly outcome: 'claimed'
  readonly organization: string
  /** First the FQDN, where there is one, then addresses. */
  readonly hosts: readonly string[]
  readonly sshLogin: 'key' | 'password' | 'both'
  readonly failures: readonly StepFailure[]
}
/** The network is tried first: `POST /v1/confirm`, sent over the new address, goes on to the claim. */
export interface Trial {
  readonly outcome: 'trial'
  readonly untilMs: number
  readonly addresses: readonly string[]
}
export type ClaimAnswer = Claimed | Trial

/** `POST /v1/confirm`: keeps the network that is tried. The set-up page brings the code again: its browser is at another address now. */
export interface ConfirmRequest {
  readonly code?: string
  readonly from?: string
}
export interface Kept {
  readonly outcome: 'kept'
  readonly failures: readonly StepFailure[]
}
/** Claimed where a claim waited for it. */
export type ConfirmAnswer = Claimed | Kept

/** `GET /v1/settings` on both: what was set, without secrets. `POST /v1/settings` on the control socket alone. */
export interface SettingsAnswer {
  readonly values: Values
  /** What the machine has now, whoever said so: whoever sent back what DHCP says would make it fixed. */
  readonly present: Values
}
export interface SettingsChanged {
  readonly outcome: 'changed' | 'unchanged' | 'trial'
  readonly untilMs?: number
  /** What could not be applied; none while a network is tried. */
  readonly failures?: readonly StepFailure[]
}

/** Every answer that is no success: 403 wrong code, 409 claimed already or a claim is under way, 410 the window is over, 422 faults, 429 too many wrong codes or checks, 500. */
export interface Refusal {
  readonly reason:
    | 'wrong-code'
    | 'claimed'
    | 'claim-under-way'
    | 'window-over'
    | 'faults'
    | 'too-many-codes'
    | 'too-many-checks'
    | 'no-trial'
    | 'failed'
  readonly message: string
  readonly faults?: readonly Fault[]
  /** With 429. */
  readonly waitSeconds?: number
}
