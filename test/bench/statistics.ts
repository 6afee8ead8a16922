/** The statistics that figures are told by. */

export type Statistic = 'min' | 'p50' | 'p99' | 'max'

const shares: Record<Statistic, number> = { min: 0, p50: 0.5, p99: 0.99, max: 1 }

/** Of ascending values, by nearest rank; NaN of none. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const rank = Math.ceil(ascending.length * share) - 1
  return ascending[Math.min(ascending.length - 1, Math.max(0, rank))] ?? Number.NaN
}

export const statisticOf = (values: readonly number[], statistic: Statistic): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    shares[statistic],
  )

export const median = (values: readonly number[]): number => statisticOf(values, 'p50')
