/** The vault's keys: the one that seals, and former ones that open what they have sealed. */
import type { SealKey } from './key.ts'

/** The first seals. */
export type Keys = readonly [SealKey, ...SealKey[]]

export interface KeyRing {
  current(): SealKey
  find(id: string): SealKey | undefined
  ids(): string[]
  /** For messages. */
  place: string
  /** Others count from the moment when they are kept for good. Absent when the keys come from somebody else. */
  replace?(keys: Keys): Promise<void>
}

export interface KeyPlace {
  name: string
  /** Resolves when they are on disk; absent when that is for others to do. */
  keep?(keys: Keys): Promise<void>
}

export function createKeyRing(first: Keys, { name, keep }: KeyPlace): KeyRing {
  let keys = first
  return {
    place: name,
    current: () => keys[0],
    find: id => keys.find(key => key.id === id),
    ids: () => keys.map(({ id }) => id),
    ...(keep && {
      replace: async others => {
        await keep(others)
        keys = others
      },
    }),
  }
}
