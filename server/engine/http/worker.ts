/** A worker that is asked over HTTP: what answers in a container of an image of others. */
import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../../core/errors.ts'
import type { CallEnd, CallRequest, WorkerEnd } from '../calls.ts'
import type { EngineLimits } from '../options.ts'
import type { Worker } from '../worker.ts'
import { isBroken, isRefused, maxAnswerBytes, parseExchange } from './answer.ts'
import { exchange } from './exchange.ts'
import type { Place } from './place.ts'

export interface HttpWorkerOptions {
  number: number
  capacity: number
  place: Place
  limits: EngineLimits
}

interface Open {
  controller: AbortController
  /** The URL that it was sent to: the function may have it. */
  sentTo: string | undefined
}

const firstPauseMs = 50
const maxPauseMs = 500
const nothing: CallEnd = { kind: 'result', output: Buffer.alloc(0), error: undefined, logs: [] }
const blind: Worker['watch'] = { begin: () => undefined, end: () => undefined }

export function createHttpWorker({ number, capacity, place, limits }: HttpWorkerOptions): Worker {
  const ended = Promise.withResolvers<WorkerEnd>()
  const leaving = Promise.withResolvers<void>()
  const open = new Map<Promise<CallEnd>, Open>()
  let isLeaving = false

  function finish(end: WorkerEnd): void {
    isLeaving = true
    leaving.resolve()
    ended.resolve(end)
  }
  void place.lost.then(reason => finish({ kind: 'lost', reason }))

  /** One try: undefined when the function has certainly not run. */
  async function attempt(body: string, call: Open): Promise<CallEnd | undefined> {
    const { url, life } = await place.reach()
    const { signal: own } = call.controller
    if (own.aborted) return nothing
    call.sentTo = url
    const { bodyTimeoutMs } = limits
    const signal = AbortSignal.any([own, life.signal])
    const got = await exchange({ url, body, maxBytes: maxAnswerBytes(limits), bodyTimeoutMs, signal })
    if (own.aborted) return nothing
    if (got.kind === 'unreached') place.forget(life)
    const end = parseExchange(got, url, limits)
    if (got.kind === 'unreached' || isRefused(end)) {
      call.sentTo = undefined
      return undefined
    }
    if (got.kind === 'answer') place.served(life)
    return got.kind === 'failed' ? await place.explain(life, end) : end
  }

  async function run(body: string, call: Open): Promise<CallEnd> {
    const { signal } = call.controller
    const endMs = performance.now() + limits.refusedMs
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 2)) {
      const end = await attempt(body, call)
      if (end) {
        if (isBroken(end) && capacity === 1) place.lose('its language server went away during a call')
        return end
      }
      if (performance.now() > endMs) {
        place.lose(`it refused a call for ${limits.refusedMs / 1000} s`)
        return { kind: 'unreached', reason: 'its language server refused the connection' }
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Of a call that nobody goes on with. */
  const endOf = (cause: string, { sentTo }: Open): CallEnd =>
    sentTo === undefined
      ? { kind: 'unreached', reason: cause }
      : parseExchange({ kind: 'failed', cause }, sentTo, limits)

  function begin({ contextJson, payloadJson }: CallRequest): Promise<CallEnd> {
    const call: Open = { controller: new AbortController(), sentTo: undefined }
    const aborted = Promise.withResolvers<CallEnd>()
    call.controller.signal.addEventListener('abort', () => aborted.resolve(nothing))
    const running = run(`{"context":${contextJson},"payload":${payloadJson}}`, call).catch(thrown =>
      endOf(messageOf(thrown), call),
    )
    const promise = Promise.race([running, aborted.promise]).finally(() => open.delete(promise))
    open.set(promise, call)
    return promise
  }

  /** Its proxy knows the deadline too, and answers with what was printed; who does not keep to it loses the container. */
  function giveUp(promise: Promise<CallEnd>): void {
    const call = open.get(promise)
    if (!call) return
    const end = () => {
      if (!open.has(promise)) return
      if (call.sentTo !== undefined) place.lose('a call did not end at its deadline')
      call.controller.abort()
    }
    if (call.sentTo !== undefined) setTimeout(end, limits.graceMs)
    else end()
  }

  return {
    number,
    capacity,
    ended: ended.promise,
    leaving: leaving.promise,
    get isLeaving() {
      return isLeaving
    },
    watch: blind,
    call: begin,
    giveUp,
    // What it answers with lives as long as its container.
    kill: () => finish({ kind: 'exited', end: { code: 0, signal: null, outOfMemory: false }, logs: [] }),
  }
}
