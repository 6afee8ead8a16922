/** Whom headers of late proved, so that the next request with the same ones need not prove it again. */
import type { Proven } from './proof.ts'

export interface ProvenCache {
  /** What `header` proved and still proves; else what `prove` finds out now. */
  find(header: string, prove: () => Promise<Proven>): Proven | Promise<Proven>
  /** What is being found out meanwhile is not remembered either. */
  clear(): void
}

export interface CacheOptions {
  /** The ones used last are kept. */
  maxEntries: number
  /** Longer ones are not remembered: who is known must not fill the memory. */
  maxHeaderLength: number
  nowMs(): number
}

export function createProvenCache({ maxEntries, maxHeaderLength, nowMs }: CacheOptions): ProvenCache {
  let known = new Map<string, Proven>()

  const remember = (header: string, proven: Proven): void => {
    known.set(header, proven)
    const [oldest] = known.keys()
    if (known.size > maxEntries && oldest !== undefined) known.delete(oldest)
  }

  const learn = async (header: string, prove: () => Promise<Proven>): Promise<Proven> => {
    const asked = known
    const proven = await prove()
    if (asked === known && header.length <= maxHeaderLength) remember(header, proven)
    return proven
  }

  return {
    find: (header, prove) => {
      const found = known.get(header)
      if (found === undefined) return learn(header, prove)
      known.delete(header)
      if (found.untilMs <= nowMs()) return learn(header, prove)
      known.set(header, found)
      return found
    },
    clear: () => {
      known = new Map()
    },
  }
}
