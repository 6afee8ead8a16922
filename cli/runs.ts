/** Owns the order of runs and their table, which goes on growing under --follow. */
import { Failure } from './failure.ts'
import { renderNanoseconds, type Zone } from './format/dates.ts'
import { createGrowingTable } from './format/growing-table.ts'
import { integerOf, type Json, objectOf, textOf } from './format/json.ts'
import { renderTable, type Table } from './format/table.ts'

const idPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Of a single word where a function or a run may be named. */
export const isRunId = (word: string): boolean => idPattern.test(word)

const nanoseconds = (run: Json, key: string) => integerOf(objectOf(run)[key])
const word = (run: Json, key: string) => textOf(objectOf(run)[key])
const descending = (key: string) => (left: Json, right: Json) =>
  nanoseconds(right, key) > nanoseconds(left, key) ? 1 : nanoseconds(right, key) < nanoseconds(left, key) ? -1 : 0
const ascending = (key: string) => (left: Json, right: Json) =>
  word(left, key) < word(right, key) ? -1 : word(left, key) > word(right, key) ? 1 : 0

const orders = {
  started: descending('executedTime'),
  finished: descending('finishedTime'),
  function: ascending('functionName'),
  status: ascending('status'),
}
export type RunOrder = keyof typeof orders

export function parseRunOrder(text: string): RunOrder {
  for (const order of ['started', 'finished', 'function', 'status'] as const) if (order === text) return order
  throw new Failure(`cannot sort runs by ${JSON.stringify(text)}: use ${Object.keys(orders).join(', ')}`)
}

export const sortRuns = (runs: readonly Json[], order: RunOrder): Json[] => [...runs].sort(orders[order])
export const newestRun = (runs: readonly Json[]): Json[] => sortRuns(runs, 'started').slice(0, 1)

export interface RunTable {
  /** When followed, titles the first time only, and columns at least as wide as before. */
  render(runs: Json): string
  remember(runs: Json): void
  /** The runs that are new or have another status than before. */
  onlyNews(runs: readonly Json[]): Json[]
}

const planTable = (runs: Json, zone: Zone): Table => ({
  titles: ['ID', 'FUNCTION', 'STATUS', 'STARTED', 'FINISHED'],
  rows: (Array.isArray(runs) ? runs : [runs]).map(run => [
    word(run, 'name'),
    word(run, 'functionName'),
    word(run, 'status'),
    renderNanoseconds(nanoseconds(run, 'executedTime'), zone),
    renderNanoseconds(nanoseconds(run, 'finishedTime'), zone),
  ]),
})

export interface RunTableOptions {
  readonly zone: Zone
  readonly colored: boolean
  readonly isFollowed: boolean
}

export function createRunTable({ zone, colored, isFollowed }: RunTableOptions): RunTable {
  const table = isFollowed ? createGrowingTable() : { render: renderTable }
  const statusOf = new Map<string, string>()
  const remember = (runs: Json) => {
    for (const run of Array.isArray(runs) ? runs : [runs]) statusOf.set(word(run, 'name'), word(run, 'status'))
  }
  return {
    render: runs => table.render({ ...planTable(runs, zone), colored }),
    remember,
    onlyNews(runs) {
      const news = runs.filter(run => statusOf.get(word(run, 'name')) !== word(run, 'status'))
      remember(news)
      return news
    },
  }
}
