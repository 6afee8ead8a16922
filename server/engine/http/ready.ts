/** Waits until what is in a container answers: its proxy, and the language server behind it where there is one. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Exchanged, exchange } from './exchange.ts'

export interface ReadyOptions {
  address: string
  /** The image says that its proxy has language servers behind it. */
  hasLanguageServer: boolean
  timeoutMs: number
  signal: AbortSignal
}

/** Fixed by the contract of images. */
export const proxyPort = 8080
/** Of the first language server of the original's images; all of them start together. */
const languagePort = 9000

const firstPauseMs = 20
const maxPauseMs = 500
const maxBytes = 64 * 1024
const askTimeoutMs = 5_000
/** A language server may listen where only its proxy reaches it: calls that come too early are tried again then. */
const languageTimeoutMs = 10_000

/** Rejects with the last answer when the time is over, or with the reason of the signal. */
export async function untilReady({ address, hasLanguageServer, timeoutMs, signal }: ReadyOptions): Promise<void> {
  const proxy = `http://${address}:${proxyPort}/healthz`
  const last = await untilAnswer(proxy, isHealthy, { timeoutMs, signal })
  if (!isHealthy(last))
    throw new Error(`it did not become healthy within ${timeoutMs / 1000} s: GET ${proxy}: ${describe(last)}`)
  if (!hasLanguageServer) return
  const languageServer = `http://${address}:${languagePort}/healthz`
  await untilAnswer(languageServer, ({ kind }) => kind !== 'unreached', { timeoutMs: languageTimeoutMs, signal })
}

type Times = Pick<ReadyOptions, 'timeoutMs' | 'signal'>

/** Resolves with the last answer when the time is over. */
async function untilAnswer(url: string, isFine: (got: Exchanged) => boolean, times: Times): Promise<Exchanged> {
  const endMs = performance.now() + times.timeoutMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 1.5)) {
    const signal = AbortSignal.any([times.signal, AbortSignal.timeout(askTimeoutMs)])
    const got = await exchange({ url, maxBytes, bodyTimeoutMs: askTimeoutMs, signal })
    if (times.signal.aborted) throw times.signal.reason
    if (isFine(got) || performance.now() > endMs) return got
    await pause(pauseMs, undefined, { signal: times.signal }).catch(() => undefined)
  }
}

const isHealthy = (got: Exchanged): boolean => got.kind === 'answer' && got.status === 200

function describe(got: Exchanged): string {
  if (got.kind === 'answer') return `status ${got.status}`
  return got.kind === 'too-long' ? 'its answer is too long' : got.cause
}
