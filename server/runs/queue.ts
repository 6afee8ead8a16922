/** Whose turn it is among the runs that wait: in order within a function, in turns between functions, never too many at once. */
import type { WaitingRun } from '../store/port.ts'

export interface RunQueueOptions {
  /**
   * Does what the run's turn brings. Resolves with a time in milliseconds when the function cannot take more for so long: the
   * run goes back to its place then. `mayHave` is to be told how many runs of the function may be active: until it is known, one.
   */
  takeTurn(run: WaitingRun, mayHave: (count: number) => void): Promise<number | undefined>
  /** Holds for functions that have a run active: one that has none waits for no other function's to end. */
  maxActive: number
  /** Holds for all: what active runs hold is in memory. */
  maxActiveInAll: number
  /** Whatever `takeTurn` tells. */
  maxActiveOfFunction: number
}

export interface RunQueue {
  add(run: WaitingRun): void
  /** Ends all turns but those under way, and resolves when these have ended. */
  stop(): Promise<void>
  readonly waiting: number
  readonly active: number
}

interface Entry {
  run: WaitingRun
  number: number
}

interface Lane {
  functionId: string
  entries: Entry[]
  active: number
  maxActive: number
  rest: NodeJS.Timeout | undefined
}

export function createRunQueue({ takeTurn, ...limits }: RunQueueOptions): RunQueue {
  const lanes = new Map<string, Lane>()
  /** Lanes that may have the next turn, the one that waited longest first. */
  const turns = new Set<Lane>()
  const active = new Set<Promise<void>>()
  let waiting = 0
  let lastNumber = 0
  let stopped = false

  const laneOf = (functionId: string): Lane => {
    const lane = lanes.get(functionId) ?? { functionId, entries: [], active: 0, maxActive: 1, rest: undefined }
    lanes.set(functionId, lane)
    return lane
  }

  const putBack = (lane: Lane, entry: Entry): void => {
    const place = lane.entries.findIndex(({ number }) => number > entry.number)
    lane.entries.splice(place < 0 ? lane.entries.length : place, 0, entry)
    waiting += 1
  }

  const rest = (lane: Lane, pauseMs: number): void => {
    if (stopped) return
    clearTimeout(lane.rest)
    lane.rest = setTimeout(() => {
      lane.rest = undefined
      settle(lane)
    }, pauseMs)
  }

  const turn = async (lane: Lane, entry: Entry): Promise<void> => {
    const pauseMs = await takeTurn(entry.run, count => {
      lane.maxActive = Math.min(count, limits.maxActiveOfFunction)
      settle(lane)
    })
    lane.active -= 1
    if (pauseMs === undefined) return
    putBack(lane, entry)
    rest(lane, pauseMs)
  }

  /** To be called whenever something about the lane has changed. */
  const settle = (lane: Lane): void => {
    if (lane.entries.length === 0 && lane.active === 0 && !lane.rest) lanes.delete(lane.functionId)
    const mayGo = lane.entries.length > 0 && lane.active < lane.maxActive && !lane.rest
    if (!mayGo) turns.delete(lane)
    else turns.add(lane)
    pump()
  }

  const pump = (): void => {
    for (const lane of turns) {
      if (stopped) return
      if (active.size >= (lane.active > 0 ? limits.maxActive : limits.maxActiveInAll)) continue
      // Behind all others, where this same loop finds it again once these have had their turn.
      turns.delete(lane)
      const entry = lane.entries.shift()
      if (!entry) continue
      waiting -= 1
      lane.active += 1
      if (lane.entries.length > 0 && lane.active < lane.maxActive) turns.add(lane)
      const ended = turn(lane, entry).finally(() => {
        active.delete(ended)
        settle(lane)
      })
      active.add(ended)
    }
  }

  return {
    add: run => {
      const lane = laneOf(run.functionId)
      lastNumber += 1
      lane.entries.push({ run, number: lastNumber })
      waiting += 1
      settle(lane)
    },
    stop: async () => {
      stopped = true
      for (const lane of lanes.values()) clearTimeout(lane.rest)
      await Promise.all(active)
    },
    get waiting() {
      return waiting
    },
    get active() {
      return active.size
    },
  }
}
