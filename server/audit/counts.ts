/** Equal entries of a while, told once at once and then together: nobody fills the log by asking the same again and again. */
import type { AuditEntry } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'

/** Of so many requests; the other members are of the last one. */
export interface CountedEntry extends AuditEntry {
  /** When it was answered. */
  timeNs: bigint
  count: number
}

export interface Counts {
  add(entry: AuditEntry): void
  /** Tells what was counted since it was told last. */
  flush(): void
}

export interface CountsOptions {
  clock: Clock
  tell(entry: CountedEntry): void
  /** Further ones are told without their names, and as many again later by operation and result alone, as `various`. */
  maxDifferent: number
}

const withoutName = (entry: AuditEntry): AuditEntry => ({ ...entry, name: '' })
const withoutAll = (entry: AuditEntry): AuditEntry => ({
  ...withoutName(entry),
  kind: 'various',
  user: '',
  peer: '',
  org: '',
})

const keyOf = ({ kind, user, peer, operation, org, name, status }: AuditEntry): string =>
  `${operation}\n${status}\n${kind}\n${user}\n${peer}\n${org}\n${name}`

export function createCounts({ clock, tell, maxDifferent }: CountsOptions): Counts {
  let counted = new Map<string, CountedEntry>()
  const begin = (key: string, entry: AuditEntry): void => {
    const timeNs = clock.nowNs()
    tell({ ...entry, timeNs, count: 1 })
    counted.set(key, { ...entry, timeNs, count: 0 })
  }
  const isCounted = (entry: AuditEntry, limit: number): boolean => {
    const key = keyOf(entry)
    const known = counted.get(key)
    if (known) {
      known.count += 1
      known.timeNs = clock.nowNs()
      known.requestId = entry.requestId
    } else if (counted.size < limit) begin(key, entry)
    return known !== undefined || counted.has(key)
  }
  const add = (entry: AuditEntry): void => {
    if (isCounted(entry, maxDifferent) || isCounted(withoutName(entry), 2 * maxDifferent)) return
    isCounted(withoutAll(entry), Number.POSITIVE_INFINITY)
  }
  return {
    add,
    flush: () => {
      const due = counted
      counted = new Map()
      for (const entry of due.values()) if (entry.count > 0) tell(entry)
    },
  }
}
