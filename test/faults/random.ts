/** Chance that can be repeated: each loop of faults says its seed, and the same seed makes the same choices. */

export interface Random {
  /** From 0 to below 1. */
  next(): number
  /** A whole number from 0 to below the bound. */
  below(bound: number): number
  pick<T>(from: readonly [T, ...T[]]): T
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return { next, below, pick: from => from[below(from.length)] ?? from[0] }
}
