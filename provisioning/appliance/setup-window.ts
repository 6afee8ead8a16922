/** The code that claims an appliance, the time in which it counts, and what wrong ones cost. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createWrongCodes } from './wrong-codes.ts'

/** Crockford's base32: no letter looks like a digit. 10 of them are 50 bits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 10
export const windowMs = 30 * 60_000

export type Verdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly left: number }
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'over' }

export interface SetupWindow {
  /** Grouped, as people read it; undefined when the window is over. */
  code(): string | undefined
  /** `from`: who has typed it; wrong ones of others cost them nothing. */
  judge(text: string, from?: string): Verdict
  /** Another code, and the whole time again. */
  reopen(): void
  /** Stays open for so long at least; without effect on one that is over. */
  hold(forMs: number): void
  /** 0 when it is over. */
  leftMs(): number
  /** 0 while there is no pause that holds for all. */
  pauseMs(): number
  /** Unix milliseconds, the same each time until the clock is set or something changes. */
  openUntilMs(): number
  /** The same for the pause. */
  pausedUntilMs(): number
}

export interface SetupWindowOptions {
  /** Does not jump when the clock is set. */
  monotonicMs(): number
  nowMs(): number
  randomBytes(count: number): Uint8Array
}

/** As typed from a screen: in any case, with blanks and dashes, and with the letters that look like digits. */
export const normalizeCode = (text: string): string =>
  text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Two clocks are never read at the same moment: what differs by less is the same time. */
const sameMs = 1000

export function createSetupWindow({ monotonicMs, nowMs, randomBytes }: SetupWindowOptions): SetupWindow {
  // 256 is a multiple of 32: each letter is as likely.
  const makeCode = (): string => Array.from(randomBytes(codeLength), byte => alphabet[byte % alphabet.length]).join('')
  const open = () => ({ code: makeCode(), endsMs: monotonicMs() + windowMs, wrong: createWrongCodes(monotonicMs) })
  let window = open()

  const leftMs = (): number => Math.max(0, window.endsMs - monotonicMs())
  const pauseMs = (): number => Math.max(0, window.wrong.pausedUntilMs() - monotonicMs())

  const tellTime = (): ((atMs: number) => number) => {
    let toldMs = 0
    return atMs => {
      const untilMs = Math.round(nowMs() + atMs - monotonicMs())
      if (Math.abs(untilMs - toldMs) > sameMs) toldMs = untilMs
      return toldMs
    }
  }
  const [tellEnd, tellPause] = [tellTime(), tellTime()]

  function countWrong(from: string): Verdict {
    const left = window.wrong.count(from)
    const waitMs = window.wrong.waitMs(from)
    return waitMs > 0 ? { kind: 'wait', waitMs } : { kind: 'wrong', left }
  }

  return {
    code: () => (leftMs() > 0 ? `${window.code.slice(0, 5)}-${window.code.slice(5)}` : undefined),
    judge(text, from = '') {
      if (leftMs() === 0) return { kind: 'over' }
      const waitMs = window.wrong.waitMs(from)
      if (waitMs > 0) return { kind: 'wait', waitMs }
      return timingSafeEqual(digest(normalizeCode(text)), digest(window.code)) ? { kind: 'right' } : countWrong(from)
    },
    reopen: () => {
      window = open()
    },
    hold: forMs => {
      if (leftMs() > 0) window.endsMs = Math.max(window.endsMs, monotonicMs() + forMs)
    },
    leftMs,
    pauseMs,
    openUntilMs: () => tellEnd(window.endsMs),
    pausedUntilMs: () => tellPause(window.wrong.pausedUntilMs()),
  }
}
