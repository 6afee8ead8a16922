/** How those are refused whose credentials prove nobody: after many different ones from one address they have to wait. */
import type { Asked } from '../../core/access.ts'
import { digestOf } from '../../core/digest.ts'
import { DispatchError } from '../../core/errors.ts'
import { addressLimits, createCounter, keyOfAddress, lockedOut } from '../lockout.ts'

/** Of different credentials: a client that goes on with one that has expired tries no other. */
const limits = { ...addressLimits, freeTries: 100, maxPauseMs: 60_000 }
const maxRemembered = 10_000

type Refused = Pick<Asked, 'authorization' | 'cookie' | 'peer'>

/** What the refused one is told: the cause, or to wait. */
export type Refuse = (claim: Refused, cause: unknown) => unknown

/**
 * Only who proves nobody waits. Tokens and keys are too long to be guessed, so that a neighbour behind the same address, who
 * has good ones, is never in the way of it.
 */
export function createRefuse(nowMs: () => number): Refuse {
  const counter = createCounter(limits, nowMs)
  const seen = new Set<string>()

  const isNew = ({ authorization, cookie, peer }: Refused): boolean => {
    const key = digestOf(`${peer.address}\n${authorization}\n${cookie}`)
    if (seen.has(key)) return false
    const [oldest] = seen
    if (seen.size >= maxRemembered && oldest !== undefined) seen.delete(oldest)
    seen.add(key)
    return true
  }

  return (claim, cause) => {
    if (!(cause instanceof DispatchError) || cause.blame !== 'caller') return cause
    const key = keyOfAddress(claim.peer.address)
    const waitMs = counter.waitMs(key)
    if (waitMs > 0) return lockedOut(waitMs)
    if (isNew(claim)) counter.fail(key)
    return cause
  }
}
