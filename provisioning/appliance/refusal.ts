/** How the agent says no: each reason has one HTTP status, and a text that says what to do next. */
import type { Refusal } from './control.ts'

const statuses: Readonly<Record<Refusal['reason'], number>> = {
  'wrong-code': 403,
  claimed: 409,
  'claim-under-way': 409,
  'no-trial': 409,
  'window-over': 410,
  faults: 422,
  'too-many-codes': 429,
  'too-many-checks': 429,
  failed: 500,
}

export const statusOf = ({ reason }: Refusal): number => statuses[reason]

export class RefusedError extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

export const refuse = (reason: Refusal['reason'], message: string, more: Partial<Refusal> = {}): RefusedError =>
  new RefusedError({ ...more, reason, message })
