/** Accepts runs: one that is awaited is executed and recorded before its answer, any other is stored and has its turn. */
import type { Ids } from '../core/clock.ts'
import { normalizeTags } from '../core/entity.ts'
import { busyError, dispatchError, isEntry } from '../core/errors.ts'
import { BusyError } from '../core/execution.ts'
import { memberText } from '../core/json.ts'
import type { CallableFunction, FunctionReader, Log } from '../core/ports.ts'
import type { RunStore } from '../store/port.ts'
import { createAsyncRuns } from './async-runs.ts'
import { createPerformer, type PerformDependencies } from './perform.ts'
import type { Run, RunBody } from './schema.ts'

export interface RunnerDependencies extends PerformDependencies {
  functions: FunctionReader
  runs: RunStore
  ids: Ids
  log: Log
  /** How many runs that nobody awaits may wait for their turn. */
  maxWaiting: number
}

export interface RunRequest {
  org: string
  functionName: string
  body: RunBody
  bodyText: string
}

/** Since the start, but for what waits and is active now. */
export interface RunnerStats {
  /** Runs that nobody awaits and that are not begun. */
  waiting: number
  /** Runs that nobody awaits and that are under way. */
  active: number
  /** Refused because as many waited as may. */
  refused: number
}

export interface Runner {
  /** The run's JSON: finished when `blocking`, else as accepted. DispatchError when it cannot be accepted. */
  run(request: RunRequest): Promise<string>
  /** Takes up what was waiting when the server stopped; returns how many there were. */
  restore(): Promise<number>
  /** Refuses new runs and resolves when none is under way any more; what is not begun stays for the next start. */
  drain(): Promise<void>
  stats(): RunnerStats
}

const mergeSecrets = (own: string[], asked: string[] | undefined): string[] | null =>
  own.length === 0 && asked === undefined ? null : [...own, ...(asked ?? [])]

export function createRunner(deps: RunnerDependencies): Runner {
  const { functions, runs, clock, ids } = deps
  const performer = createPerformer(deps)
  const asyncRuns = createAsyncRuns({ ...deps, performer })
  const idle = Promise.withResolvers<void>()
  let underWay = 0
  let draining = false
  let refused = 0

  const createRun = ({ org, functionName, body, bodyText }: RunRequest, callable: CallableFunction): Run => ({
    name: ids.runId(),
    org,
    functionName,
    functionId: callable.revision.functionId,
    faasId: callable.revision.revisionId,
    blocking: body.blocking === true,
    status: 'INITIALIZED',
    inputJson: memberText(bodyText, 'input', body.input),
    reason: null,
    secrets: mergeSecrets(callable.secrets, body.secrets),
    ...(body.httpContext && { httpContext: body.httpContext }),
    ...(body.event && { event: body.event }),
    executedNs: clock.nowNs(),
    tags: normalizeTags(body.tags),
  })

  const run: Runner['run'] = async request => {
    if (draining) throw dispatchError('DRAINING', {})
    underWay += 1
    let callable: CallableFunction | undefined
    try {
      callable = await functions.find(request.org, request.functionName)
      const accepted = createRun(request, callable)
      if (!accepted.blocking) return await asyncRuns.accept(accepted)
      return await performer.perform(accepted, callable, runs.put)
    } catch (thrown) {
      const error = thrown instanceof BusyError ? busyError(thrown.message, thrown.retryAfterSeconds) : thrown
      if (isEntry(error, 'BUSY')) refused += 1
      throw error
    } finally {
      callable?.release()
      underWay -= 1
      if (draining && underWay === 0) idle.resolve()
    }
  }

  return {
    run,
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
