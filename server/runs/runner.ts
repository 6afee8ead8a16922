/** Accepts runs: one that is awaited is executed and recorded before its answer, any other is stored and has its turn. */
import type { Ids } from '../core/clock.ts'
import type { Tag } from '../core/entity.ts'
import { busyError, dispatchError, isEntry } from '../core/errors.ts'
import { BusyError, type Execution } from '../core/execution.ts'
import type { Call, CallableFunction, FunctionReader, Invoker, Log } from '../core/ports.ts'
import type { RunStore } from '../store/port.ts'
import { createAsyncRuns } from './async-runs.ts'
import type { Callee } from './execute.ts'
import { createPerformer, type PerformDependencies } from './perform.ts'
import type { Run } from './schema.ts'

export interface RunnerDependencies extends PerformDependencies {
  execution: Pick<Execution, 'invoke' | 'concurrencyOf'>
  functions: FunctionReader
  runs: RunStore
  ids: Ids
  log: Log
  /** How many runs that nobody awaits may wait for their turn. */
  maxWaiting: number
}

export interface RunRequest extends Call {
  /** Whether its caller waits for its end. */
  blocking: boolean
  tags: Tag[] | null
}

/** Since the start, but for what waits and is active now. */
export interface RunnerStats {
  /** Runs that nobody awaits and that are not begun. */
  waiting: number
  /** Runs that nobody awaits and that are under way. */
  active: number
  /** Refused because as many waited as may, but for deliveries, which come again by themselves. */
  refused: number
}

export interface Runner {
  /** The run's JSON: finished when `blocking`, else as accepted. DispatchError when it cannot be accepted. */
  run(request: RunRequest): Promise<string>
  invoker: Invoker
  /** Takes up what was waiting when the server stopped; returns how many there were. */
  restore(): Promise<number>
  /** Refuses new runs and resolves when none is under way any more; what is not begun stays for the next start. */
  drain(): Promise<void>
  stats(): RunnerStats
}

const mergeSecrets = (own: string[], asked: string[] | undefined): string[] | null =>
  own.length === 0 && asked === undefined ? null : [...own, ...(asked ?? [])]

/** 0: no limit. */
const shorter = (a: number, b: number): number => (a === 0 || b === 0 ? a + b : Math.min(a, b))

export function createRunner(deps: RunnerDependencies): Runner {
  const { functions, runs, clock, ids } = deps
  const performer = createPerformer(deps)
  const asyncRuns = createAsyncRuns({ ...deps, performer })
  const idle = Promise.withResolvers<void>()
  let underWay = 0
  let draining = false
  let refused = 0

  const createRun = (request: RunRequest, { revision, secrets }: CallableFunction): Run => ({
    name: ids.runId(),
    org: request.org,
    functionName: request.functionName,
    functionId: revision.functionId,
    faasId: revision.revisionId,
    blocking: request.blocking,
    status: 'INITIALIZED',
    inputJson: request.inputJson,
    reason: null,
    secrets: mergeSecrets(secrets, request.secrets),
    ...(request.httpContext && { httpContext: request.httpContext }),
    ...(request.event && { event: request.event }),
    executedNs: clock.nowNs(),
    tags: request.tags,
  })

  /** Hands the run over with the version of its function that is kept until `then` has ended. */
  const accept = async <End>(
    request: RunRequest,
    then: (run: Run, callable: CallableFunction) => Promise<End>,
  ): Promise<End> => {
    if (draining) throw dispatchError('DRAINING', {})
    underWay += 1
    let callable: CallableFunction | undefined
    try {
      callable = await functions.find(request.org, request.functionName)
      return await then(createRun(request, callable), callable)
    } catch (thrown) {
      throw thrown instanceof BusyError ? busyError(thrown.message, thrown.retryAfterSeconds) : thrown
    } finally {
      callable?.release()
      underWay -= 1
      if (draining && underWay === 0) idle.resolve()
    }
  }

  /** Of a caller who is told so. */
  const countRefusal = (thrown: unknown): never => {
    if (isEntry(thrown, 'BUSY')) refused += 1
    throw thrown
  }

  const performAwaited = (run: Run, callable: Callee) =>
    performer.perform(run, callable, { record: runs.put, isRepeated: false })

  const invoker: Invoker = {
    call: call => {
      const blocking = call.event === undefined
      const called = accept({ ...call, blocking, tags: null }, async (run, callable) => {
        const { onPiece } = call
        const timeoutMs = shorter(callable.timeoutMs, call.timeoutMs ?? 0)
        const { outcome } = await performAwaited(run, { ...callable, timeoutMs, ...(onPiece && { onPiece }) })
        return { runName: run.name, outcome }
      })
      return blocking ? called.catch(countRefusal) : called
    },
    enqueue: call =>
      accept({ ...call, blocking: false, tags: null }, async run => {
        await asyncRuns.accept(run)
        return run.name
      }).catch(countRefusal),
  }

  return {
    run: request =>
      accept(request, async (run, callable) =>
        run.blocking ? (await performAwaited(run, callable)).body : asyncRuns.accept(run),
      ).catch(countRefusal),
    invoker,
    restore: asyncRuns.restore,
    drain: async () => {
      draining = true
      const stopped = asyncRuns.stop()
      if (underWay > 0) await idle.promise
      await stopped
    },
    stats: () => ({ waiting: asyncRuns.waiting, active: asyncRuns.active, refused }),
  }
}
