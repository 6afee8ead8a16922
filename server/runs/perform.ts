/** A run while it is under way: executed, told to those who follow it, recorded, counted. */
import { BusyError } from '../core/execution.ts'
import type { CallableFunction } from '../core/ports.ts'
import type { RunRecord } from '../store/port.ts'
import { type ExecuteDependencies, executeRun } from './execute.ts'
import type { LiveRuns } from './live.ts'
import { type Run, renderRun, toRecord } from './schema.ts'
import type { RunTally } from './tally.ts'

export interface PerformDependencies extends ExecuteDependencies {
  live: Pick<LiveRuns, 'begin' | 'putBack' | 'end'>
  tally: Pick<RunTally, 'count'>
}

/** How a run is stored when it has ended. */
export type Recording = (run: RunRecord) => Promise<void>

export interface Performer {
  /**
   * Resolves with the run's JSON once it is recorded; rejects when it was not executed or could not be recorded.
   * With BusyError a run that nobody awaits is to be performed again.
   */
  perform(run: Run, callable: CallableFunction, record: Recording): Promise<string>
}

export function createPerformer(deps: PerformDependencies): Performer {
  const { live, tally } = deps
  return {
    perform: async (run, callable, record) => {
      live.begin(run)
      try {
        const finished = await executeRun(deps, run, callable)
        const body = renderRun(finished)
        await record(toRecord(finished, body))
        tally.count(finished, callable.revision.language)
        live.end(run.name, finished)
        return body
      } catch (thrown) {
        if (thrown instanceof BusyError && !run.blocking) live.putBack(run.name)
        throw thrown
      } finally {
        live.end(run.name)
      }
    },
  }
}
