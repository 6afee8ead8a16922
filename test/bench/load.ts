/** Closed-loop load: a fixed number of connections, each sending its next request when the last answer came. */
import { Pool } from 'undici'

export interface LoadRequest {
  origin: string
  path: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
}

export interface LoadResult {
  /** Every request's time in milliseconds, ascending. */
  latenciesMs: number[]
  perSecond: number
}

/** Rejects at the first answer that is not a run in READY: a failed call, which is HTTP 200 too, must not count as a fast one. */
export async function applyLoad(
  request: LoadRequest,
  { connections, durationMs }: { connections: number; durationMs: number },
): Promise<LoadResult> {
  const { origin, ...dispatch } = request
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const latenciesMs: number[] = []
  const startMs = performance.now()
  const worker = async (): Promise<void> => {
    while (performance.now() - startMs < durationMs) {
      const sentMs = performance.now()
      const { statusCode, body } = await pool.request(dispatch)
      const text = await body.text()
      if (statusCode >= 300 || !text.includes('"status":"READY"'))
        throw new Error(`HTTP ${statusCode} under load: ${text.slice(0, 200)}`)
      latenciesMs.push(performance.now() - sentMs)
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const elapsedMs = performance.now() - startMs
  await pool.close()
  return { latenciesMs: latenciesMs.sort((a, b) => a - b), perSecond: (latenciesMs.length * 1000) / elapsedMs }
}

export const quantile = (sorted: number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
