/** Counts runs that have ended, by language and by how they ended. */
import type { RunErrorType } from '../core/execution.ts'
import { createTally, type Tallied, type Tally } from '../core/tally.ts'
import type { Run } from './schema.ts'

export type RunOutcome = 'READY' | RunErrorType

export interface LanguageTally {
  language: string
  outcomes: Readonly<Record<RunOutcome, number>>
  /** Seconds from the acceptance, or from its turn for a run that nobody awaits, to the record. */
  seconds: Tallied
}

export interface RunTally {
  count(finished: Run, language: string): void
  /** Since the start. */
  languages(): LanguageTally[]
}

const bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300]

interface Counting {
  language: string
  outcomes: Record<RunOutcome, number>
  seconds: Tally
}

export function createRunTally(): RunTally {
  const countings = new Map<string, Counting>()

  function open(language: string): Counting {
    const outcomes = { READY: 0, InputError: 0, FunctionError: 0, SystemError: 0 }
    const opened = { language, outcomes, seconds: createTally(bounds) }
    countings.set(language, opened)
    return opened
  }

  return {
    count: ({ error, executedNs, begunNs = executedNs, finishedNs = begunNs }, language) => {
      const counting = countings.get(language) ?? open(language)
      counting.outcomes[error?.type ?? 'READY'] += 1
      counting.seconds.add(Number(finishedNs - begunNs) / 1e9)
    },
    languages: () => [...countings.values()],
  }
}
