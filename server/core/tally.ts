/** Counts values by size, as histograms show them. */

export interface Tallied {
  /** Upper bounds, ascending; a value belongs to the first that is not smaller. */
  bounds: readonly number[]
  /** One more than there are bounds: the last counts what exceeds them all. */
  counts: readonly number[]
  sum: number
}

export interface Tally extends Tallied {
  add(value: number): void
}

/** Cheap enough for every call: no allocation, and nothing is rendered before somebody asks. */
export function createTally(bounds: readonly number[]): Tally {
  const counts = new Array<number>(bounds.length + 1).fill(0)
  const tally = {
    bounds,
    counts,
    sum: 0,
    add: (value: number) => {
      let place = 0
      while (place < bounds.length && value > (bounds[place] ?? 0)) place += 1
      counts[place] = (counts[place] ?? 0) + 1
      tally.sum += value
    },
  }
  return tally
}
