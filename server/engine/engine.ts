/** The execution engine: a pool of ready containers for each image, a warm function for each revision that is in use. */
import { msOf } from '../core/clock.ts'
import type { Execution, FunctionRevision, RuntimeImage } from '../core/execution.ts'
import { startContainer } from './container.ts'
import { createWarmFunction, type WarmFunction } from './function.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createLive } from './live.ts'
import type { EngineOptions } from './options.ts'
import { systemError } from './outcomes.ts'
import { createPool, type Pool } from './pool.ts'

/** Begins at once to clear away what a former life of this server left in Docker; every start waits for that. */
export function createEngine(options: EngineOptions): Execution {
  const { limits, log, clock } = options
  const housekeeping = createHousekeeping(options)
  const pools = new Map<string, Pool>()
  const functions = new Map<string, WarmFunction>()
  const leaving = new Set<WarmFunction>()
  const live = createLive()
  const nowMs = () => msOf(clock.nowNs())
  let closing = false

  const start = (image: RuntimeImage) => startContainer(image, { ...options, ...housekeeping })

  function openPool(image: RuntimeImage, size: number): Pool {
    const pool = createPool({ size, startsAtOnce: limits.startsAtOnce, start: () => start(image), log })
    pools.set(image.dockerImage, pool)
    return pool
  }

  function functionOf(revision: FunctionRevision): WarmFunction {
    const known = functions.get(revision.revisionId)
    if (known) return known
    // An image that is not declared (any more) has its containers started one by one.
    const takeContainer = () => (pools.get(revision.dockerImage) ?? openPool(revision, 0)).take()
    const created = createWarmFunction(revision, { takeContainer, nowMs, limits, log, live })
    functions.set(revision.revisionId, created)
    return created
  }

  return {
    setImages: images => {
      if (closing) return
      const wanted = new Set(images.map(image => image.dockerImage))
      for (const [dockerImage, pool] of pools) {
        pool.resize(wanted.has(dockerImage) ? limits.poolSize : 0)
        if (!wanted.has(dockerImage) && !pool.busy) pools.delete(dockerImage)
      }
      for (const image of images) if (!pools.has(image.dockerImage)) openPool(image, limits.poolSize)
    },

    load: revision => (closing ? Promise.reject(new Error(shuttingDown)) : functionOf(revision).wake()),

    unload: async (revisionId, graceMs) => {
      const known = functions.get(revisionId)
      if (!known) return
      functions.delete(revisionId)
      leaving.add(known)
      const drained = known.drained()
      await (graceMs === undefined ? drained : within(graceMs, drained))
      await known.end()
      leaving.delete(known)
    },

    invoke: (revision, invocation) =>
      closing ? Promise.resolve(systemError(shuttingDown)) : functionOf(revision).invoke(invocation),

    follow: live.follow,

    close: async timeoutMs => {
      closing = true
      const all = [...functions.values(), ...leaving]
      await within(timeoutMs, Promise.all(all.map(known => known.drained())))
      await Promise.all([...all.map(known => known.end()), ...[...pools.values()].map(pool => pool.close())])
      // A Docker that does not answer holds nobody up; what is left is removed by the next life.
      await within(lastAttemptMs, housekeeping.close())
    },
  }
}

const lastAttemptMs = 5_000
const shuttingDown = 'the server is shutting down; try again in a moment'

/** Resolves with the work, or without it when it takes longer. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, timeoutMs)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
