/** Shares the machine's workers among the functions: up to a number of them, in turn when all are taken. */

/** What a function says and does when workers are short. */
export interface Claimant {
  /** The place that it stood in line for is its own; false: it has no use for it any more. */
  granted(): boolean
  /** Since when it has had an idle worker that it could give up; undefined: it has none. */
  readonly idleSinceMs: number | undefined
  /** Ends an idle worker; its place is released when it is gone. */
  retireIdle(): void
}

/** The places of one function. */
export interface Places {
  /** Takes a place for a worker; false: none is free, and the function stands in line for one. */
  claim(): boolean
  /** Takes a place if one is free: what no call waits for stands in nobody's way. */
  takeFree(): boolean
  /** A worker is gone. */
  release(): void
  /** Stands in line no more. */
  withdraw(): void
  /** Whether a worker that could take its function's next call should make room for another function instead. */
  mustYield(): boolean
  /** The worker whose place is to go to another function is ended; `release` follows. */
  yielding(): void
  /** Without those that are on their way to somebody else. */
  readonly kept: number
}

export interface Share {
  join(claimant: Claimant): Places
  /** The function has no place and wants none any more. */
  leave(places: Places): void
  /** Somebody stands in line. */
  readonly contested: boolean
  /** An idle worker may have turned up: for whoever stands in line. */
  reclaim(): void
  readonly taken: number
}

interface Member extends Places {
  claimant: Claimant
  held: number
  /** Of those held, how many are on their way to somebody else. */
  leaving: number
}

export function createShare(maxWorkers: number): Share {
  const members = new Set<Member>()
  const line = new Set<Member>()
  let taken = 0
  let leaving = 0

  /** The last free place is for a function that has none: it need not wait until somebody's long call has ended. */
  const mayHold = ({ held }: Member): boolean => taken < maxWorkers - Math.min(held, 1)

  /** Afterwards nobody stands in line who may have a place. */
  function grant(): void {
    for (;;) {
      const next = pickNext([...line].filter(mayHold))
      if (!next) return
      // Who wants more stands in line again, at its end.
      line.delete(next)
      hold(next)
      if (!next.claimant.granted()) letGo(next)
    }
  }

  /** The one that has least; among equals the one that has stood in line longest. */
  function pickNext(candidates: Iterable<Member>): Member | undefined {
    let next: Member | undefined
    for (const member of candidates) if (!next || member.kept < next.kept) next = member
    return next
  }

  function hold(member: Member): void {
    taken += 1
    member.held += 1
  }

  function letGo(member: Member): void {
    taken -= 1
    member.held -= 1
    if (member.leaving === 0) return
    member.leaving -= 1
    leaving -= 1
  }

  function markLeaving(member: Member): void {
    member.leaving += 1
    leaving += 1
  }

  function reclaim(): void {
    while (line.size > leaving) {
      const victim = pickVictim()
      if (!victim) return
      markLeaving(victim)
      victim.claimant.retireIdle()
    }
  }

  /** First those that keep another worker; among equals the one that has been idle longest. */
  function pickVictim(): Member | undefined {
    const idle = [...members].filter(({ kept, claimant }) => kept > 0 && claimant.idleSinceMs !== undefined)
    const rank = ({ kept }: Member) => Number(kept === 1)
    const sinceMs = ({ claimant }: Member) => claimant.idleSinceMs ?? 0
    return idle.sort((one, other) => rank(one) - rank(other) || sinceMs(one) - sinceMs(other))[0]
  }

  function join(claimant: Claimant): Member {
    const member: Member = {
      claimant,
      held: 0,
      leaving: 0,
      get kept() {
        return member.held - member.leaving
      },
      takeFree: () => {
        if (!mayHold(member)) return false
        hold(member)
        return true
      },
      claim: () => {
        if (member.takeFree()) return true
        line.add(member)
        reclaim()
        return false
      },
      release: () => {
        letGo(member)
        grant()
        // It may have become the last free one, which whoever still waits may not have.
        if (line.size > 0) reclaim()
      },
      withdraw: () => void line.delete(member),
      mustYield: () => {
        const next = pickNext(line)
        if (!next || line.size <= leaving) return false
        // One more than the other may stay, or the place would change hands for ever; but nobody is left with nothing.
        return member.kept > next.kept + 1 || (next.kept === 0 && member.kept > 0 && next !== member)
      },
      yielding: () => markLeaving(member),
    }
    members.add(member)
    return member
  }

  return {
    join,
    leave: places => {
      for (const member of members) if (member === places) members.delete(member)
      for (const member of line) if (member === places) line.delete(member)
    },
    get contested() {
      return line.size > 0
    },
    reclaim,
    get taken() {
      return taken
    },
  }
}
