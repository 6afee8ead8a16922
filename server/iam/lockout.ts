/** Whoever guesses has to wait longer and longer: counted for each user and for each address, in bounded memory. */
import { isIPv6 } from 'node:net'
import { DispatchError, dispatchError } from '../core/errors.ts'

export interface LockoutLimits {
  /** So many failures cost nothing. */
  freeTries: number
  /** Of the first one behind them; each further one doubles it. */
  firstPauseMs: number
  maxPauseMs: number
  /** After so long without a failure all is forgotten. */
  forgetMs: number
  /** Of users, and of addresses: the one that failed the longest time ago is forgotten first. */
  maxKept: number
}

export const userLimits: LockoutLimits = {
  freeTries: 5,
  firstPauseMs: 1000,
  maxPauseMs: 15 * 60_000,
  forgetMs: 60 * 60_000,
  maxKept: 10_000,
}
/** Many may sit behind one address. */
export const addressLimits: LockoutLimits = { ...userLimits, freeTries: 20 }

interface Kept {
  failures: number
  lastMs: number
  untilMs: number
}

export interface Counter {
  /** How long the key has to wait before it may try. */
  waitMs(key: string): number
  fail(key: string): void
  /** Takes back that failure. */
  forgive(key: string): void
  forget(key: string): void
}

export function createCounter(limits: LockoutLimits, nowMs: () => number): Counter {
  const kept = new Map<string, Kept>()
  const find = (key: string): Kept | undefined => {
    const found = kept.get(key)
    if (!found || nowMs() - Math.max(found.lastMs, found.untilMs) < limits.forgetMs) return found
    kept.delete(key)
    return undefined
  }
  const keep = (key: string, failures: number): void => {
    const beyond = failures - limits.freeTries
    const pauseMs = beyond <= 0 ? 0 : Math.min(limits.firstPauseMs * 2 ** (beyond - 1), limits.maxPauseMs)
    // The order of a Map is that of insertion.
    kept.delete(key)
    const oldest = kept.size >= limits.maxKept ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    kept.set(key, { failures, lastMs: nowMs(), untilMs: nowMs() + pauseMs })
  }
  return {
    waitMs: key => Math.max(0, (find(key)?.untilMs ?? 0) - nowMs()),
    fail: key => keep(key, (find(key)?.failures ?? 0) + 1),
    forgive: key => {
      const found = kept.get(key)
      // Nobody may begin within a pause, so that none was left of before.
      if (found) kept.set(key, { ...found, failures: found.failures - 1, untilMs: 0 })
    },
    forget: key => void kept.delete(key),
  }
}

/** One who has a network of IPv6 has all of its addresses. */
export function keyOfAddress(address: string): string {
  if (!isIPv6(address)) return address
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice('::ffff:'.length)
  const [head = '', tail] = address.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0')
  return [...front, ...zeros, ...back].slice(0, 4).join(':')
}

export interface Try {
  /** Absent: only who asks is known. */
  user?: string
  address: string
}

export interface Lockout {
  /**
   * Counts as a failure until the end of `work` says otherwise, so that many tries at once are not free. Throws the
   * DispatchError LOCKED_OUT before its time. `work` resolves with undefined where it failed.
   */
  attempt<T>(who: Try, work: () => Promise<T | undefined>): Promise<T | undefined>
  /** Throws the DispatchError LOCKED_OUT. */
  checkAddress(address: string): void
  addressFailed(address: string): void
}

interface Counted {
  counter: Counter
  key: string
}

export function lockedOut(waitMs: number): DispatchError {
  const retryAfterSeconds = Math.ceil(waitMs / 1000)
  const { entry, code, httpStatus, blame, message } = dispatchError('LOCKED_OUT', {
    seconds: String(retryAfterSeconds),
  })
  return new DispatchError({ entry, code, httpStatus, blame, message, retryAfterSeconds })
}

function check(all: readonly Counted[]): void {
  const waitMs = Math.max(...all.map(({ counter, key }) => counter.waitMs(key)))
  if (waitMs > 0) throw lockedOut(waitMs)
}

/** Whether a user has come from there before, so that strangers who guess are not in its way. */
type IsFamiliar = (user: string, address: string) => boolean

export function createLockout(nowMs: () => number, isFamiliar: IsFamiliar = () => false): Lockout {
  const users = createCounter(userLimits, nowMs)
  const addresses = createCounter(addressLimits, nowMs)
  const ofAddress = (address: string): Counted => ({ counter: addresses, key: keyOfAddress(address) })
  /** Names of users have no spaces. */
  const ofUser = (user: string, address: string): Counted => ({
    counter: users,
    key: isFamiliar(user, address) ? `${user} ${keyOfAddress(address)}` : user,
  })
  return {
    attempt: async ({ user, address }, work) => {
      const named = user === undefined ? [] : [ofUser(user, address)]
      const all = [ofAddress(address), ...named]
      check(all)
      for (const { counter, key } of all) counter.fail(key)
      const forgive = () => {
        for (const { counter, key } of all) counter.forgive(key)
      }
      // What went wrong is ours, or there was no room: nobody has guessed.
      const result = await work().catch(thrown => {
        forgive()
        throw thrown
      })
      if (result === undefined) return undefined
      forgive()
      for (const { counter, key } of named) counter.forget(key)
      return result
    },
    checkAddress: address => check([ofAddress(address)]),
    addressFailed: address => addresses.fail(keyOfAddress(address)),
  }
}
