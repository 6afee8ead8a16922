/** The log of runs in memory. */
import {
  maxListedBytes,
  maxListedChanges,
  maxListedRuns,
  type RunOwner,
  type RunPosition,
  type RunQuery,
  type RunRecord,
  type RunStore,
} from './port.ts'
import { compareBytes, modifiedAfterNs } from './write.ts'

export function createMemoryRuns(): RunStore {
  const runs = new Map<string, RunRecord>()
  /** Ids of functions whose runs nobody sees. */
  const forgotten = new Set<string>()
  const isKept = ({ functionId }: RunRecord): boolean => !forgotten.has(functionId)
  const select = (keep: (run: RunRecord) => boolean): RunRecord[] =>
    [...runs.values()]
      .filter(keep)
      .sort(newestFirst)
      .map(run => ({ ...run }))
  const remove = (gone: RunRecord[]): number => {
    for (const { name } of gone) runs.delete(name)
    return gone.length
  }
  return {
    put: async run => {
      runs.set(run.name, { ...run })
    },
    begin: async run => {
      if (runs.get(run.name)?.status !== 'INITIALIZED') return false
      runs.set(run.name, { ...run })
      return true
    },
    get: async (org, name) => {
      const run = runs.get(name)
      return run?.org === org && isKept(run) ? { ...run } : undefined
    },
    list: async query => {
      const selectKept: Select = keep => select(run => isKept(run) && keep(run))
      return cutToSize(selectKept(createFilter(query, selectKept)), query)
    },
    waiting: async () => {
      const waiting = select(run => isKept(run) && run.status === 'INITIALIZED').reverse()
      return waiting.map(({ name, org, functionName, functionId }) => ({ name, org, functionName, functionId }))
    },
    begun: async limit =>
      select(run => isKept(run) && run.status === 'CREATING')
        .reverse()
        .slice(0, limit),
    forgetFunction: async ({ functionId, isGone, ...owner }) => {
      forgotten.add(functionId)
      if (!isGone) return
      remove(select(run => run.functionId === functionId && isOf(run, owner)))
      forgotten.delete(functionId)
    },
    sweepForgotten: async () => false,
    nextOwner: async after => {
      const owners = [...runs.values()].map(({ org, functionName }) => ({ org, functionName })).sort(compareOwners)
      return owners.find(owner => !after || compareOwners(owner, after) > 0)
    },
    executedNs: async (owner, { skip, upToNs }) =>
      select(run => isOf(run, owner) && run.executedNs <= upToNs)[skip]?.executedNs,
    removeEnded: async (owner, { executedNs, limit }) => {
      const isGone = (run: RunRecord) => isOf(run, owner) && run.executedNs < executedNs && hasEnded(run)
      return remove(select(isGone).reverse().slice(0, limit))
    },
  }
}

const hasEnded = ({ status }: RunRecord): boolean => status !== 'INITIALIZED' && status !== 'CREATING'
const isOf = (run: RunRecord, { org, functionName }: RunOwner): boolean =>
  run.org === org && run.functionName === functionName
const compareOwners = (a: RunOwner, b: RunOwner): number =>
  compareBytes(a.org, b.org) || compareBytes(a.functionName, b.functionName)

type Select = (keep: (run: RunRecord) => boolean) => RunRecord[]

function createFilter(query: RunQuery, select: Select): (run: RunRecord) => boolean {
  const { org, functionName, ended = false, before, after } = query
  const afterNs = modifiedAfterNs(query.sinceSeconds)
  const isMeant = (run: RunRecord) =>
    run.org === org && (functionName === undefined || run.functionName === functionName) && (!ended || hasEnded(run))
  const recent = afterNs === undefined ? undefined : recentNames(select(isMeant), afterNs)
  return run =>
    isMeant(run) &&
    (before === undefined || newestFirst(run, before) > 0) &&
    (after === undefined || newestFirst(run, after) < 0) &&
    (recent === undefined || recent.has(run.name))
}

function recentNames(runs: RunRecord[], afterNs: bigint): Set<string> {
  const modified = runs.filter(run => run.modifiedNs > afterNs)
  const latest = modified.sort((a, b) => Number(b.modifiedNs - a.modifiedNs)).slice(0, maxListedChanges)
  return new Set(latest.map(({ name }) => name))
}

/** Both bounds count from the place that was named; what comes next to `after` is the oldest. */
function cutToSize(newest: RunRecord[], { after, limit = maxListedRuns }: RunQuery): RunRecord[] {
  const inOrder = after ? newest.toReversed() : newest
  const kept: RunRecord[] = []
  let bytes = 0
  for (const run of inOrder.slice(0, limit)) {
    kept.push(run)
    bytes += run.body.length
    if (bytes >= maxListedBytes) break
  }
  return after ? kept.reverse() : kept
}

function newestFirst(a: RunPosition, b: RunPosition): number {
  if (a.executedNs !== b.executedNs) return a.executedNs < b.executedNs ? 1 : -1
  return compareBytes(b.name, a.name)
}
