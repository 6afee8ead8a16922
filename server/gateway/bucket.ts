/** A token bucket: how many requests a client may make, now and in the long run. Whole numbers, so that nothing is lost by rounding. Pure. */
import type { RateLimit } from '../core/ports.ts'

export interface Bucket {
  /** What is in it: a request costs 1000 for each second of the limit, and each millisecond brings one for each request of it. */
  held: number
  atMs: number
}

const costOf = ({ perSeconds }: RateLimit): number => perSeconds * 1000
const capacityOf = (limit: RateLimit): number => limit.burst * costOf(limit)

/** What is in a bucket by now; a client that is not known has a full one. */
export function fill(bucket: Bucket | undefined, limit: RateLimit, nowMs: number): Bucket {
  const capacity = capacityOf(limit)
  if (!bucket) return { held: capacity, atMs: nowMs }
  const elapsedMs = Math.max(0, nowMs - bucket.atMs)
  return { held: Math.min(capacity, bucket.held + elapsedMs * limit.requests), atMs: Math.max(nowMs, bucket.atMs) }
}

/** undefined: there is not enough in it. */
export const take = (bucket: Bucket, limit: RateLimit): Bucket | undefined =>
  bucket.held < costOf(limit) ? undefined : { ...bucket, held: bucket.held - costOf(limit) }

export const remainingOf = (bucket: Bucket, limit: RateLimit): number => Math.floor(bucket.held / costOf(limit))

const secondsUntil = (held: number, bucket: Bucket, { requests }: RateLimit): number =>
  Math.ceil(Math.max(0, held - bucket.held) / requests / 1000)

export const secondsUntilNext = (bucket: Bucket, limit: RateLimit): number => secondsUntil(costOf(limit), bucket, limit)
export const secondsUntilFull = (bucket: Bucket, limit: RateLimit): number =>
  secondsUntil(capacityOf(limit), bucket, limit)
