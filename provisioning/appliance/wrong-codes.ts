/** What wrong codes cost: who types them waits, and where there are many, everybody who has typed one. */

/** Of one peer. */
export const maxWrongCodes = 5
/** Of all in a minute: who guesses may have many addresses. */
export const maxWrongOfAll = 50
export const waitMs = 60_000
/** More are forgotten, the oldest first: a fresh try each is nothing against 50 bits, and memory is. */
const maxPeers = 10_000

export interface WrongCodes {
  /** 0: one of this peer would be looked at. */
  waitMs(from: string): number
  /** Answers with how many more there may be before a pause. */
  count(from: string): number
  /** Monotonic: when the pause ends that holds for all; long ago without one. */
  pausedUntilMs(): number
}

interface Tries {
  wrong: number
  waitUntilMs: number
}

export function createWrongCodes(monotonicMs: () => number): WrongCodes {
  const peers = new Map<string, Tries>()
  const all = { wrong: 0, minuteEndsMs: 0, waitUntilMs: 0 }

  function countOfAll(): void {
    const now = monotonicMs()
    if (now >= all.minuteEndsMs) Object.assign(all, { wrong: 0, minuteEndsMs: now + waitMs })
    all.wrong += 1
    if (all.wrong >= maxWrongOfAll) all.waitUntilMs = all.minuteEndsMs
  }

  function triesOf(from: string): Tries {
    const tries = peers.get(from) ?? { wrong: 0, waitUntilMs: 0 }
    peers.set(from, tries)
    const [oldest] = peers.keys()
    if (peers.size > maxPeers && oldest !== undefined) peers.delete(oldest)
    return tries
  }

  return {
    // Whoever has typed no wrong one is looked at: else strangers who guess would keep the owner out for ever.
    waitMs: from => {
      const own = peers.get(from)
      return own ? Math.max(0, Math.max(own.waitUntilMs, all.waitUntilMs) - monotonicMs()) : 0
    },
    count: from => {
      countOfAll()
      const tries = triesOf(from)
      tries.wrong += 1
      if (tries.wrong < maxWrongCodes) return maxWrongCodes - tries.wrong
      Object.assign(tries, { wrong: 0, waitUntilMs: monotonicMs() + waitMs })
      return 0
    },
    pausedUntilMs: () => all.waitUntilMs,
  }
}
