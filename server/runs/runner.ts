/** Accepts runs, executes them and records them: what was answered is on disk. */
import type { Ids } from '../core/clock.ts'
import { normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import { memberText } from '../core/json.ts'
import type { CallableFunction, FunctionReader, Log } from '../core/ports.ts'
import type { RunStore } from '../store/port.ts'
import { type ExecuteDependencies, executeRun } from './execute.ts'
import type { LiveRuns } from './live.ts'
import { type Run, type RunBody, renderRun, toRecord } from './schema.ts'

export interface RunnerDependencies extends ExecuteDependencies {
  functions: FunctionReader
  runs: RunStore
  live: Pick<LiveRuns, 'begin' | 'end'>
  ids: Ids
  log: Log
}

export interface RunRequest {
  org: string
  functionName: string
  body: RunBody
  bodyText: string
}

export interface Runner {
  /** The run's JSON: finished when `blocking`, else as accepted. DispatchError when it cannot be accepted. */
  run(request: RunRequest): Promise<string>
  /** Refuses new runs and resolves when none is under way any more. */
  drain(): Promise<void>
}

const mergeSecrets = (own: string[], asked: string[] | undefined): string[] | null =>
  own.length === 0 && asked === undefined ? null : [...own, ...(asked ?? [])]

export function createRunner(deps: RunnerDependencies): Runner {
  const { functions, runs, live, clock, ids, log } = deps
  const underWay = new Set<Promise<void>>()
  let draining = false

  const record = async (run: Run): Promise<string> => {
    const body = renderRun(run)
    await runs.put(toRecord(run, body))
    return body
  }

  const track = <T>(work: Promise<T>): Promise<T> => {
    const settled: Promise<void> = work
      .then(
        () => {},
        () => {},
      )
      .then(() => void underWay.delete(settled))
    underWay.add(settled)
    return work
  }

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

  const begin = async (run: Run, callable: CallableFunction): Promise<string> => {
    const finish = async () => {
      live.begin(run)
      try {
        const finished = await executeRun(deps, run, callable).finally(callable.release)
        const recorded = await record(finished)
        live.end(run.name, finished)
        return recorded
      } finally {
        live.end(run.name)
      }
    }
    if (run.blocking) return finish()
    const accepted = await record(run)
    track(finish()).catch(thrown =>
      log.error({ err: thrown, run: run.name }, 'an asynchronous run could not be recorded'),
    )
    return accepted
  }

  const accept: Runner['run'] = async request => {
    const callable = await functions.find(request.org, request.functionName)
    try {
      return await begin(createRun(request, callable), callable)
    } catch (thrown) {
      callable.release()
      throw thrown
    }
  }

  return {
    run: request => {
      if (draining) return Promise.reject(dispatchError('DRAINING', {}))
      return track(accept(request))
    },
    drain: async () => {
      draining = true
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
