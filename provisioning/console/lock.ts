/** How long the next password must wait: twice as long after each wrong one, until one is right. */
import type { View } from './view.ts'

type Lock = View['lock']

const firstWaitMs = 1000
/** Longer would lock out whoever owns the appliance, and nobody guesses a password at one a minute. */
const longestWaitMs = 60_000

export const openLock: Lock = { wrongCount: 0, waitUntilMs: 0 }

export const afterWrong = ({ wrongCount }: Lock, nowMs: number): Lock => ({
  wrongCount: wrongCount + 1,
  waitUntilMs: nowMs + Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(wrongCount, 16)),
})

export const isWaiting = ({ waitUntilMs }: Lock, nowMs: number): boolean => waitUntilMs > nowMs
