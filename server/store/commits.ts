/** Counts the commits of a store. */
import { createTally } from '../core/tally.ts'
import type { StoreStats } from './port.ts'

const secondsBounds = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5]
const writesBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

export interface Commits extends StoreStats {
  add(writes: number, seconds: number): void
}

export function createCommits(): Commits {
  const commitSeconds = createTally(secondsBounds)
  const commitWrites = createTally(writesBounds)
  return {
    commitSeconds,
    commitWrites,
    add: (writes, seconds) => {
      commitWrites.add(writes)
      commitSeconds.add(seconds)
    },
  }
}
