/**
 * Closed-loop load: so many connections, each sending its next request when the last answer is complete. Raw sockets and
 * prepared bytes, since whatever the client costs is taken from the server that shares its cores.
 */
import { scanAnswer } from './answer.ts'
import { type Line, openLine } from './line.ts'

export interface Target {
  port: number
  /** The whole request as sent. */
  request: Buffer
  /** Stands in the body of each answer; looked for in a sample of them. */
  contains: string
}

export interface Load {
  connections: number
  /** Asked after each answer. */
  goesOn(calls: number, elapsedMs: number): boolean
}

export interface LoadResult {
  /** Ascending. */
  latenciesMs: Float64Array
  perSecond: number
  /** CPU time of the load itself, per call. */
  ownCpuMicroseconds: number
}

const sampleEvery = 64

export function prepareRequest(path: string, headers: Record<string, string>, body: string): Buffer {
  const all = {
    host: '127.0.0.1',
    'content-type': 'application/json',
    ...headers,
    'content-length': Buffer.byteLength(body),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

/** Collects times without an allocation for each. */
function createTimes(): { add(ms: number): number; sorted(): Float64Array } {
  let times = new Float64Array(1 << 14)
  let count = 0
  return {
    add: ms => {
      if (count === times.length) {
        const larger = new Float64Array(2 * count)
        larger.set(times)
        times = larger
      }
      times[count] = ms
      count += 1
      return count
    },
    sorted: () => times.slice(0, count).sort(),
  }
}

/** Throws at the first answer that is not what the first one was: a failed call must not count as a fast one. */
function createCheck({ contains }: Target): (bytes: Buffer, call: number) => void {
  let bodyBytes = -1
  return (bytes, call) => {
    const answer = scanAnswer(bytes)
    const body = () => bytes.toString('utf8', answer?.bodyStart)
    if (!answer || answer.status !== 200) throw new Error(`HTTP ${answer?.status} under load: ${body().slice(0, 300)}`)
    if (answer.bytes !== bytes.length) throw new Error('more than one answer came to one request')
    const length = answer.bytes - answer.bodyStart
    if (bodyBytes === length && call % sampleEvery !== 0) return
    if (!body().includes(contains)) throw new Error(`an answer lacks ${contains}: ${body().slice(0, 300)}`)
    if (bodyBytes < 0) bodyBytes = length
    if (bodyBytes !== length) throw new Error(`an answer has another length than the first: ${body().slice(0, 300)}`)
  }
}

export async function applyLoad(target: Target, { connections, goesOn }: Load): Promise<LoadResult> {
  const times = createTimes()
  const check = createCheck(target)
  const over = Promise.withResolvers<void>()
  let open = connections
  let calls = 0
  let startMs = 0
  const openOne = async (): Promise<Line> => {
    let sentMs = 0
    const onAnswer = (bytes: Buffer): boolean => {
      const nowMs = performance.now()
      check(bytes, calls)
      calls = times.add(nowMs - (sentMs || startMs))
      sentMs = nowMs
      if (goesOn(calls, nowMs - startMs)) return true
      open -= 1
      if (open === 0) over.resolve()
      return false
    }
    return openLine(target, { onAnswer, onFailure: over.reject })
  }
  const lines = await Promise.all(Array.from({ length: connections }, openOne))
  const cpuBefore = process.cpuUsage()
  startMs = performance.now()
  for (const line of lines) line.start()
  try {
    await over.promise
  } finally {
    for (const line of lines) line.end()
  }
  const elapsedMs = performance.now() - startMs
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    latenciesMs: times.sorted(),
    perSecond: (calls * 1000) / elapsedMs,
    ownCpuMicroseconds: (user + system) / calls,
  }
}

/** Goes on for so long. */
export const forMs =
  (durationMs: number): Load['goesOn'] =>
  (_, elapsedMs) =>
    elapsedMs < durationMs
