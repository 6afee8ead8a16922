/** Accepts runs, executes them and records them: what was answered is on disk. */
import type { Ids } from '../core/clock.ts'
import { normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import { memberText } from '../core/json.ts'
import type { FunctionReader, Log } from '../core/ports.ts'
import type { RunStore } from '../store/port.ts'
import { type ExecuteDependencies, executeRun } from './execute.ts'
import { type Run, type RunBody, renderRun, toRecord } from './schema.ts'

export interface RunnerDependencies extends ExecuteDependencies {
  functions: FunctionReader
  runs: RunStore
  ids: Ids
  log: Log
}

export interface Runner {
  /** The run's JSON: finished when `blocking`, else as accepted. DispatchError when it cannot be accepted. */
  run(request: { org: string; functionName: string; body: RunBody; bodyText: string }): Promise<string>
  /** Refuses new runs and resolves when none is under way any more. */
  drain(): Promise<void>
}

const mergeSecrets = (own: string[], asked: string[] | undefined): string[] | null =>
  own.length === 0 && asked === undefined ? null : [...own, ...(asked ?? [])]

export function createRunner(deps: RunnerDependencies): Runner {
  const { functions, runs, clock, ids, log } = deps
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

  const accept: Runner['run'] = async ({ org, functionName, body, bodyText }) => {
    const callable = await functions.find(org, functionName)
    const { revision, secrets } = callable
    const run: Run = {
      name: ids.runId(),
      org,
      functionName,
      functionId: revision.functionId,
      faasId: revision.revisionId,
      blocking: body.blocking === true,
      status: 'INITIALIZED',
      inputJson: memberText(bodyText, 'input', body.input),
      reason: null,
      secrets: mergeSecrets(secrets, body.secrets),
      ...(body.httpContext && { httpContext: body.httpContext }),
      ...(body.event && { event: body.event }),
      executedNs: clock.nowNs(),
      tags: normalizeTags(body.tags),
    }
    if (run.blocking) return record(await executeRun(deps, run, callable))
    const accepted = await record(run)
    const finishing = executeRun(deps, run, callable).then(record)
    track(finishing).catch(thrown =>
      log.error({ err: thrown, run: run.name }, 'an asynchronous run could not be recorded'),
    )
    return accepted
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
