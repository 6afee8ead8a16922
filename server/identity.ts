/** Who may do what, wired: what lets requests in, and the operations on what that goes by. */
import type { Gate } from './core/access.ts'
import type { Operation } from './http/operation.ts'
import { openGate } from './iam/open-gate.ts'
import type { Change } from './store/port.ts'

export interface Identity {
  gate: Gate
  operations: readonly Operation[]
  /** Whatever was remembered of what has changed is forgotten. */
  follow(change: Change): void
}

export const createIdentity = (): Identity => ({ gate: openGate, operations: [], follow: () => undefined })
