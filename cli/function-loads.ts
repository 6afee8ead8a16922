/** Owns what `top` computes of runs: for each function how often it was called, failed, and how long it took. Pure. */
import { integerOf, type JsonObject, textOf } from './format/json.ts'

export interface FunctionLoad {
  readonly name: string
  readonly calls: number
  readonly errors: number
  readonly underWay: number
  /** Of the calls that have ended; undefined when none has. */
  readonly medianMs: number | undefined
  readonly p99Ms: number | undefined
}

/** Nearest rank. `sorted` is ascending. */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

function durationMs({ executedTime, finishedTime }: JsonObject): number | undefined {
  const [begin, end] = [integerOf(executedTime), integerOf(finishedTime)]
  return end > begin ? Number((end - begin) / 1000n) / 1000 : undefined
}

function measure(name: string, runs: readonly JsonObject[]): FunctionLoad {
  const count = (...wanted: string[]) => runs.filter(({ status }) => wanted.includes(textOf(status))).length
  const durations = runs.flatMap(run => durationMs(run) ?? []).sort((left, right) => left - right)
  return {
    name,
    calls: runs.length,
    errors: count('ERROR'),
    underWay: count('INITIALIZED', 'CREATING'),
    medianMs: percentile(durations, 0.5),
    p99Ms: percentile(durations, 0.99),
  }
}

/** The most called first; functions that were not called come too. */
export function measureFunctions(names: readonly string[], runs: readonly JsonObject[]): FunctionLoad[] {
  const runsOf = new Map<string, JsonObject[]>(names.map(name => [name, []]))
  for (const run of runs) {
    const name = textOf(run.functionName)
    const known = runsOf.get(name)
    if (known) known.push(run)
    else runsOf.set(name, [run])
  }
  const loads = [...runsOf].map(([name, own]) => measure(name, own))
  return loads.sort((left, right) => right.calls - left.calls || (left.name < right.name ? -1 : 1))
}
