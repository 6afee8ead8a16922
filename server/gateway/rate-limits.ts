/** How many requests each client of each API may still make. */
import type { OutgoingHttpHeaders } from 'node:http'
import { dispatchError } from '../core/errors.ts'
import type { RateLimit, ServedApi } from '../core/ports.ts'
import type { Admission } from './admission.ts'
import { type Bucket, fill, remainingOf, secondsUntilFull, secondsUntilNext, take } from './bucket.ts'

export interface RateLimits {
  /** Takes one request from what the client has left. */
  spend(api: ServedApi, limit: RateLimit, client: string): Admission
  /** The same refusal, for who has nothing left; takes nothing. */
  look(api: ServedApi, limit: RateLimit, client: string): Admission
}

/** Beyond these the client that has not been seen for longest is forgotten: it begins with a full bucket again. */
const maxClients = 50_000

/** Another limit means other buckets. */
const keyOf = ({ org, name }: ServedApi, { requests, perSeconds, burst }: RateLimit, client: string): string =>
  `${org}/${name} ${requests}/${perSeconds}/${burst} ${client}`

const headersOf = (bucket: Bucket, limit: RateLimit): OutgoingHttpHeaders => ({
  'ratelimit-limit': String(limit.burst),
  'ratelimit-remaining': String(remainingOf(bucket, limit)),
  'ratelimit-reset': String(secondsUntilFull(bucket, limit)),
})

function refuse({ name }: ServedApi, limit: RateLimit, bucket: Bucket): Admission {
  const [requests, perSeconds] = [String(limit.requests), String(limit.perSeconds)]
  const seconds = String(secondsUntilNext(bucket, limit))
  const refusal = dispatchError('RATE_LIMITED', { name, requests, perSeconds, seconds })
  return { headers: { ...headersOf(bucket, limit), 'retry-after': seconds }, refusal }
}

export function createRateLimits(nowMs: () => number): RateLimits {
  /** In the order in which they were last seen. */
  const buckets = new Map<string, Bucket>()

  const keep = (key: string, bucket: Bucket): void => {
    buckets.delete(key)
    buckets.set(key, bucket)
    if (buckets.size <= maxClients) return
    const [oldest = ''] = buckets.keys()
    buckets.delete(oldest)
  }

  return {
    look: (api, limit, client) => {
      const bucket = fill(buckets.get(keyOf(api, limit, client)), limit, nowMs())
      return take(bucket, limit) ? { headers: headersOf(bucket, limit) } : refuse(api, limit, bucket)
    },
    spend: (api, limit, client) => {
      const key = keyOf(api, limit, client)
      const bucket = fill(buckets.get(key), limit, nowMs())
      const rest = take(bucket, limit)
      keep(key, rest ?? bucket)
      return rest ? { headers: headersOf(rest, limit) } : refuse(api, limit, bucket)
    },
  }
}
