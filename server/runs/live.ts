/** The runs that are under way, and those who follow what they print. */
import type { Clock } from '../core/clock.ts'
import { busyError, dispatchError } from '../core/errors.ts'
import type { Execution, LogStream } from '../core/execution.ts'
import type { RunOwner } from '../store/port.ts'
import { type LogEvent, nothingTold, planRest, type ToldLines } from './log-events.ts'
import type { Run } from './schema.ts'

export type NamedRun = Pick<Run, 'name' | 'org' | 'functionName'>

export interface Follower {
  wants(run: NamedRun): boolean
  tell(event: LogEvent): void
  /** Nothing more comes of the run, whether or not its end was told. */
  over(run: NamedRun): void
  /** The function is gone, and each of its runs that was under way is over. */
  gone(owner: RunOwner): void
  /** Nothing more comes at all. */
  close(): void
}

export interface LiveRuns {
  begin(run: Run): void
  /** To be called when the run is recorded, with what was recorded; without it when there will be no record. Repeated, harmless. */
  end(name: string, finished?: Run): void
  /** Instead of `end` for a run that is begun again later: who follows it goes on waiting for it. */
  putBack(name: string): void
  find(name: string): NamedRun | undefined
  /** Tells all lines of the runs that are under way and of those that come. DispatchError BUSY when too many follow, or DRAINING. */
  follow(follower: Follower): () => void
  /** To be called when the function has been cleared away. */
  functionGone(owner: RunOwner): void
  /** Lets every follower go, and takes no other. */
  close(): void
  readonly stats: { underWay: number; followers: number }
}

interface UnderWay {
  run: Run
  /** Known only while somebody follows. */
  told: Record<LogStream, string[]> | undefined
  stop(): void
}

const retrySeconds = 5

export interface LiveOptions {
  execution: Pick<Execution, 'follow'>
  clock: Clock
  maxFollowers: number
}

export function createLiveRuns({ execution, clock, maxFollowers }: LiveOptions): LiveRuns {
  const runs = new Map<string, UnderWay>()
  const followers = new Set<Follower>()
  let closed = false

  const followersOf = (run: Run): Follower[] => [...followers].filter(follower => follower.wants(run))

  function watch(each: UnderWay): void {
    if (each.told) return
    const { run } = each
    const told: Record<LogStream, string[]> = { stdout: [], stderr: [] }
    const stop = execution.follow(run.name, (stream, lines) => {
      const first = told[stream].length + 1
      for (const line of lines) told[stream].push(line)
      const event: LogEvent = { type: 'lines', run: run.name, stream, first, lines, timeNs: clock.nowNs() }
      for (const follower of followersOf(run)) follower.tell(event)
    })
    each.told = told
    each.stop = () => {
      stop()
      each.told = undefined
    }
  }

  function tellSoFar(follower: Follower, run: Run, told: ToldLines): void {
    const soFar = planRest(run.name, { logs: told, told: nothingTold, timeNs: clock.nowNs() })
    for (const event of soFar) follower.tell(event)
  }

  function end(name: string, finished?: Run): void {
    const each = runs.get(name)
    if (!each) return
    runs.delete(name)
    if (followers.size === 0) return
    const { run, told = nothingTold } = each
    each.stop()
    const timeNs = finished?.finishedNs ?? clock.nowNs()
    const events: LogEvent[] = finished ? planRest(name, { logs: finished.logs, told, timeNs }) : []
    if (finished) events.push({ type: 'end', run: name, status: finished.status, timeNs })
    for (const follower of followersOf(run)) {
      for (const event of events) follower.tell(event)
      follower.over(run)
    }
  }

  return {
    begin: run => {
      const each: UnderWay = { run, told: undefined, stop: () => undefined }
      runs.set(run.name, each)
      if (followers.size > 0 && followersOf(run).length > 0) watch(each)
    },
    end,
    putBack: name => {
      runs.get(name)?.stop()
      runs.delete(name)
    },
    find: name => runs.get(name)?.run,
    follow: follower => {
      if (closed) throw dispatchError('DRAINING', {})
      if (followers.size >= maxFollowers) throw busyError(`${maxFollowers} readers follow logs already`, retrySeconds)
      followers.add(follower)
      for (const each of runs.values()) {
        if (!follower.wants(each.run)) continue
        if (each.told) tellSoFar(follower, each.run, each.told)
        else watch(each)
      }
      return () => {
        if (!followers.delete(follower)) return
        for (const each of runs.values()) if (each.told && followersOf(each.run).length === 0) each.stop()
      }
    },
    functionGone: owner => {
      for (const follower of followers) follower.gone(owner)
    },
    close: () => {
      closed = true
      for (const follower of followers) follower.close()
    },
    get stats() {
      return { underWay: runs.size, followers: followers.size }
    },
  }
}
