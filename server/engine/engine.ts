/** The execution engine: pools of ready containers, a warm function for each revision that is in use. */
import { msOf } from '../core/clock.ts'
import { BusyError, type Contract, type Execution, type FunctionRevision } from '../core/execution.ts'
import { within } from '../core/within.ts'
import { startContainer } from './container.ts'
import { createCounters } from './counters.ts'
import { createWarmFunction, type FunctionOptions, type WarmFunction } from './function.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createHttpFunctions } from './http/functions.ts'
import { concurrencyOf } from './http/plan.ts'
import { createLive } from './live.ts'
import { loadRevision } from './load.ts'
import type { EngineOptions } from './options.ts'
import { systemError } from './outcomes.ts'
import { createPools } from './pools.ts'
import { createShare } from './share.ts'

/** Begins at once to clear away what a former life of this server left in Docker; every start waits for that. */
export function createEngine(options: EngineOptions): Execution {
  const { limits, log, clock } = options
  const housekeeping = createHousekeeping(options)
  const ending = new AbortController()
  const start = { ...options, ...housekeeping, ending: ending.signal }
  const pools = createPools({ start: (image, network) => startContainer(image, network, start), limits, log })
  const functions = new Map<string, WarmFunction>()
  const leaving = new Set<WarmFunction>()
  const counters = createCounters()
  const live = createLive()
  const http = createHttpFunctions({ ...start, onStart: () => counters.wake(true) })
  const takeContainer = async (revision: FunctionRevision) => {
    const { container, waited } = await pools.take(revision)
    counters.wake(waited)
    return container
  }
  const callsAtOnce = (revision: FunctionRevision): number =>
    revision.contract === 'http' ? concurrencyOf(revision) : (revision.limits.concurrency ?? limits.concurrency)
  const openers: Record<Contract, FunctionOptions['open']> = {
    worker: (revision, signal) =>
      loadRevision(revision, {
        signal,
        takeContainer: () => takeContainer(revision),
        concurrency: callsAtOnce(revision),
      }),
    http: http.open,
  }
  const shared = {
    log,
    live,
    onLost: counters.lost,
    nowMs: () => msOf(clock.nowNs()),
    elapsedMs: () => performance.now(),
    room: { count: 0, bytes: 0 },
    share: createShare(limits.maxWorkers),
  }
  let closing = false

  function functionOf(revision: FunctionRevision): WarmFunction {
    const known = functions.get(revision.revisionId)
    if (known) return known
    const own = { ...limits, concurrency: callsAtOnce(revision) }
    const created = createWarmFunction(revision, { ...shared, limits: own, open: openers[revision.contract] })
    functions.set(revision.revisionId, created)
    return created
  }

  async function retire(known: WarmFunction, graceMs: number | undefined): Promise<void> {
    leaving.add(known)
    const drained = known.drained()
    await (graceMs === undefined ? drained : within(graceMs, drained))
    await known.end('its function was deleted or replaced')
    leaving.delete(known)
  }

  async function removeAll(all: readonly WarmFunction[]): Promise<void> {
    ending.abort(new Error(shuttingDown))
    await Promise.all([...all.map(known => known.end(stopped)), pools.close()])
    await housekeeping.close()
  }

  return {
    setImages: images => {
      if (!closing) pools.setImages(images.filter(({ contract }) => contract === 'worker'))
    },

    keepOnly: http.keepOnly,

    load: revision => (closing ? Promise.reject(new Error(shuttingDown)) : functionOf(revision).wake()),

    unload: async (revisionId, graceMs) => {
      const known = functions.get(revisionId)
      functions.delete(revisionId)
      if (known) await retire(known, graceMs)
      pools.forget(revisionId)
      // Of one that is asleep only Docker knows whether there is anything to remove.
      if (known?.contract !== 'worker') await http.forget(revisionId)
    },

    concurrencyOf: callsAtOnce,

    invoke: async (revision, invocation) => {
      if (closing && 'begin' in invocation) throw new BusyError(shuttingDown, 0)
      if (closing) return systemError(shuttingDown)
      try {
        const outcome = await functionOf(revision).invoke(invocation)
        counters.call(outcome)
        return outcome
      } catch (thrown) {
        if (thrown instanceof BusyError && !('begin' in invocation)) counters.busy()
        throw thrown
      }
    },

    follow: live.follow,

    memoryOf: async revisionId => functions.get(revisionId)?.memory(),

    stats: () => ({
      pools: pools.stats(),
      functions: [...functions.values(), ...leaving].map(known => known.stats()),
      workers: { used: shared.share.taken, limit: limits.maxWorkers },
      counters: counters.snapshot(),
    }),

    close: async timeoutMs => {
      closing = true
      const all = [...functions.values(), ...leaving]
      await within(timeoutMs, Promise.all(all.map(known => known.drained())))
      // A Docker that does not answer holds nobody up; what is left is removed by the next life.
      await within(limits.removalMs, removeAll(all))
    },
  }
}

const stopped = 'the server was stopped, and the time for calls to end was over'
const shuttingDown = 'the server is shutting down; try again in a moment'
