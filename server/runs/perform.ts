/** A run while it is under way: executed, told to those who follow it, recorded, counted. */
import { BusyError, type Outcome } from '../core/execution.ts'
import type { RunRecord } from '../store/port.ts'
import { type Callee, type ExecuteDependencies, executeRun } from './execute.ts'
import type { LiveRuns } from './live.ts'
import { type Run, renderRun, toRecord } from './schema.ts'
import type { RunTally } from './tally.ts'

export interface PerformDependencies extends ExecuteDependencies {
  live: Pick<LiveRuns, 'begin' | 'putBack' | 'end'>
  tally: Pick<RunTally, 'count'>
}

export interface PerformOptions {
  /** How the run is stored when it has ended. */
  record(run: RunRecord): Promise<void>
  /** With BusyError it is performed again later: who follows it goes on waiting. */
  isRepeated: boolean
}

export interface Performed {
  outcome: Outcome
  /** The run's JSON. */
  body: string
}

export interface Performer {
  /**
   * Resolves once the run has ended and is recorded; rejects when it was not executed, as with BusyError, or could not be
   * recorded.
   */
  perform(run: Run, callable: Callee, options: PerformOptions): Promise<Performed>
}

export function createPerformer(deps: PerformDependencies): Performer {
  const { live, tally } = deps
  return {
    perform: async (run, callable, { record, isRepeated }) => {
      live.begin(run)
      try {
        const { finished, outcome } = await executeRun(deps, run, callable)
        const body = renderRun(finished)
        await record(toRecord(finished, body))
        tally.count(finished, callable.revision.language)
        live.end(run.name, finished)
        return { outcome, body }
      } catch (thrown) {
        if (thrown instanceof BusyError && isRepeated) live.putBack(run.name)
        throw thrown
      } finally {
        live.end(run.name)
      }
    },
  }
}
