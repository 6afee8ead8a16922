/** Runs that nobody waits for: stored when they are accepted, marked before they are begun, executed when it is their turn. */
import { setTimeout as pause } from 'node:timers/promises'
import { planRetryMs } from '../core/backoff.ts'
import type { Clock } from '../core/clock.ts'
import { busyError, isEntry, messageOf } from '../core/errors.ts'
import { BusyError, type Execution, type RunError } from '../core/execution.ts'
import type { CallableFunction, FunctionReader, Log } from '../core/ports.ts'
import type { RunRecord, RunStore, WaitingRun } from '../store/port.ts'
import { failRun } from './execute.ts'
import type { Performer } from './perform.ts'
import { createRunQueue, type RunQueueOptions } from './queue.ts'
import { parseRun, type Run, renderRun, toRecord } from './schema.ts'
import type { RunTally } from './tally.ts'

export interface AsyncRunDependencies {
  functions: FunctionReader
  runs: RunStore
  performer: Performer
  tally: Pick<RunTally, 'count'>
  execution: Pick<Execution, 'concurrencyOf'>
  clock: Clock
  log: Log
  /** How many runs may wait. */
  maxWaiting: number
}

export interface AsyncRuns {
  /** Resolves with the run's JSON when it is on disk; DispatchError BUSY when too many wait. */
  accept(run: Run): Promise<string>
  /** Takes up what was waiting when the server stopped; returns how many there were. */
  restore(): Promise<number>
  /** What is not begun stays for the next start; resolves when what is begun has ended. */
  stop(): Promise<void>
  readonly waiting: number
  readonly active: number
}

const maxActive = 64
const maxActiveInAll = 4 * maxActive
/** And no more than it answers at once: what waits in the engine is begun as far as the store knows. */
const maxActiveOfFunction = 8
const busySeconds = 5
/** For functions that are not ready, and for a store that does not answer. */
const retryMs = 1000

const render = (run: Run): RunRecord => toRecord(run, renderRun(run))

export function createAsyncRuns(deps: AsyncRunDependencies): AsyncRuns {
  const { functions, runs, performer, tally, execution, clock, log, maxWaiting } = deps
  let accepting = 0
  let stopped = false

  /** For a run that was begun: what became of it is kept until there is room for it. A stop leaves the run CREATING. */
  const recordAtLast = async (record: RunRecord): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await runs.put(record)
      } catch (thrown) {
        log.error({ run: record.name, cause: messageOf(thrown) }, 'a run that has ended could not be recorded')
        if (stopped) throw thrown
        await pause(planRetryMs(failures), undefined, { ref: false })
      }
    }
  }

  const perform = async (run: Run, callable: CallableFunction): Promise<number | undefined> => {
    try {
      // What is begun now could only be told that the server stops.
      if (stopped) throw new BusyError('the server stops', 0)
      await performer.perform(run, callable, { record: recordAtLast, isRepeated: true })
    } catch (thrown) {
      if (thrown instanceof BusyError) {
        await recordAtLast(render({ ...run, status: 'INITIALIZED' }))
        return thrown.retryAfterSeconds * 1000
      }
      log.error({ err: thrown, run: run.name }, 'an asynchronous run failed')
      const error: RunError = { type: 'SystemError', message: messageOf(thrown), stacktrace: null }
      const failed = failRun({ ...run, finishedNs: clock.nowNs() }, error)
      await recordAtLast(render(failed))
      tally.count(failed, callable.revision.language)
    }
  }

  const begin = async ({ org, name }: WaitingRun, callable: CallableFunction): Promise<number | undefined> => {
    const record = await runs.get(org, name)
    if (record?.status !== 'INITIALIZED') return undefined
    const faasId = callable.revision.revisionId
    const run: Run = { ...parseRun(record), faasId, status: 'CREATING', begunNs: clock.nowNs() }
    if (!(await runs.begin(render(run)))) return undefined
    return perform(run, callable)
  }

  /** A function that is gone, or another one of its name, has taken its runs along. */
  const takeTurn: RunQueueOptions['takeTurn'] = async (waiting, mayHave) => {
    const { org, functionName, functionId } = waiting
    try {
      const callable = await functions.find(org, functionName)
      mayHave(execution.concurrencyOf(callable.revision))
      const isSame = callable.revision.functionId === functionId
      return await (isSame ? begin(waiting, callable) : Promise.resolve(undefined)).finally(callable.release)
    } catch (thrown) {
      if (isEntry(thrown, 'NOT_FOUND')) return undefined
      if (!isEntry(thrown, 'NOT_READY'))
        log.error({ run: waiting.name, cause: messageOf(thrown) }, 'a run could not be begun; it is tried again')
      return retryMs
    }
  }

  const queue = createRunQueue({ takeTurn, maxActive, maxActiveInAll, maxActiveOfFunction })

  return {
    accept: async run => {
      if (queue.waiting + accepting >= maxWaiting) throw busyError(`${maxWaiting} runs wait already`, busySeconds)
      accepting += 1
      try {
        const record = render(run)
        await runs.put(record)
        // Not the run itself: with what it holds, all that wait would fill the memory.
        const { name, org, functionName, functionId } = run
        queue.add({ name, org, functionName, functionId })
        return record.body
      } finally {
        accepting -= 1
      }
    },
    restore: async () => {
      const waiting = await runs.waiting()
      for (const run of waiting) queue.add(run)
      return waiting.length
    },
    stop: () => {
      stopped = true
      return queue.stop()
    },
    get waiting() {
      return queue.waiting
    },
    get active() {
      return queue.active
    },
  }
}
