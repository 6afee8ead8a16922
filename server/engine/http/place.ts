/** Where a container of an image of others is reached: started again when it has ended, found again where it has moved to. */
import { messageOf } from '../../core/errors.ts'
import { FunctionLoadError } from '../../core/execution.ts'
import type { ContainerState, Docker } from '../../docker/port.ts'
import type { CallEnd } from '../calls.ts'
import { ContainerLostError } from '../control.ts'
import type { EngineLimits } from '../options.ts'
import { proxyPort, untilReady } from './ready.ts'

/** From one start of the container to its end; the reason of the abort says how it ended. */
export type Life = Pick<AbortController, 'signal'>

export interface Reached {
  url: string
  life: Life
}

export interface Place {
  /** Resolves once it answers. Rejects, and is lost, when it does not: with FunctionLoadError when what is in it is at fault. */
  reach(): Promise<Reached>
  /** It does not answer there any more. */
  forget(life: Life): void
  /** It has answered a call. */
  served(life: Life): void
  /** Docker says that it has ended. */
  ended(): void
  /** What a call ended with that broke off: what the container ended with, if it has. */
  explain(life: Life, otherwise: CallEnd): Promise<CallEnd>
  /** Of no use any more; the first reason counts. */
  lose(reason: string): void
  readonly lost: Promise<string>
}

export interface PlaceOptions {
  docker: Pick<Docker, 'inspectContainer' | 'startContainer' | 'readLog'>
  dockerId: string
  hasLanguageServer: boolean
  limits: Pick<EngineLimits, 'readyTimeoutMs'>
  /** Nobody needs it any more. */
  signal: AbortSignal
}

/** Docker tells the end of a container a little later than its connections end. */
const toldMs = 1_000
const shownLines = 20

class ContainerEnd extends Error {
  readonly state: ContainerState | undefined

  constructor(state: ContainerState | undefined) {
    super(state ? `its container ended with exit code ${state.exitCode}` : 'its container was removed')
    this.state = state
  }
}

export function createPlace({ docker, dockerId, hasLanguageServer, limits, signal }: PlaceOptions): Place {
  const lost = Promise.withResolvers<string>()
  let life = new AbortController()
  /** The last one in which it did. */
  let answered: AbortController | undefined
  /** The last one in which it answered a call. */
  let useful: Life | undefined
  let reaching: Promise<Reached> | undefined
  /** Since it ended. */
  let wanted = Promise.withResolvers<void>()
  let lostReason: string | undefined

  function lose(reason: string): void {
    lostReason ??= reason
    lost.resolve(reason)
    life.abort(new Error(reason))
  }

  /** The way that counts from now on; when it leads nowhere, the container is lost. */
  function follow(arriving: Promise<Reached>): Promise<Reached> {
    reaching = arriving
    arriving.catch(thrown => {
      if (reaching === arriving) lose(messageOf(thrown))
    })
    return arriving
  }

  async function start(): Promise<ContainerState> {
    const found = await docker.inspectContainer(dockerId)
    if (found?.running) return found
    if (!found) throw new ContainerLostError('it is not there any more')
    // Somebody else may be starting it, too.
    const failure = await docker.startContainer(dockerId).then(() => undefined, messageOf)
    const started = await docker.inspectContainer(dockerId)
    if (started?.running) return started
    throw failure === undefined ? await explainEnd(started) : new ContainerLostError(failure)
  }

  async function explainEnd(state: ContainerState | undefined): Promise<Error> {
    if (!state) return new ContainerLostError('it was removed')
    const printed = await docker.readLog(dockerId, shownLines).catch(() => [])
    const how = state.outOfMemory ? 'ran out of memory' : `ended with exit code ${state.exitCode}`
    return new FunctionLoadError([`its container ${how} before it answered`, ...printed].join('\n'))
  }

  async function arrive(begun: AbortController): Promise<Reached> {
    const { address } = await start()
    if (address === undefined) throw new Error('Docker gave it no address')
    const either = AbortSignal.any([begun.signal, signal])
    await untilReady({ address, hasLanguageServer, timeoutMs: limits.readyTimeoutMs, signal: either }).catch(
      async thrown => {
        if (thrown instanceof ContainerEnd) throw await explainEnd(thrown.state)
        throw signal.aborted ? thrown : new FunctionLoadError(messageOf(thrown), { cause: thrown })
      },
    )
    answered = begun
    return { url: `http://${address}:${proxyPort}/`, life: begun }
  }

  /**
   * How it ended is known only until it runs again. One that has never answered is not tried again and again; one that has
   * answered no call is started by the next: by itself it would end and be started for ever.
   */
  async function bury(before: AbortController): Promise<Reached> {
    const state = await docker.inspectContainer(dockerId).catch(() => undefined)
    before.abort(new ContainerEnd(state))
    if (answered !== before) throw new ContainerLostError('it ended before it answered')
    if (state && useful !== before) await wanted.promise
    return await arrive(life)
  }

  return {
    reach: () => {
      if (lostReason !== undefined) return Promise.reject(new ContainerLostError(lostReason))
      wanted.resolve()
      return reaching ?? follow(arrive(life))
    },
    forget: left => {
      if (left === life) reaching = undefined
    },
    served: left => {
      useful = left
    },
    ended: () => {
      if (lostReason !== undefined) return
      const before = life
      life = new AbortController()
      wanted = Promise.withResolvers()
      void follow(bury(before))
    },
    explain: async (left, otherwise) => {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, toldMs)
      left.signal.addEventListener('abort', () => resolve(), { once: true })
      if (!left.signal.aborted) await late
      clearTimeout(timer)
      const { reason } = left.signal
      if (!(reason instanceof ContainerEnd) || !reason.state?.outOfMemory) return otherwise
      const { exitCode: code, outOfMemory } = reason.state
      return { kind: 'exited', end: { code, signal: null, outOfMemory }, logs: [] }
    },
    lose,
    lost: lost.promise,
  }
}
